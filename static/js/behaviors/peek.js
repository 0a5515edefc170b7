// The panel beside a list. Binds data-peek (a link in an item; hx-get into the panel), data-peek-panel (its target, empty
// when shut), data-peek-close. While it is open it follows the current item.
import { $, modal, on, typing } from "../lib/dom.js";
import { currentItem, returnFocus } from "./roving.js";

const panel = () => $("[data-peek-panel]:not(:empty)");

function shut() {
  panel()?.replaceChildren();
  returnFocus();
}

on("click", "[data-peek-close]", (event) => { event.preventDefault(); shut(); });

let timer;
document.addEventListener("roving:moved", () => {
  clearTimeout(timer);
  if (panel()) timer = setTimeout(() => $("[data-peek]", currentItem() ?? undefined)?.click(), 120);
});

// On the window, so that a page's own data-hotkey comes first.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !panel() || modal() || typing(event.target) || $(".menu:popover-open")) return;
  event.preventDefault();
  shut();
});
