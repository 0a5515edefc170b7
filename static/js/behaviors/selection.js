// What is ticked. Binds input[data-select] in a [data-item], data-selection-bar (data-selection-of="list id" if there are
// several), data-selection-count="{n} selected", data-selection-clear, data-with-selection and data-menu-url (their requests
// carry `ids`), data-ids (fixed ids, on pages of one thing).
import { $, $$, announce, modal, on, typing } from "../lib/dom.js";
import { pressOf } from "../lib/keys.js";
import { beside } from "../lib/places.js";
import { currentItem, moveTo } from "./roving.js";

const chosen = new Map();       // container id → Set of data-item values

const setOf = (list) => chosen.get(list.id) ?? chosen.set(list.id, new Set()).get(list.id);
const listOf = (item) => item.closest("[data-roving]");

/** The ticked items of a container, in the order of the page. */
export const selected = (list) => $$("[data-item]", list).filter((item) => setOf(list).has(item.dataset.item));

/** What a control acts on: its fixed ids, what is ticked, else the current item. */
export function idsFor(control) {
  const fixed = control.closest("[data-ids]");
  if (fixed) return fixed.dataset.ids.split(/[\s,]+/).filter(Boolean);
  const named = control.closest("[data-selection-of]")?.dataset.selectionOf;
  const list = (named && document.getElementById(named)) ?? control.closest("[data-roving]") ?? currentItem()?.closest("[data-roving]") ?? $("[data-roving]");
  if (!list) return [];
  const ticked = selected(list).map((item) => item.dataset.item), inside = control.closest("[data-item]")?.dataset.item;
  if (inside && !ticked.includes(inside)) return [inside];
  const now = currentItem(list);
  return ticked.length ? ticked : now ? [now.dataset.item] : [];
}

export function tick(item, yes) {
  const set = setOf(listOf(item));
  if (yes) set.add(item.dataset.item);
  else set.delete(item.dataset.item);
  show();
}

export function clear(list) {
  setOf(list).clear();
  show();
}

/** Boxes, bars and counts as the sets say; what has gone from the page is forgotten. */
function show() {
  for (const list of $$("[data-roving]")) {
    const set = setOf(list), items = $$("[data-item]", list), here = new Set(items.map((item) => item.dataset.item));
    for (const id of set) if (!here.has(id)) set.delete(id);
    for (const item of items) {
      item.toggleAttribute("data-ui-selected", set.has(item.dataset.item));
      for (const box of $$("input[data-select]", item)) box.checked = set.has(item.dataset.item);
    }
  }
  for (const bar of $$("[data-selection-bar]")) {
    const list = document.getElementById(bar.dataset.selectionOf) ?? $("[data-roving]");
    const count = list ? setOf(list).size : 0;
    bar.toggleAttribute("data-ui-shown", count > 0);
    for (const place of $$("[data-selection-count]", bar)) if (count) place.textContent = place.dataset.selectionCount.replace("{n}", count);
  }
}

on("change", "input[data-select]", (event, box) => tick(box.closest("[data-item]"), box.checked));
on("click", "[data-selection-clear]", (event, button) => {
  clear(document.getElementById(button.closest("[data-selection-of]")?.dataset.selectionOf) ?? $("[data-roving]"));
});

// On the window, so that a page's own data-hotkey comes first.
addEventListener("keydown", (event) => {
  const pressed = pressOf(event), item = currentItem();
  if (event.defaultPrevented || typing(event.target) || modal() || $(".menu:popover-open")) return;
  const list = item ? listOf(item) : $("[data-roving]");
  if (pressed === "Escape" && list && setOf(list).size) { clear(list); announce("Selection cleared"); event.preventDefault(); }
  if (!item || !(list.contains(event.target) || event.target === document.body)) return;
  const set = setOf(list);
  if (pressed === "x" && $("input[data-select]", item)) { event.preventDefault(); tick(item, !set.has(item.dataset.item)); }
  if (pressed === "Mod+a" && $("input[data-select]", item)) { event.preventDefault(); for (const each of $$("[data-item]", list)) set.add(each.dataset.item); show(); }
  if (pressed === "Shift+ArrowDown" || pressed === "Shift+ArrowUp") {
    event.preventDefault();
    const next = beside(list, item, pressed.slice(6));
    if (next && set.has(item.dataset.item) && set.has(next.dataset.item)) set.delete(item.dataset.item);    // shrinking back
    else for (const each of [item, next]) if (each) set.add(each.dataset.item);
    if (next) moveTo(next);
    show();
  }
});

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const control = ctx.sourceElement.closest?.("[data-with-selection], [data-menu-url]:not([data-menu-free])");
  if (!control) return;
  ctx.request.body.delete("ids");
  for (const id of control.closest("#menu")?.ids ?? idsFor(control)) ctx.request.body.append("ids", id);
});

// Plain forms carry them too.
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.matches("form[data-with-selection]") && !formData.has("ids")) for (const id of idsFor(target)) formData.append("ids", id);
});

document.addEventListener("htmx:after:swap", show);
show();
