// Tools of a field for Markdown. Loaded by the pages that have one. Binds [data-writes="field id"] (shown from now on),
// button[data-mark] and button[data-preview="address"] inside it; in such a field Enter goes on with a list.
import { $, $$, csrf, make, on, toast } from "../lib/dom.js";

const AROUND = { bold: "**", italic: "*", code: "`" };
const BEFORE = { list: "- ", task: "- [ ] " };
const ITEM = /^(\s*)([-*+]|\d+\.)( \[[ xX]\])? /;

const fieldOf = (button) => document.getElementById(button.closest("[data-writes]").dataset.writes);

/** As if it had been typed: undone by the browser's own undo, kept as a draft. */
function put(field, from, to, text, start = from + text.length, end = start) {
  field.focus();
  field.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  field.setSelectionRange(start, end);
}

function surround(field, mark) {
  const { selectionStart: from, selectionEnd: to, value } = field, size = mark.length;
  if (value.slice(from - size, from) === mark && value.slice(to, to + size) === mark) {
    return put(field, from - size, to + size, value.slice(from, to), from - size, to - size);
  }
  put(field, from, to, mark + value.slice(from, to) + mark, from + size, to + size);
}

function link(field) {
  const { selectionStart: from, selectionEnd: to, value } = field, chosen = value.slice(from, to);
  if (/^https?:\/\/\S+$/.test(chosen)) return put(field, from, to, `[](${chosen})`, from + 1);
  put(field, from, to, `[${chosen}](https://)`, from + chosen.length + 3, from + chosen.length + 11);
}

/** Every chosen line begins with the mark, or none does any more. */
function lines(field, mark) {
  const { selectionStart, selectionEnd, value } = field;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1, found = value.indexOf("\n", selectionEnd);
  const to = found < 0 ? value.length : found, rows = value.slice(from, to).split("\n");
  const away = rows.every((row) => row.startsWith(mark));
  const text = rows.map((row) => (away ? row.slice(mark.length) : mark + row.replace(ITEM, "$1"))).join("\n");
  put(field, from, to, text);
}

on("click", "[data-mark]", (event, button) => {
  const field = fieldOf(button), { mark } = button.dataset;
  if (!field || field.hidden) return;
  if (mark === "link") link(field);
  else if (mark in BEFORE) lines(field, BEFORE[mark]);
  else surround(field, AROUND[mark]);
});

on("click", "[data-preview]", async (event, button) => {
  const field = fieldOf(button), shown = $(`[data-preview-of="${field.id}"]`, field.form);
  const write = () => {
    shown?.remove();
    field.hidden = false;
    button.setAttribute("aria-pressed", "false");
    field.focus();
  };
  if (shown) return write();
  const place = make("div", { class: "preview", "data-preview-of": field.id, tabindex: "0", role: "region", "aria-label": "Preview" });
  const body = new URLSearchParams({ body: field.value });
  const answer = await fetch(button.dataset.preview, { method: "POST", headers: { "X-CSRFToken": csrf(), "HX-Request": "true" }, body }).catch(() => null);
  if (!answer?.ok) return toast(decodeURIComponent(answer?.headers.get("X-Message") ?? "The preview cannot be reached."), "error");
  // The server's own HTML, which it has made safe; parsed apart, so that nothing in it could run.
  place.append(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
  field.after(place);
  field.hidden = true;
  button.setAttribute("aria-pressed", "true");
  place.focus();
});

document.addEventListener("keydown", (event) => {
  const { target: field, key } = event;
  if (key !== "Enter" || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!field.matches?.("textarea") || !$(`[data-writes="${CSS.escape(field.id)}"]`) || field.selectionStart !== field.selectionEnd) return;
  const at = field.selectionStart, begin = field.value.lastIndexOf("\n", at - 1) + 1;
  const row = field.value.slice(begin, at), item = ITEM.exec(row);
  if (!item) return;
  event.preventDefault();
  if (row === item[0]) return put(field, begin, at, "");       // an empty item ends the list
  const number = parseInt(item[2], 10);
  put(field, at, at, `\n${item[1]}${number ? `${number + 1}.` : item[2]}${item[3] ? " [ ]" : ""} `);
});

const show = () => { for (const tools of $$("[data-writes][hidden]")) tools.hidden = false; };
document.addEventListener("htmx:after:swap", show);
show();
