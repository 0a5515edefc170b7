// Left and right in a tree of pages: [data-tree] around rows ([data-item]); a row's toggle has aria-expanded.
// Right opens a row, then goes to the first one below it; left closes it, then goes to the one above.
import { $, $$, modal, typing } from "../lib/dom.js";
import { pressOf } from "../lib/keys.js";
import { currentItem, moveTo } from "../behaviors/roving.js";

const rowOf = (branch) => branch && $(":scope > [data-item]", branch);

addEventListener("keydown", (event) => {
  const pressed = pressOf(event), item = currentItem();
  if (!["ArrowLeft", "ArrowRight"].includes(pressed) || !item?.closest("[data-tree]") || typing(event.target) || modal()) return;
  const inward = pressed === (getComputedStyle(item).direction === "rtl" ? "ArrowLeft" : "ArrowRight");
  const toggle = $("[aria-expanded]", item), open = toggle?.getAttribute("aria-expanded") === "true", branch = item.parentElement;
  const next = inward ? open && $$("[data-item]", branch)[1] : rowOf(branch.parentElement.closest("li"));
  event.preventDefault();
  if (toggle && open !== inward) toggle.click();
  else if (next) moveTo(next);
});
