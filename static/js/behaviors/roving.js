// The current item of a list or a board. Binds data-roving ("list" or "grid", on a container with an id), data-item
// (on items with an id), data-open and data-peek (inside an item), data-column (lists in a grid). Sets data-ui-current.
// Event out: roving:moved (on the item, bubbles).
import { $, $$, html, modal, typing } from "../lib/dom.js";
import { pressOf } from "../lib/keys.js";
import { beside, neighbours } from "../lib/places.js";

const current = new Map();      // container id → item id
let active = "";                // the container that was used last

const container = () => (active && document.getElementById(active)) || $("[data-roving]");
const handle = (item) => $("[data-open]", item) ?? item;

/** The item that keys act on, or null. */
export function currentItem(list = container()) {
  const item = list && document.getElementById(current.get(list.id));
  return item && list.contains(item) ? item : null;
}

/** Make it current; with focus unless someone types elsewhere or a dialog is open. */
export function moveTo(item, { focus = true } = {}) {
  const list = item.closest("[data-roving]");
  if (!list) return;
  for (const old of $$("[data-ui-current]", list)) if (old !== item) {
    old.removeAttribute("data-ui-current");
    handle(old).tabIndex = -1;
  }
  item.setAttribute("data-ui-current", "");
  handle(item).tabIndex = 0;
  current.set(list.id, item.id);
  active = list.id;
  if (!focus) return;
  if (!typing() && !modal()) handle(item).focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest", inline: "nearest" });
  item.dispatchEvent(new CustomEvent("roving:moved", { bubbles: true }));
}

/** Bring the keys back to where they were before a menu or a dialog. */
export function returnFocus() {
  const item = currentItem();
  if (item && !modal()) handle(item).focus({ preventScroll: true });
}

/** One tab stop a container: the current item, else the first. */
function prepare() {
  for (const list of $$("[data-roving]")) {
    const items = $$("[data-item]", list), now = currentItem(list);
    for (const item of items) {
      handle(item).tabIndex = item === (now ?? items[0]) ? 0 : -1;
      for (const box of $$("input[data-select]", item)) box.tabIndex = -1;
      item.toggleAttribute("data-ui-current", item === now);
    }
  }
}

function go(event, pressed, list) {
  const item = currentItem(list);
  const next = item ? beside(list, item, pressed) : $("[data-item]", list);
  if (!next) return;
  event.preventDefault();
  moveTo(next);
}

const STEPS = { j: "ArrowDown", k: "ArrowUp", ArrowDown: "ArrowDown", ArrowUp: "ArrowUp", ArrowLeft: "ArrowLeft", ArrowRight: "ArrowRight", Home: "Home", End: "End" };

// On the window, so that a page's own data-hotkey comes first.
addEventListener("keydown", (event) => {
  const pressed = pressOf(event), target = event.target, list = target.closest?.("[data-roving]") ?? container();
  if (!pressed || !list || event.defaultPrevented || typing(target) || modal() || target.closest(".menu, [role=menu], [role=tablist]")) return;
  const letter = pressed.length === 1;
  if (letter && html.dataset.keys === "off") return;
  const inside = list.contains(target), loose = target === document.body || target.id === "main";
  if (STEPS[pressed] && (letter || inside || loose)) return go(event, STEPS[pressed], list);
  const item = currentItem(list);
  if (!item || !(inside || loose)) return;
  const own = target === handle(item) || target === item || loose;
  if (pressed === "Enter" && own && target !== $("[data-open]", item)) { event.preventDefault(); $("[data-open]", item)?.click(); }
  if (pressed === "Space" && own && $("[data-peek]", item)) { event.preventDefault(); $("[data-peek]", item).click(); }
});

document.addEventListener("focusin", ({ target }) => {
  const item = target.closest?.("[data-item]");
  if (item?.closest("[data-roving]") && !item.hasAttribute("data-ui-current")) moveTo(item, { focus: false });
});

// Across swaps: the same item by id; if it has gone, the next that is left, else the one before.
let before = [];

document.addEventListener("htmx:before:swap", () => {
  before = $$("[data-roving]").filter((list) => currentItem(list)).map((list) => ({
    id: list.id, order: neighbours(list, currentItem(list)), focused: currentItem(list).contains(document.activeElement),
  }));
});

document.addEventListener("htmx:after:swap", () => {
  for (const { id, order, focused } of before) {
    const list = document.getElementById(id);
    const heir = list && order.map((known) => document.getElementById(known)).find((item) => item && list.contains(item));
    if (!heir) continue;
    const lost = focused && (document.activeElement === document.body || !document.activeElement);
    current.set(id, heir.id);
    if (lost) moveTo(heir);
  }
  before = [];
  prepare();
});

prepare();
