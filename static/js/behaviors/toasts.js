// The stack of toasts, #toasts. Each goes after 6 s (errors after 12), not while it is looked at. The newest one's
// data-undo button has the key z. Binds .toast, data-toast="error".
import { $, $$ } from "../lib/dom.js";

const stack = $("#toasts");
const STAY_MS = 6000, ERROR_MS = 12000, MOST = 4;

function watch(toast) {
  let left = toast.dataset.toast === "error" ? ERROR_MS : STAY_MS, last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (!stack.matches(":hover, :focus-within") && !document.hidden) left -= now - last;
    last = now;
    if (left > 0 && toast.isConnected) return;
    clearInterval(timer);
    toast.remove();
  }, 250);
}

/** In front of everything, also of a dialog that opened later. */
function raise() {
  if (!stack.childElementCount) return;
  if (stack.matches(":popover-open")) stack.hidePopover();
  stack.showPopover();
}

function arrived(toasts) {
  toasts.forEach(watch);
  for (const old of $$(".toast", stack).slice(0, -MOST)) old.remove();
  for (const button of $$("[data-undo]", stack).slice(0, -1)) button.removeAttribute("data-hotkey");
  raise();
}

if (stack) {
  stack.popover = "manual";
  stack.showPopover();
  arrived($$(".toast", stack));
  new MutationObserver((changes) => {
    const toasts = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".toast"));
    if (toasts.length) arrived(toasts);
  }).observe(stack, { childList: true });
  document.addEventListener("toggle", ({ target }) => { if (target.matches?.("dialog")) raise(); }, true);
  stack.addEventListener("click", ({ target }) => { const toast = target.closest("[data-undo]")?.closest(".toast"); if (toast) setTimeout(() => { toast.hidden = true; }); });
}
