// The browser's own time zone, for a form that asks. Binds input[data-timezone]; what the server wrote there stays.
import { $$ } from "../lib/dom.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const input of $$("input[data-timezone]")) if (zone && !input.value) input.value = zone;
