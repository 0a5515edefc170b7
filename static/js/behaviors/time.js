// Times that stay true while the page is open. Binds <time datetime data-relative>; in the words of app/web/filters.py.
// What is older than a day keeps the server's text, which knows the reader's own zone.
import { $$ } from "../lib/dom.js";

const MINUTE = 60, HOUR = 3600, DAY = 86_400;

/** "5 min ago", or null when the server's date stands. */
export function say(seconds) {
  if (seconds < 0 || seconds >= DAY) return null;
  if (seconds < MINUTE) return "just now";
  return seconds < HOUR ? `${Math.floor(seconds / MINUTE)} min ago` : `${Math.floor(seconds / HOUR)} h ago`;
}

function freshen() {
  for (const time of $$("time[data-relative][datetime]")) {
    const text = say((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (text && time.textContent !== text) time.textContent = text;
  }
}

document.addEventListener("htmx:after:swap", freshen);
setInterval(freshen, 30_000);
freshen();
