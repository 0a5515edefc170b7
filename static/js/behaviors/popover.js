// Menus that a button opens by popovertarget: their place, their arrow keys, aria-expanded. Binds .menu[popover] (not #menu).
import { $, $$ } from "../lib/dom.js";
import { place } from "../lib/place.js";

const invoker = (popover) => $$(`[popovertarget="${CSS.escape(popover.id)}"]`).find((button) => button.checkVisibility());

document.addEventListener("toggle", ({ target, newState }) => {
  if (!target.matches?.(".menu[popover]") || target.id === "menu") return;
  const button = invoker(target);
  button?.setAttribute("aria-expanded", newState === "open");
  if (newState !== "open") return;
  if (button) place(target, button);
  $("[autofocus], [role^=menuitem]", target)?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const open = event.target.closest?.(".menu:popover-open:not(#menu)");
  if (!open || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const items = $$("a, button, input", open).filter((item) => !item.disabled && item.checkVisibility()), at = items.indexOf(document.activeElement);
  const next = { ArrowDown: items[at + 1] ?? items[0], ArrowUp: items[at - 1] ?? items.at(-1), Home: items[0], End: items.at(-1) }[event.key];
  event.preventDefault();
  next?.focus();
});

// A choice closes its menu.
document.addEventListener("click", ({ target }) => {
  const item = target.closest?.("[role=menuitem]");
  if (item) item.closest(".menu:popover-open")?.hidePopover();
});
