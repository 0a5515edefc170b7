// Moving cards. Binds data-board with data-move-url (without it nothing moves), data-column lists (data-lane), data-item
// cards. Keyboard: m picks up, arrows move, Ctrl+arrows go to the ends, Enter drops, Escape takes back; <html data-ui-moving>
// meanwhile. Pointer: Sortable, fetched only where there is a board.
import { $, $$, announce, html, make, modal, typing } from "../lib/dom.js";
import { hold } from "../lib/hold.js";
import { pressOf } from "../lib/keys.js";
import { columns } from "../lib/places.js";
import { columnName, columnOf, gather, groupOf, nameOf, put, remember, send, takeBack } from "../lib/moves.js";
import { currentItem, moveTo } from "./roving.js";

let moving = null;              // {board, lead, cards, places, ghost, release, height}

const top = (element) => element.getBoundingClientRect().top;
const middle = (element) => { const box = element.getBoundingClientRect(); return box.top + box.height / 2; };

function pickUp(lead) {
  const board = lead.closest("[data-board]"), cards = groupOf(lead), places = remember(cards);
  const ghost = make(lead.tagName, { class: "card-ghost", "aria-hidden": "true" }, `${nameOf(lead)} was here`);
  moving = { board, lead, cards, places, ghost, release: hold(board), height: top(lead) };
  lead.before(ghost);
  for (const card of cards) card.classList.add(card === lead ? "moving" : "along");
  lead.dataset.moving = cards.length > 1 ? `Moving ${cards.length}` : "Moving";
  html.setAttribute("data-ui-moving", "");
  announce(`${nameOf(lead)} picked up. Arrows move it, Enter drops it, Escape takes it back.`);
}

function putDown() {
  const { lead, cards, ghost, release, board } = moving;
  ghost.remove();
  for (const card of cards) card.classList.remove("moving", "along");
  lead.removeAttribute("data-moving");
  for (const column of $$(".column.target", board)) column.classList.remove("target");
  html.removeAttribute("data-ui-moving");
  moving = null;
  return release;
}

function drop() {
  const { board, lead, cards, places } = moving;
  moving.ghost.remove();
  gather(cards, lead);
  const release = putDown();
  send(board, cards, places);
  release();
  moveTo(lead);
}

function cancel() {
  const { lead, places } = moving, release = putDown();
  takeBack(places);
  release();
  moveTo(lead);
  announce("Taken back");
}

function step(pressed) {
  const { board, lead, cards } = moving, all = columns(board), column = columnOf(lead);
  const others = (list) => $$("[data-item]", list).filter((card) => card === lead || !cards.includes(card));
  const row = others(column), at = row.indexOf(lead), end = row.at(-1)?.nextElementSibling ?? null;
  const turned = getComputedStyle(board).direction === "rtl" ? -1 : 1;
  const far = pressed.startsWith("Mod+"), key = pressed.replace("Mod+", "");
  if (key === "ArrowUp" && at > 0) put(column, lead, far ? row[0] : row[at - 1]);
  if (key === "ArrowDown" && at < row.length - 1) put(column, lead, far ? end : row[at + 2] ?? end);
  if (key === "ArrowUp" || key === "ArrowDown") moving.height = top(lead);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const by = (key === "ArrowRight" ? 1 : -1) * turned, here = all.indexOf(column);
    const next = all[far ? (by > 0 ? all.length - 1 : 0) : here + by];
    if (!next || next === column) return;
    const list = others(next), below = list.find((card) => middle(card) > moving.height);
    put(next, lead, below ?? list.at(-1)?.nextElementSibling ?? next.firstElementChild);
  }
  for (const each of all) each.closest(".column")?.classList.toggle("target", each === columnOf(lead) && each !== moving.places.find((place) => place.card === lead.id).column);
  const now = others(columnOf(lead));
  announce(`${columnName(columnOf(lead))}, ${now.indexOf(lead) + 1} of ${now.length}`);
  moveTo(lead);
}

// In front of every other listener: while something is in the hand, keys belong to it.
document.addEventListener("keydown", (event) => {
  const pressed = pressOf(event);
  if (!moving) {
    const card = currentItem();
    if (pressed !== "m" || html.dataset.keys === "off" || typing(event.target) || modal() || $(".menu:popover-open")
      || !card?.closest("[data-board][data-move-url]")) return;
    pickUp(card);
  } else if (/^(Mod\+)?Arrow(Up|Down|Left|Right)$/.test(pressed)) step(pressed);
  else if (pressed === "Enter" || pressed === "m") drop();
  else if (pressed === "Escape") cancel();
  else if (!pressed || pressed.startsWith("Mod+")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("pointerdown", () => { if (moving) cancel(); }, true);

const lists = new WeakSet();

async function draggable() {
  const boards = $$("[data-board][data-move-url]");
  if (!boards.length) return;
  if (!window.Sortable) await import("../../vendor/Sortable.min.js");
  for (const list of boards.flatMap(columns)) {
    if (lists.has(list)) continue;
    lists.add(list);
    let places, cards, release;
    window.Sortable.create(list, {
      group: list.closest("[data-board]").id, draggable: "[data-item]", filter: "input, button", preventOnFilter: false,
      delay: 180, delayOnTouchOnly: true, touchStartThreshold: 4,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 160,
      onStart({ item }) { cards = groupOf(item); places = remember(cards); release = hold(list); },
      onEnd({ item }) {
        gather(cards, item);
        send(item.closest("[data-board]"), cards, places);
        release();
        moveTo(item);
      },
    });
  }
}

document.addEventListener("htmx:after:swap", draggable);
draggable();
