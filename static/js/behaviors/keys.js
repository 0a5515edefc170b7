// The sheet of keys, made from the controls that are on the page. Binds data-keys-open; fills #keys-list.
import { $, make, on } from "../lib/dom.js";
import { caption, sequences } from "../lib/keys.js";
import { actions } from "./hotkeys.js";

const LIST = [["ArrowDown, j", "Next"], ["ArrowUp, k", "Previous"], ["Home", "First"], ["End", "Last"], ["Enter", "Open"], ["Space", "Peek"], ["x", "Select"], ["Shift+ArrowDown", "Select more"], ["Escape", "Clear the selection"]];
const GRID = [["ArrowLeft", "Column before"], ["ArrowRight", "Column after"]];
const MOVE = [["m", "Pick up"], ["ArrowUp, ArrowDown, ArrowLeft, ArrowRight", "Move"], ["Mod+ArrowUp, Mod+ArrowDown", "To an end"], ["Enter", "Drop"], ["Escape", "Take back"]];

function caps(keys) {
  return sequences(keys).flatMap((whole, at) => [...(at ? [" "] : []), ...whole.split(" ").map((press) => make("kbd", {}, caption(press)))]);
}

function section(name, rows) {
  return make("section", {}, make("h3", {}, name),
    make("ul", { role: "list" }, ...rows.map(([keys, label]) => make("li", {}, make("span", {}, label), ...caps(keys)))));
}

on("click", "[data-keys-open]", () => {
  const groups = new Map();
  for (const { keys, label, group } of actions()) {
    if (!label) continue;
    const rows = groups.get(group) ?? groups.set(group, []).get(group);
    if (!rows.some(([, known]) => known === label)) rows.push([keys, label]);
  }
  if ($("[data-roving]")) groups.set("Lists", $("[data-roving=grid]") ? [...LIST.slice(0, 2), ...GRID, ...LIST.slice(2)] : LIST);
  if ($("[data-board][data-move-url]")) groups.set("Moving", MOVE);
  $("#keys-list").replaceChildren(...[...groups].map(([name, rows]) => section(name, rows)));
  const sheet = $("#keys");
  if (!sheet.open) sheet.showModal();
});
