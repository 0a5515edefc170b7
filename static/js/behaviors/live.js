// Pages that follow. Binds #heartbeat (asks for versions; silent while the page is hidden), the event
// moved {topics} (HX-Trigger), data-live="board-3" regions (hx-trigger="refresh"), data-extent-for="region id" with
// data-extent="name=value" (what the region asks for from now on), data-ui-held. Event in: region:released.
import { $, $$, typing } from "../lib/dom.js";
import { dirty } from "./morph.js";

const waiting = new Set();      // ids of regions that moved while they were held

/** Someone works in it: dragging, choosing, or writing something that is not sent. */
function held(region) {
  if (region.matches("[data-ui-held]") || $("[data-ui-held]", region)) return true;
  const focus = document.activeElement;
  return region.contains(focus) && typing(focus) && !focus.closest("[hx-morph-skip]") && (dirty(focus) || focus.isContentEditable);
}

export function refresh(region) {
  if (held(region)) return waiting.add(region.id);
  waiting.delete(region.id);
  return region.dispatchEvent(new CustomEvent("refresh"));
}

function catchUp() {
  for (const id of waiting) {
    const region = document.getElementById(id);
    if (region) refresh(region);
    else waiting.delete(id);
  }
}

document.addEventListener("moved", ({ detail }) => {
  for (const topic of detail.topics ?? []) for (const region of $$(`[data-live~="${CSS.escape(topic)}"]`)) refresh(region);
});
document.addEventListener("region:released", () => setTimeout(catchUp));
document.addEventListener("focusout", () => { if (waiting.size) setTimeout(catchUp); });

// The answer may come after someone took hold of it.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail, region = ctx.sourceElement;
  if (ctx.sourceEvent?.type !== "refresh" || !region.matches?.("[data-live]") || !held(region)) return;
  event.preventDefault();
  waiting.add(region.id);
});

document.addEventListener("htmx:before:request", (event) => {
  const heart = event.detail.ctx.sourceElement;
  if (heart.id === "heartbeat" && (document.hidden || heart.hasAttribute("data-ui-stopped"))) event.preventDefault();
});

// Signed out, or the list has expired: say so once and stop.
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.id !== "heartbeat" || ctx.response.status >= 500 || ctx.response.status === 429) return;
  ctx.sourceElement.setAttribute("data-ui-stopped", "");
  const banner = $("#outdated");
  if (banner) banner.hidden = false;
});

const wake = () => { if (!document.hidden) $("#heartbeat")?.dispatchEvent(new CustomEvent("wake")); };
document.addEventListener("visibilitychange", wake);
addEventListener("online", wake);
addEventListener("pageshow", ({ persisted }) => { if (persisted) wake(); });

function extents() {
  for (const mark of $$("[data-extent-for]")) {
    const region = document.getElementById(mark.dataset.extentFor);
    if (!region?.hasAttribute("hx-get")) continue;
    const url = new URL(region.getAttribute("hx-get"), location.href), [name, ...rest] = mark.dataset.extent.split("=");
    url.searchParams.set(name, rest.join("="));
    if (region.getAttribute("hx-get") !== url.pathname + url.search) region.setAttribute("hx-get", url.pathname + url.search);
  }
}
document.addEventListener("htmx:after:swap", extents);
extents();
