// Menus. Binds data-menu-url on a button: its choices are fetched into #menu (with the ids it acts on), filtered by typing,
// chosen by arrows and Enter or by the key or number they show; data-menu-multiple keeps it open. data-menu-free on the
// button: it is about no item (a filter), carries no ids and stands at the button. data-menu-typed="name" on an option: it
// is made of what is typed (shown in its [data-typed]) and carries that as name. data-menu-none shows when nothing fits.
import htmx from "../../vendor/htmx.esm.min.js";
import { $, $$, announce, make, on } from "../lib/dom.js";
import { hold } from "../lib/hold.js";
import { pressOf } from "../lib/keys.js";
import { place } from "../lib/place.js";
import { currentItem, returnFocus } from "./roving.js";
import { idsFor } from "./selection.js";

const menu = $("#menu");
let release = () => {}, anchor = null;

const input = () => $(".menu-filter", menu);
const options = () => $$("[role=option]", menu).filter((option) => !option.hidden);

function mark(option) {
  for (const other of $$("[role=option]", menu)) other.setAttribute("aria-selected", other === option);
  input()?.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

const marked = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function filter() {
  const asked = (input()?.value ?? "").trim(), low = asked.toLowerCase();
  for (const option of $$("[role=option]:not([data-menu-typed])", menu)) option.hidden = !option.textContent.toLowerCase().includes(low);
  for (const option of $$("[data-menu-typed]", menu)) {
    option.hidden = !asked;
    $("[data-typed]", option).textContent = asked;
  }
  for (const none of $$("[data-menu-none]", menu)) none.hidden = options().length > 0;
  mark(options()[0]);
}

/** The option with this number: the one that shows it, else the one that stands there. Where text is meant, none. */
function numbered(digit) {
  if ($("[data-menu-typed]", menu)) return null;
  const shown = options();
  return shown.find((option) => $("kbd", option)?.textContent === digit) ?? ($("kbd", menu) ? null : shown[digit - 1]);
}

function open(button, pointed) {
  const free = button.matches("[data-menu-free]"), ids = free ? [] : idsFor(button);
  const item = free ? null : button.closest("[data-item]") ?? currentItem();
  if (!free && !ids.length) return announce("Choose an item first");
  menu.ids = ids;
  anchor = (pointed && button.checkVisibility()) || !item ? button : item;
  release();
  release = hold(item ?? button);
  // The field stands there before the answer, so that what is typed at once is not lost.
  menu.replaceChildren(make("div", { class: "menu-head" }, make("input", { class: "menu-filter", type: "text", "aria-label": button.dataset.hotkeyLabel || "Find", placeholder: "…", autocomplete: "off" })));
  menu.showPopover();
  place(menu, anchor);
  input().focus();
  htmx.ajax("GET", button.dataset.menuUrl, { source: button, target: "#menu", swap: "innerHTML" });
}

on("click", "[data-menu-url]", (event, button) => {
  event.preventDefault();
  open(button, event.detail > 0);
});

if (menu) {
  let typed = "";
  document.addEventListener("htmx:before:settle", ({ target }) => { if (target === menu && input() && typed) input().value = typed; });
  document.addEventListener("htmx:before:swap", () => { typed = input()?.value ?? ""; });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target !== menu || !menu.matches(":popover-open")) return;
    input()?.focus();
    if (!typed) input()?.select();
    const early = /^\d$/.test(typed) && numbered(typed);
    if (early) return early.click();
    filter();
    const chosen = typed ? null : options().find((option) => option.getAttribute("aria-checked") === "true");
    if (chosen) mark(chosen);
    place(menu, anchor?.isConnected ? anchor : currentItem() ?? document.body);
  });

  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    release();
    if (document.activeElement === document.body || menu.contains(document.activeElement)) returnFocus();
  });
  menu.addEventListener("input", filter);
  menu.addEventListener("pointermove", ({ target }) => { const option = target.closest("[role=option]"); if (option && option !== marked()) mark(option); });
  menu.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (!option) return;
    if ($("[data-menu-multiple]", menu)) {
      option.setAttribute("aria-checked", option.getAttribute("aria-checked") !== "true");
      input()?.focus();
      input()?.select();
    } else setTimeout(() => menu.hidePopover());        // after htmx has taken the click
  });
  menu.addEventListener("keydown", (event) => {
    const pressed = pressOf(event), shown = options(), at = shown.indexOf(marked());
    const to = { ArrowDown: shown[at + 1] ?? shown[0], ArrowUp: shown[at - 1] ?? shown.at(-1), PageDown: shown.at(-1), PageUp: shown[0] }[pressed];
    const keyed = /^\d$/.test(pressed) && !input()?.value && numbered(pressed);
    if (to) mark(to);
    else if (keyed) keyed.click();
    else if (pressed === "Enter") marked()?.click();
    else if (pressed === "Tab" || pressed === "Escape") menu.hidePopover();
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  });
}

// A choice made of what is typed carries it under its name.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const option = ctx.sourceElement.closest?.("#menu [data-menu-typed]");
  if (option) ctx.request.body.set(option.dataset.menuTyped, $("[data-typed]", option).textContent);
});

// A multiple choice that failed was not made.
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const option = ctx.sourceElement;
  if (option.matches?.("#menu [data-menu-multiple] [role=option]") && !(ctx.response?.status < 400)) option.setAttribute("aria-checked", option.getAttribute("aria-checked") !== "true");
});
