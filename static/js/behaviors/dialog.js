// The one dialog. Opens when something is swapped into #dialog; closes by the event close-dialog (HX-Trigger), Escape,
// a click beside it, or data-close. What was typed in it is kept by its draft, so it never asks.
import { $, $$, on } from "../lib/dom.js";
import { returnFocus } from "./roving.js";

const dialog = $("#dialog");

if (dialog) {
  document.addEventListener("htmx:after:settle", ({ target }) => {
    if (target !== dialog) return;
    if (!dialog.childElementCount) return dialog.close();
    const title = $("header, h1, h2", dialog);
    if (title) dialog.setAttribute("aria-label", title.textContent.trim());
    if (!dialog.open) dialog.showModal();
  });
  // Emptied only afterwards: a form that is still being answered must stay in the document.
  dialog.addEventListener("close", () => {
    if (!$(".htmx-request", dialog)) dialog.replaceChildren();
    if (document.activeElement === document.body) returnFocus();
  });
}

document.addEventListener("close-dialog", () => dialog?.close());
on("click", "[data-close]", (event, button) => button.closest("dialog")?.close());

let pressedOn = null;
document.addEventListener("pointerdown", ({ target }) => { pressedOn = target; });
document.addEventListener("click", ({ target, clientX, clientY }) => {
  if (target !== pressedOn || !$$("dialog:modal").includes(target)) return;
  const box = target.getBoundingClientRect();
  if (clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom) target.close();
});
