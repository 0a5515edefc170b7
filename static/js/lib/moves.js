// One optimistic move of cards: placed at once, sent, and slid back with the reason if the server refuses.
// Binds data-move-url on a [data-board]; posts ids, state (the column's data-column), lane, after, before.
import htmx from "../../vendor/htmx.esm.min.js";
import { $, $$, announce } from "./dom.js";
import { hold } from "./hold.js";
import { sentence } from "../behaviors/failures.js";
import { selected } from "../behaviors/selection.js";

const open = new Map();         // move → {places, release}
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export const columnOf = (card) => card.closest("[data-column]");
export const nameOf = (card) => card.dataset.label ?? $(".key", card)?.textContent.trim() ?? "Card";
export const columnName = (column) => column.getAttribute("aria-label") ?? column.closest("[aria-label]")?.getAttribute("aria-label") ?? "";

/** The cards that go along: the whole selection if this one is in it, in the order of the page. */
export function groupOf(card) {
  const ticked = selected(card.closest("[data-roving]") ?? card.closest("[data-board]"));
  return ticked.includes(card) ? ticked : [card];
}

/** Put a node before another without losing its focus where the browser can. */
export function put(column, card, next) {
  if (column.moveBefore && card.isConnected) column.moveBefore(card, next);
  else column.insertBefore(card, next);
}

/** Where cards stand, by ids, so that it outlives a morph. */
export const remember = (cards) => cards.map((card) => ({ card: card.id, column: columnOf(card), next: card.nextElementSibling }));

/** The others stand behind the one in the hand. */
export function gather(cards, lead) {
  const column = columnOf(lead);
  let next = lead.nextElementSibling;
  while (next && cards.includes(next)) next = next.nextElementSibling;
  for (const card of cards) put(column, card, next);
}

/** Back to where they were, seen to go there. */
export function takeBack(places) {
  for (const { card: id, column, next } of [...places].reverse()) {
    const card = document.getElementById(id);
    if (!card || !column.isConnected) continue;
    const from = card.getBoundingClientRect();
    put(column, card, next?.parentElement === column ? next : null);
    const to = card.getBoundingClientRect();
    if (!calm.matches) card.animate([{ translate: `${from.x - to.x}px ${from.y - to.y}px` }, { translate: "none" }], { duration: 160, easing: "ease-out" });
  }
}

/** Send what has been placed. Does nothing if they stand where they stood. */
export function send(board, cards, places) {
  const column = columnOf(cards[0]), row = $$("[data-item]", column);
  const above = row[row.indexOf(cards[0]) - 1], below = row[row.indexOf(cards.at(-1)) + 1];
  if (places.every(({ card, column: was, next }) => { const now = document.getElementById(card); return columnOf(now) === was && now.nextElementSibling === next; })) return;
  const move = {
    ids: cards.map((card) => card.dataset.item), state: column.dataset.column, lane: column.dataset.lane,
    after: above?.dataset.item, before: below?.dataset.item,
  };
  open.set(move, { places, release: hold(board) });
  for (const card of cards) card.setAttribute("data-ui-sent", "");
  announce(`${cards.length > 1 ? `${cards.length} cards` : nameOf(cards[0])} moved to ${columnName(column)}, ${row.indexOf(cards[0]) + 1} of ${row.length}`);
  htmx.ajax("POST", board.dataset.moveUrl, { source: board, swap: "none", move });
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (!ctx.move) return;
  const { body } = ctx.request;
  for (const name of [...body.keys()]) body.delete(name);
  for (const [name, value] of Object.entries(ctx.move)) for (const each of [value].flat()) if (each != null) body.append(name, each);
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const known = ctx.move && open.get(ctx.move);
  if (!known) return;
  open.delete(ctx.move);
  for (const { card } of known.places) document.getElementById(card)?.removeAttribute("data-ui-sent");
  if (!(ctx.response?.status < 400)) {
    takeBack(known.places);
    announce(`Taken back. ${ctx.response ? sentence(ctx) : "The server could not be reached."}`);
  }
  known.release();
});
