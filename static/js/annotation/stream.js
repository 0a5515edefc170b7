// The page of a labelling task: labels, regions, undo, and what is sent. Binds #annotate[data-annotate], [data-mark],
// [data-regions-list], data-canvas-undo, -redo, -remove, -clear, data-another.
import { moveTo } from "../behaviors/roving.js";
import { $, $$, announce, on, typing } from "../lib/dom.js";
import { Answers, another, newId } from "./answers.js";
import "./instruction.js";
import { Keeping, watchTabs } from "./keeping.js";
import { list, looks, relabel } from "./regions.js";
import { draw, keysIn, marked, marking, select, showCaret } from "./texts.js";

let form, answers, keeping, chosen = "", armed = null;

function start() {
  const found = $("#annotate[data-annotate]");
  if (!found || found === form) return;
  form = found;
  answers = new Answers(form);
  keeping = form.keeping = new Keeping(form, answers);
  chosen = "";
  armed = null;
  watchTabs(keeping);
  form.addEventListener("canvas:told", ({ detail }) => tell(detail.text));
  const local = keeping.found();
  if (local && JSON.stringify(local) !== JSON.stringify(answers.now)) {
    answers.apply(local);
    tell("What you had begun is back.");
  } else if ("drafted" in form.dataset) tell("What you had begun is back.");
  for (const button of $$("[data-another]", form)) button.hidden = false;
  show();
  const first = marking(form)[0] ?? $("[data-control] input, [data-control] textarea", form);
  if (document.activeElement === document.body || !document.activeElement) first?.focus({ preventScroll: true });
}

function tell(text) {
  const place = $("[data-canvas-told]", form);
  $("[data-canvas-words]", place).textContent = text;
  place.hidden = false;
}

/** Everything that follows from what is said. */
function show() {
  const regions = [...answers.regions].sort((one, other) => one.value.start - other.value.start || one.value.end - other.value.end);
  if (!regions.some(({ id }) => id === chosen)) chosen = "";
  for (const place of marking(form)) draw(place, regions.filter((region) => region.to_name === place.dataset.text), { ...looks(answers), chosen });
  list(form, answers, regions, chosen);
  const region = regions.find(({ id }) => id === chosen);
  for (const button of $$("[data-mark]", form)) {
    const control = button.closest("[data-control]").dataset.control;
    button.setAttribute("aria-pressed", String(region ? region.from_name === control && region.value.labels.includes(button.dataset.mark) : armed === button));
  }
  for (const button of $$("[data-canvas-undo]", form)) button.disabled = !answers.past.length;
  for (const button of $$("[data-canvas-redo]", form)) button.disabled = !answers.future.length;
  remember();
}

function changed(join) {
  if (answers.changed(join)) keeping.changed();
  show();
}

function choose(id) {
  chosen = id;
  armed = null;
  show();
  $(`mark[data-regions~="${CSS.escape(id)}"]`, form)?.scrollIntoView({ block: "nearest" });
}

/** Mark what is selected in one of the control's texts; false when nothing is. */
function mark(control, label) {
  for (const place of marking(form)) {
    const value = place.dataset.text === control.to && marked(place);
    if (!value) continue;
    const twin = answers.regions.find((region) => region.from_name === control.name && region.value.start === value.start && region.value.end === value.end);
    if (twin) relabel(answers, twin, control, label, true);
    else answers.regions = [...answers.regions, { id: newId(), from_name: control.name, to_name: control.to, type: "labels", value: { ...value, labels: [label] } }];
    select(place, value.end);
    changed();
    if (document.activeElement === place) showCaret(place);
    announce(`${value.text}: ${label}`);
    return true;
  }
  return false;
}

on("mousedown", "[data-mark]", (event) => event.preventDefault()); // the selection stays
on("click", "#annotate [data-mark]", (event, button) => {
  const control = answers.control(button.closest("[data-control]").dataset.control), region = answers.regions.find(({ id }) => id === chosen);
  if (mark(control, button.dataset.mark)) return;
  if (region?.from_name === control.name) {
    relabel(answers, region, control, button.dataset.mark);
    return changed();
  }
  armed = armed === button ? null : button;
  show();
});

document.addEventListener("pointerup", ({ target }) => {
  const place = target.closest?.("#annotate [data-text][tabindex]");
  if (!place) return;
  if (armed && marked(place)) return mark(answers.control(armed.closest("[data-control]").dataset.control), armed.dataset.mark);
  const over = !marked(place) && target.closest("mark")?.dataset.regions.split(" ");
  if (over) choose(over.at(-1));
});

on("click", "[data-regions-list] [data-open]", (event, button) => choose(button.closest("[data-item]").dataset.item));
document.addEventListener("roving:moved", ({ target }) => { if (target.closest("[data-regions-list]") && target.dataset.item !== chosen) choose(target.dataset.item); });

on("click", "[data-canvas-remove]", () => {
  const list = $$("[data-item]", $("[data-regions-list]", form)), at = list.findIndex((item) => item.dataset.item === chosen);
  answers.regions = answers.regions.filter(({ id }) => id !== chosen);
  const next = (list[at + 1] ?? list[at - 1])?.dataset.item ?? "", inList = $("[data-regions-list]", form).contains(document.activeElement);
  chosen = inList ? next : "";
  changed();
  announce("Region removed");
  if (inList && chosen) moveTo($(`#region-${CSS.escape(chosen)}`));
});
on("click", "[data-canvas-clear]", () => {
  chosen = "";
  armed = null;
  getSelection().collapseToEnd?.();
  show();
});
on("click", "[data-canvas-undo]", () => { if (answers.undo()) { keeping.changed(); show(); announce("Undone"); } });
on("click", "[data-canvas-redo]", () => { if (answers.redo()) { keeping.changed(); show(); announce("Done again"); } });
on("click", "[data-another]", (event, button) => another($$("textarea", button.closest("[data-most]")).at(-1)).focus());

on("keydown", "#annotate [data-text][tabindex]", keysIn);
on("focusin", "#annotate [data-text][tabindex]", (event, place) => showCaret(place));
document.addEventListener("keydown", (event) => {
  if (form?.isConnected) keeping.active();
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || typing(event.target) || !form?.isConnected) return;
  event.preventDefault();
  $(event.shiftKey ? "[data-canvas-redo]" : "[data-canvas-undo]", form).click();
});
document.addEventListener("pointerdown", () => { if (form?.isConnected) keeping.active(); });

// A star or a single choice that is picked again is taken back.
let stood = new Map();
const remember = () => { stood = new Map($$("[data-control] input[type=radio]:checked", form).map((field) => [field.name, field])); };
document.addEventListener("click", ({ target }) => {
  if (!target.matches?.("#annotate [data-control] input[type=radio]")) return;
  if (stood.get(target.name) === target) target.checked = false;
  changed();
}, true);
on("input", "#annotate [data-control]", (event) => { if (event.target.type !== "radio") changed(event.target.matches("textarea") ? event.target.name : ""); });

const fill = () => { if (form?.isConnected) keeping.fill(); };
for (const [kind, by] of [["submit", "#annotate"], ["click", "#annotate button[type=submit]"]]) on(kind, by, fill, true);
document.addEventListener("htmx:after:swap", start);
start();
