// Search and commands. Binds data-palette-open; fills #palette from the page's own actions (data-hotkey controls and the
// sidebar's links) beside what the server puts into #palette-found (role=option links). What was chosen lately comes first.
import { $, $$, icon, make, member, on, store, words } from "../lib/dom.js";
import { caption, sequences } from "../lib/keys.js";
import { fuzzy } from "../lib/fuzzy.js";
import { actions, press } from "./hotkeys.js";

const dialog = $("#palette"), input = $("#palette-input"), list = $("#palette-list");
const RECENT = `trestle:recent:${member}`, MOST = 5;
let entries = [];               // {label, group, keys, control}
const runs = new WeakMap();     // option → entry

const options = () => $$("[role=option]", list).filter((option) => !option.hidden);

function mark(option) {
  for (const other of $$("[role=option][aria-selected=true]", list)) other.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

function draw(entry, at, hit) {
  const text = make("span", { class: "truncate" }, ...hit.parts.map(([part, found]) => found ? make("mark", {}, part) : part));
  const keys = entry.keys ? sequences(entry.keys)[0].split(" ").map((one) => make("kbd", {}, caption(one))) : [];
  const option = make("div", { role: "option", id: `palette-here-${at}`, "aria-selected": "false" }, icon(entry.icon), text, make("span", { class: "push" }), ...keys);
  runs.set(option, entry);
  return option;
}

function group(name, rows) {
  return make("div", { role: "group", "aria-label": name }, make("p", { class: "group-name", "aria-hidden": "true" }, name), ...rows);
}

/** What the page lists itself need not be found once more. */
function once() {
  const drawn = new Set($$("#palette-recent [role=option], #palette-here [role=option]").map((option) => runs.get(option)?.control.href));
  for (const option of $$("#palette-found a[role=option]")) option.hidden = drawn.has(option.href);
}

function fill() {
  const asked = input.value.trim(), recent = store.get(RECENT) ?? [];
  const hits = entries.map((entry, at) => ({ entry, at, hit: fuzzy(asked, entry.label) })).filter(({ hit }) => hit);
  if (asked) hits.sort((one, other) => other.hit.score - one.hit.score);
  const lately = asked ? [] : recent.map((label) => hits.find(({ entry }) => entry.label === label)).filter(Boolean);
  const names = new Map();
  for (const found of hits.filter((one) => !lately.includes(one)).slice(0, asked ? 12 : 60)) names.set(found.entry.group, [...names.get(found.entry.group) ?? [], found]);
  $("#palette-recent").replaceChildren(...lately.length ? [group("Lately", lately.map(({ entry, at, hit }) => draw(entry, at, hit)))] : []);
  $("#palette-here").replaceChildren(...[...names].map(([name, rows]) => group(name, rows.map(({ entry, at, hit }) => draw(entry, at, hit)))));
  if (!asked) $("#palette-found").replaceChildren();
  once();
  mark(options()[0]);
}

function collect() {
  const seen = new Set();
  const own = actions().filter(({ control }) => !control.matches("[data-palette-open]")).map((action) => ({ ...action, icon: action.control.tagName === "A" ? "arrow-right" : "bolt" }));
  const places = $$("nav a[href]").map((control) => ({ control, label: words(control), group: "Go to", keys: control.dataset.hotkey, icon: "arrow-right" }));
  const rank = ({ group }) => ["Go to", "Anywhere"].indexOf(group);
  return [...own, ...places].sort((one, other) => rank(one) - rank(other)).filter(({ label }) => label && !seen.has(label) && seen.add(label));
}

function choose(option, aside) {
  const entry = runs.get(option);
  if (entry) store.set(RECENT, [entry.label, ...(store.get(RECENT) ?? []).filter((label) => label !== entry.label)].slice(0, MOST));
  const link = entry?.control.closest("a[href]") ?? option.closest("a[href]");
  if (link && aside) return window.open(link.href, "_blank", "noopener");
  if (entry || !link) dialog.close();
  if (entry) setTimeout(() => press(entry.control));
  else if (link) location.assign(link.href);
  return null;
}

if (dialog) {
  on("click", "[data-palette-open]", () => {
    if (dialog.open) return;
    entries = collect();
    input.value = "";
    dialog.showModal();
    input.focus();
    fill();
  });
  input.addEventListener("input", fill);
  document.addEventListener("htmx:after:settle", ({ target }) => {
    if (target.id !== "palette-found") return;
    once();
    if (!options().some((option) => option.getAttribute("aria-selected") === "true")) mark(options()[0]);
  });
  dialog.addEventListener("keydown", (event) => {
    const shown = options(), at = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const to = { ArrowDown: shown[at + 1] ?? shown[0], ArrowUp: shown[at - 1] ?? shown.at(-1) }[event.key];
    if (to) mark(to);
    else if (event.key === "Enter" && !event.isComposing && shown[at]) choose(shown[at], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointermove", ({ target }) => { const option = target.closest("[role=option]"); if (option?.getAttribute("aria-selected") === "false") mark(option); });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(option, false);
  });
}
