// What stands in a dashboard's widgets. Binds [data-widget-body], which asks for a picture of the size it has, and
// [data-refresh-widgets], which asks again.
import { $, $$ } from "../lib/dom.js";
import { refresh } from "../behaviors/live.js";

const FOOT = 30;

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const body = ctx.sourceElement;
  if (!body.matches?.("[data-widget-body]")) return;
  body.setAttribute("data-ui-asked", "");
  const url = new URL(ctx.request.action, location.href);
  url.searchParams.set("width", Math.floor(body.clientWidth));
  url.searchParams.set("height", Math.max(0, Math.floor(body.clientHeight) - FOOT));
  ctx.request.action = url.pathname + url.search;
});

// Not at htmx's own "load": that comes before this module knows how to measure.
function ask() {
  for (const body of $$("[data-widget-body]:not([data-ui-asked])")) body.dispatchEvent(new CustomEvent("draw"));
}

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.matches?.("[data-widget-body]")) ctx.sourceElement.removeAttribute("aria-busy");
  else ask();
});
document.addEventListener("DOMContentLoaded", ask);
ask();

let resized = 0;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => {
    for (const body of $$("[data-widget-body]:has(.drawn)")) {
      if (Math.abs($(".drawn", body).viewBox.baseVal.width - body.clientWidth) > 40) refresh(body);
    }
  }, 400);
});

// A widget that cannot be fetched says so in its place.
for (const kind of ["htmx:response:error", "htmx:error"]) document.addEventListener(kind, ({ detail: { ctx } }) => {
  const body = ctx?.sourceElement;
  if (!body?.matches?.("[data-widget-body]")) return;
  body.removeAttribute("aria-busy");
  body.textContent = "This could not be loaded. Press R to try again.";
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-refresh-widgets]")) for (const body of $$("[data-widget-body]")) refresh(body);
});
