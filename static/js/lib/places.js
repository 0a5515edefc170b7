// Where things stand in a list or a board: neighbours by order, and by eye across columns.
import { $$ } from "./dom.js";

export const columns = (grid) => $$("[data-column]", grid);
const siblings = (list, item) => $$("[data-item]", item.closest("[data-column]") ?? list);
const middle = (element) => { const box = element.getBoundingClientRect(); return box.top + box.height / 2; };

/** The item of a column that stands nearest to a height. */
export function level(column, height) {
  return $$("[data-item]", column).reduce((best, item) =>
    !best || Math.abs(middle(item) - height) < Math.abs(middle(best) - height) ? item : best, null);
}

/** The item one step away, or null at the edge. `step`: an arrow key's name, Home, End. */
export function beside(list, item, step) {
  const row = siblings(list, item), at = row.indexOf(item);
  if (step === "ArrowDown") return row[at + 1] ?? null;
  if (step === "ArrowUp") return row[at - 1] ?? null;
  if (step === "Home") return row[0];
  if (step === "End") return row.at(-1);
  if (list.dataset.roving !== "grid") return null;
  const all = columns(list), here = all.indexOf(item.closest("[data-column]"));
  const turned = getComputedStyle(list).direction === "rtl" ? -1 : 1;
  const by = (step === "ArrowRight" ? 1 : -1) * turned;
  for (let at = here + by; at >= 0 && at < all.length; at += by) {
    const found = level(all[at], middle(item));
    if (found) return found;
  }
  return null;
}

/** Ids in the order in which they inherit: the item, those after it, those before it, then the rest of the list. */
export function neighbours(list, item) {
  const row = siblings(list, item), at = row.indexOf(item);
  return [...row.slice(at), ...row.slice(0, at).reverse(), ...$$("[data-item]", list)].map((each) => each.id);
}
