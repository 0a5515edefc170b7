// One listener for every key. Binds data-hotkey ("c", "Shift+C", "Mod+k", "g b"; several: "c, n"), data-hotkey-scope,
// data-hotkey-label, data-hotkey-group, <html data-keys="off">. The nearest scope around the focus or the current item
// wins ([data-item] is one), then the page.
import { $$, html, modal, typing, words } from "../lib/dom.js";
import { mac, caption, pressOf, sequences } from "../lib/keys.js";
import { currentItem } from "./roving.js";

const SCOPE = "[data-hotkey-scope], [data-item]";
const PATIENCE_MS = 1200;
let begun = "", begunAt = 0;

const owner = (control) => control.parentElement?.closest(SCOPE) ?? null;

function usable(control) {
  if (control.disabled || control.getAttribute("aria-disabled") === "true" || control.closest("[inert], #menu")) return false;
  return !control.parentElement.closest("[hidden], dialog:not([open])");
}

/** Scopes from the inside out; null is the page. */
function scopes() {
  const found = [];
  for (const start of [document.activeElement, currentItem()]) {
    for (let scope = start?.closest(SCOPE); scope; scope = scope.parentElement.closest(SCOPE)) if (!found.includes(scope)) found.push(scope);
  }
  return [...found, null];
}

/** The controls whose keys work now, nearest first. */
export function controls() {
  const order = scopes(), root = modal() ?? document;
  return $$("[data-hotkey]", root)
    .filter((control) => usable(control) && order.includes(owner(control)))
    .sort((one, other) => order.indexOf(owner(one)) - order.indexOf(owner(other)));
}

/** The same as data, for the sheet of keys and the palette. */
export const actions = () => controls().map((control) => ({
  control, keys: control.dataset.hotkey, label: words(control),
  group: control.closest("[data-hotkey-group]")?.dataset.hotkeyGroup ?? (owner(control)?.matches("[data-item]") ? "This item" : "This page"),
}));

export function press(control) {
  if (typing(control)) { control.focus(); control.select?.(); } else control.click();
}

function find(keys, target) {
  const fitting = controls().filter((control) => sequences(control.dataset.hotkey).includes(keys));
  const form = target.closest?.("form");
  return (form && fitting.find((control) => control.form === form)) ?? fitting[0];
}

const begins = (keys) => controls().some((control) => sequences(control.dataset.hotkey).some((whole) => whole.startsWith(`${keys} `)));

document.addEventListener("keydown", (event) => {
  const pressed = pressOf(event);
  if (!pressed || event.defaultPrevented || event.repeat || event.target.closest?.(".menu:popover-open, #palette")) return;
  const strong = pressed.startsWith("Mod+") || pressed === "Escape";
  if (!strong && (typing(event.target) || html.dataset.keys === "off")) return;

  const tries = begun && event.timeStamp - begunAt < PATIENCE_MS ? [`${begun} ${pressed}`, pressed] : [pressed];
  begun = "";
  for (const keys of tries) {
    const control = find(keys, event.target);
    if (control) {
      event.preventDefault();
      press(control);
      return;
    }
    if (!strong && begins(keys)) {
      event.preventDefault();
      [begun, begunAt] = [keys, event.timeStamp];
      return;
    }
  }
  // Ctrl+Enter sends the form one writes in, also where no button says so.
  if (pressed === "Mod+Enter" && event.target.matches("textarea") && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

// A Mac has other caps on its keys.
if (mac) {
  const recap = () => { for (const cap of $$("kbd[data-key*=Mod], kbd[data-key*=Alt]")) cap.textContent = caption(cap.dataset.key); };
  recap();
  document.addEventListener("htmx:after:swap", recap);
}
