// What is said about a task, as a result: regions are kept here, every other answer stands in its own fields. And undo.
import { $, $$, make } from "../lib/dom.js";

const MOST_UNDONE = 200;

export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => "abcdefghijklmnopqrstuvwxyz0123456789"[byte % 36]).join("");
}

const fields = (form, name) => $$("input, textarea", form).filter((field) => field.name === name);

export class Answers {
  constructor(form) {
    const { controls, result } = JSON.parse(form.dataset.described);
    this.form = form;
    this.controls = controls;
    this.ids = new Map(result.map((entry) => [entry.from_name, entry.id]));
    this.regions = result.filter((entry) => entry.type === "labels");
    this.past = [];
    this.future = [];
    this.now = this.result();
  }

  control(name) { return this.controls.find((control) => control.name === name); }

  /** Label Studio's list of what is said. */
  result() {
    const found = [...this.regions];
    for (const control of this.controls) {
      const value = this.read(control);
      if (!value) continue;
      if (!this.ids.has(control.name)) this.ids.set(control.name, newId());
      found.push({ id: this.ids.get(control.name), from_name: control.name, to_name: control.to, type: control.type, value });
    }
    return found;
  }

  read({ name, type }) {
    if (type === "choices") {
      const choices = fields(this.form, `choice:${name}`).filter((field) => field.checked).map((field) => field.value);
      return choices.length ? { choices } : null;
    }
    if (type === "rating") {
      const star = fields(this.form, `rating:${name}`).find((field) => field.checked);
      return star ? { rating: Number(star.value) } : null;
    }
    if (type === "textarea") {
      const text = fields(this.form, `text:${name}`).map((field) => field.value.trim()).filter(Boolean);
      return text.length ? { text } : null;
    }
    return null;
  }

  /** Say exactly this. */
  apply(result) {
    this.regions = result.filter((entry) => entry.type === "labels");
    for (const { name, type } of this.controls) {
      const value = result.find((entry) => entry.from_name === name)?.value ?? {};
      if (type === "choices") for (const field of fields(this.form, `choice:${name}`)) field.checked = (value.choices ?? []).includes(field.value);
      if (type === "rating") for (const field of fields(this.form, `rating:${name}`)) field.checked = Number(field.value) === value.rating;
      if (type === "textarea") this.write(name, value.text ?? []);
    }
    this.now = this.result();
  }

  write(name, texts) {
    let written = fields(this.form, `text:${name}`);
    while (written.length < texts.length) written = [...written, another(written.at(-1))];
    written.forEach((field, at) => { field.value = texts[at] ?? ""; });
  }

  /** Something was said: remember what stood before. `join`: a part of the same step (letters of a text). */
  changed(join = "") {
    const next = this.result();
    if (JSON.stringify(next) === JSON.stringify(this.now)) return false;
    if (!join || join !== this.joining) this.past = [...this.past.slice(-MOST_UNDONE), this.now];
    this.joining = join;
    this.future = [];
    this.now = next;
    return true;
  }

  undo() { return this.step(this.past, this.future); }
  redo() { return this.step(this.future, this.past); }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.joining = "";
    this.apply(from.pop());
    return true;
  }
}

/** One more text of the same control. */
export function another(field) {
  const copy = make("textarea", Object.fromEntries([...field.attributes].filter(({ name }) => name !== "data-hotkey").map(({ name, value }) => [name, value])));
  field.after(copy);
  const place = field.closest("[data-most]"), button = $("[data-another]", place);
  if (button) button.hidden = $$("textarea", place).length >= Number(place.dataset.most);
  return copy;
}
