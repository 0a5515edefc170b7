// Texts that are labelled: drawn with their regions, selected by pointer or by keys alone. Offsets are UTF-16 code units,
// as in results. Binds [data-text] (its tabindex says that it can be marked).
import { $$, make } from "../lib/dom.js";

const raw = new WeakMap();

/** The text itself, as it came. */
export function textOf(place) {
  if (!raw.has(place)) raw.set(place, place.textContent);
  return raw.get(place);
}

/** Draw a text with its regions: cut wherever one begins or ends. `paint(region)` gives attributes, `says(region)` its label. */
export function draw(place, regions, { paint, says, chosen }) {
  const text = textOf(place), kept = selectionIn(place);
  const edges = [...new Set([0, text.length, ...regions.flatMap(({ value }) => [value.start, value.end])])].sort((one, other) => one - other);
  const pieces = edges.slice(0, -1).map((start, at) => {
    const end = edges[at + 1], words = text.slice(start, end);
    const over = regions.filter(({ value }) => value.start <= start && value.end >= end)
      .sort((one, other) => (other.value.end - other.value.start) - (one.value.end - one.value.start));
    if (!over.length) return words;
    const ending = over.filter(({ value }) => value.end === end).map(says).join(", ");
    return make("mark", {
      class: "span", ...paint(over.at(-1)), "data-regions": over.map(({ id }) => id).join(" "), "data-depth": Math.min(over.length, 3),
      "data-says": ending || null, "data-ui-current": over.some(({ id }) => id === chosen) ? "" : null,
    }, words);
  });
  place.replaceChildren(...pieces);
  if (kept) select(place, kept.anchor, kept.focus);
}

function offset(place, node, at) {
  const range = document.createRange();
  range.setStart(place, 0);
  range.setEnd(node, at);
  return range.toString().length;
}

/** A point of the DOM for an offset. */
function point(place, wanted) {
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  let passed = 0, node = walker.nextNode(), last = null;
  for (; node; node = walker.nextNode()) {
    if (wanted <= passed + node.length) return [node, wanted - passed];
    passed += node.length;
    last = node;
  }
  return last ? [last, last.length] : [place, 0];
}

/** {anchor, focus, start, end} of the selection when all of it lies in this text, else null. */
export function selectionIn(place) {
  const now = getSelection();
  if (!now.rangeCount || !place.contains(now.anchorNode) || !place.contains(now.focusNode)) return null;
  const anchor = offset(place, now.anchorNode, now.anchorOffset), focus = offset(place, now.focusNode, now.focusOffset);
  return { anchor, focus, start: Math.min(anchor, focus), end: Math.max(anchor, focus) };
}

/** What is marked, without white space around it; null when that is nothing. */
export function marked(place) {
  const found = selectionIn(place), text = textOf(place);
  if (!found) return null;
  let { start, end } = found;
  while (start < end && /\s/.test(text[start])) start += 1;
  while (start < end && /\s/.test(text[end - 1])) end -= 1;
  return start < end ? { start, end, text: text.slice(start, end) } : null;
}

export function select(place, anchor, focus = anchor) {
  getSelection().setBaseAndExtent(...point(place, anchor), ...point(place, focus));
}

export const marking = (form) => $$("[data-text][tabindex]", form);

// A caret where nothing can be typed: the browser's own selection moves, so that it knows words, lines, emoji and directions.

const STEPS = {
  ArrowLeft: ["left", "character", "word"], ArrowRight: ["right", "character", "word"],
  ArrowUp: ["backward", "line", "paragraph"], ArrowDown: ["forward", "line", "paragraph"],
  Home: ["backward", "lineboundary"], End: ["forward", "lineboundary"],
};
const caret = make("span", { class: "caret", "aria-hidden": "true" });

export function keysIn(event, place) {
  const step = STEPS[event.key];
  if (!step || event.altKey || event.isComposing) return;
  event.preventDefault();
  const before = selectionIn(place) ?? (select(place, 0), selectionIn(place));
  const strong = event.ctrlKey || event.metaKey, end = textOf(place).length;
  if (strong && !step[2]) {
    const goal = event.key === "Home" ? 0 : end;
    select(place, event.shiftKey ? before.anchor : goal, goal);
  } else {
    getSelection().modify(event.shiftKey ? "extend" : "move", step[0], strong ? step[2] : step[1]);
    if (!selectionIn(place)) {
      const goal = ["right", "forward"].includes(step[0]) ? end : 0;
      select(place, event.shiftKey ? before.anchor : goal, goal);
    }
  }
  showCaret(place);
}

/** Draw the caret at the moving end of the selection, and keep it in sight. */
export function showCaret(place) {
  const canvas = place.closest("[data-canvas]"), now = getSelection();
  if (document.activeElement !== place || !place.contains(now.focusNode)) return caret.remove();
  const range = document.createRange();
  range.setStart(now.focusNode, now.focusOffset);
  const box = range.getClientRects()[0] ?? place.getBoundingClientRect(), around = canvas.getBoundingClientRect();
  if (caret.parentElement !== canvas) canvas.append(caret);
  caret.style.left = `${box.left - around.left}px`;
  caret.style.top = `${box.top - around.top}px`;
  caret.style.height = `${Math.min(box.height || 20, 40)}px`;
  caret.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusout", ({ target }) => { if (target.matches?.("[data-text][tabindex]")) caret.remove(); });
