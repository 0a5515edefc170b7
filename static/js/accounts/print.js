// Prints the page. Binds data-print on a button.
import { on } from "../lib/dom.js";

on("click", "[data-print]", () => window.print());
