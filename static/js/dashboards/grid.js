// A dashboard's grid. Binds, on [data-grid], moving: m picks a widget up, arrows move it, Shift+arrows resize it, Enter
// drops it, Escape takes it back; the pointer drags it by its header. Where the others go is the server's to decide (#placing).
import { $, $$, announce, html, modal, typing } from "../lib/dom.js";
import { hold } from "../lib/hold.js";
import { pressOf } from "../lib/keys.js";
import { currentItem, moveTo } from "../behaviors/roving.js";
import "./widgets.js";

const COLUMNS = 12, TALLEST = 20;
let moving = null;              // {widget, was, release}

const placeOf = (widget) => widget.dataset.place.split(" ").map(Number);
const others = (widget) => $$("[data-grid] > .widget").filter((one) => one !== widget).map(placeOf);
const beside = ([x, , w], [ox, , ow]) => x < ox + ow && ox < x + w;

function put(widget, [x, y, w, h]) {
  const wide = Math.min(Math.max(w, 1), COLUMNS), high = Math.min(Math.max(h, 1), TALLEST);
  widget.dataset.place = [Math.min(Math.max(x, 1), COLUMNS - wide + 1), Math.max(y, 1), wide, high].join(" ");
}

/** The row to go to: past the next widget below, or to where the one above stands. */
function row(widget, down) {
  const [x, y, w, h] = placeOf(widget), met = others(widget).filter((other) => beside([x, y, w], other));
  if (down) {
    const next = met.filter(([, oy]) => oy >= y + h).sort((a, b) => a[1] - b[1])[0];
    return next ? y + next[3] : y;
  }
  const next = met.filter(([, oy]) => oy < y).sort((a, b) => b[1] - a[1])[0];
  return next ? next[1] : 1;
}

function pickUp(widget) {
  moving = { widget, was: widget.dataset.place, release: hold(widget) };
  widget.classList.add("moving");
  html.setAttribute("data-ui-moving", "");
  announce(`${widget.dataset.label} picked up. Arrows move it, Shift and arrows resize it, Enter drops it, Escape takes it back.`);
}

function putDown() {
  const { widget, was, release } = moving;
  widget.classList.remove("moving");
  html.removeAttribute("data-ui-moving");
  moving = null;
  release();
  return { widget, was };
}

function drop() {
  const { widget, was } = putDown(), form = $("#placing");
  if (widget.dataset.place === was || !form) return;
  const [x, y, w, h] = placeOf(widget);
  form.elements.place.value = [widget.dataset.item, x - 1, y - 1, w, h].join(" ");
  form.dataset.widget = widget.id;
  form.dataset.was = was;
  form.requestSubmit();
  moveTo(widget);
}

function cancel() {
  const { widget, was } = putDown();
  widget.dataset.place = was;
  moveTo(widget);
  announce("Taken back");
}

// Refused: back to where it was. Why is said by failures.js.
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const form = ctx?.sourceElement;
  if (form?.id === "placing") document.getElementById(form.dataset.widget)?.setAttribute("data-place", form.dataset.was);
});

function step(pressed) {
  const { widget } = moving, [x, y, w, h] = placeOf(widget), turned = getComputedStyle(widget).direction === "rtl" ? -1 : 1;
  const across = { ArrowLeft: -turned, ArrowRight: turned }[pressed.replace("Shift+", "")] ?? 0;
  const down = { ArrowUp: -1, ArrowDown: 1 }[pressed.replace("Shift+", "")] ?? 0;
  if (pressed.startsWith("Shift+")) put(widget, [x, y, w + across, h + down]);
  else put(widget, [x + across, down ? row(widget, down > 0) : y, w, h]);
  const [nx, ny, nw, nh] = placeOf(widget);
  announce(`Column ${nx}, row ${ny}, ${nw} by ${nh}`);
  widget.scrollIntoView({ block: "nearest" });
}

// In front of every other listener: while something is in the hand, keys belong to it.
document.addEventListener("keydown", (event) => {
  const pressed = pressOf(event);
  if (!moving) {
    const widget = currentItem();
    if (pressed !== "m" || html.dataset.keys === "off" || typing(event.target) || modal() || $(".menu:popover-open")
      || !widget?.closest("[data-grid]")) return;
    pickUp(widget);
  } else if (/^(Shift\+)?Arrow(Up|Down|Left|Right)$/.test(pressed)) step(pressed);
  else if (pressed === "Enter" || pressed === "m") drop();
  else if (pressed === "Escape") cancel();
  else if (!pressed || pressed.startsWith("Mod+")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// By the pointer: the header carries it, a whole cell at a time.
document.addEventListener("pointerdown", (event) => {
  if (moving) return cancel();
  const header = event.target.closest?.("[data-grid] > .widget > header");
  if (!header || event.button || event.target.closest("button, a") || matchMedia("(width < 48rem)").matches) return;
  const widget = header.parentElement, grid = widget.parentElement, [x, y, w, h] = placeOf(widget), from = [event.clientX, event.clientY];
  const style = getComputedStyle(grid), gap = Number.parseFloat(style.rowGap) || 0;
  const wide = (grid.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight) + gap) / COLUMNS;
  const high = Number.parseFloat(style.gridAutoRows) + gap;
  event.preventDefault();
  const go = (at) => {
    const across = Math.round((at.clientX - from[0]) / wide), down = Math.round((at.clientY - from[1]) / high);
    if (!moving && (across || down)) pickUp(widget);
    if (moving) put(widget, [x + across, y + down, w, h]);
  };
  const end = (at) => {
    document.removeEventListener("pointermove", go);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    if (moving) at.type === "pointerup" ? drop() : cancel();
  };
  document.addEventListener("pointermove", go);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
});
