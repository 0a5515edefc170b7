// Names while one types "@". Binds form[data-mention-url] around a <textarea>: the address answers ?q= with options
// (role=option, data-mention="Anna Kowalski"). The list belongs to the text field: arrows walk, Enter or Tab takes, Escape
// closes; the focus never leaves the text.
import { $, $$, announce, make, on } from "../lib/dom.js";

const FIELD = "form[data-mention-url] textarea";
const BEGUN = /(?:^|[\s([{])@((?:[\p{L}\p{M}\p{N}'._-]+(?: [\p{L}\p{M}\p{N}'._-]*){0,2})?)$/u;
const PAUSE_MS = 120;
let field = null, asking = null, timer = 0, list = null;

const begun = (text) => text.value.slice(0, text.selectionStart).match(BEGUN)?.[1];
const options = () => (list ? $$("[role=option]", list) : []);
const current = () => options().find((option) => option.getAttribute("aria-selected") === "true");

function close() {
  clearTimeout(timer);
  asking?.abort();
  asking = null;
  if (list?.matches(":popover-open")) list.hidePopover();
  for (const name of ["aria-activedescendant", "aria-controls", "aria-haspopup"]) field?.removeAttribute(name);
  field = null;
}

function mark(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  field.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function open(text, found) {
  list ??= make("div", { class: "menu mentions", id: "mentions", role: "listbox", "aria-label": "People", popover: "manual" });
  const around = text.closest("dialog") ?? $("main");
  if (list.parentElement !== around) around.append(list);
  list.replaceChildren(...found);
  field = text;
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-haspopup", "listbox");
  const { left, top, bottom } = text.getBoundingClientRect();
  if (!list.matches(":popover-open")) list.showPopover();
  const below = bottom + list.offsetHeight < innerHeight;
  list.style.setProperty("--menu-x", `${Math.max(0, Math.min(left, innerWidth - list.offsetWidth))}px`);
  list.style.setProperty("--menu-y", `${below ? bottom : Math.max(0, top - list.offsetHeight)}px`);
  mark(found[0]);
  announce(`${found.length} ${found.length === 1 ? "person" : "people"}: ${found[0].dataset.mention}`);
}

async function ask(text, wanted) {
  asking?.abort();
  const mine = asking = new AbortController();
  try {
    const answer = await fetch(`${text.form.dataset.mentionUrl}?${new URLSearchParams({ q: wanted })}`, { signal: mine.signal, headers: { "HX-Request": "true" } });
    const found = answer.ok ? $$("[role=option]", new DOMParser().parseFromString(await answer.text(), "text/html")) : [];
    if (mine.signal.aborted || document.activeElement !== text || begun(text) !== wanted) return;
    if (found.length) open(text, found);
    else close();
  } catch { /* stopped, or offline: one types the name oneself */ }
}

function take(option) {
  const text = field, end = text.selectionStart, start = end - begun(text).length;
  const behind = /^\s/.test(text.value.slice(end)) ? "" : " ";
  close();
  text.setRangeText(option.dataset.mention + behind, start, end, "end");
  if (!behind) text.selectionStart = text.selectionEnd = text.selectionEnd + 1;
  text.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
}

on("input", FIELD, (event, text) => {
  clearTimeout(timer);
  const wanted = event.isComposing ? undefined : begun(text);
  if (wanted === undefined || event.inputType === "insertReplacementText") return close();
  timer = setTimeout(() => ask(text, wanted), PAUSE_MS);
});

document.addEventListener("keydown", (event) => {
  if (!field || event.target !== field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = options(), place = all.indexOf(current());
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(all[(place + step + all.length) % all.length]);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) take(all[place]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

on("mousedown", "#mentions", (event) => event.preventDefault());
on("click", "#mentions [role=option]", (event, option) => { if (field) take(option); });
document.addEventListener("focusout", ({ target }) => { if (target === field) close(); });
document.addEventListener("selectionchange", () => { if (field && begun(field) === undefined) close(); });
