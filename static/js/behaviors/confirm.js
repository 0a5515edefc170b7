// Asks before it happens, in our own dialog. Binds data-confirm="Delete 3 issues?" on a link, button or form;
// data-confirm-text (what happens to the data), data-confirm-verb ("Delete 3 issues"), data-confirm-kind ("danger").
import { $ } from "../lib/dom.js";

const dialog = $("#confirm");
const agreed = new WeakSet();

function ask(element, goOn) {
  const { confirm, confirmText, confirmVerb, confirmKind } = element.dataset;
  const yes = $("[data-confirm-yes]", dialog);
  $("#confirm-title").textContent = confirm;
  $("#confirm-text").textContent = confirmText ?? "";
  yes.textContent = confirmVerb ?? "Go on";
  yes.classList.toggle("danger", confirmKind === "danger");
  dialog.returnValue = "";
  dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") goOn(); }, { once: true });
  dialog.showModal();
}

function stop(event, element, goOn) {
  if (!dialog || agreed.delete(element)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(element, () => { agreed.add(element); goOn(); });
}

document.addEventListener("click", (event) => {
  const element = event.target.closest?.("a[data-confirm], button[data-confirm]");
  if (element) stop(event, element, () => element.click());
}, true);

document.addEventListener("submit", (event) => {
  const { submitter, target } = event;
  if (target.matches("form[data-confirm]")) stop(event, target, () => target.requestSubmit(submitter));
}, true);
