// Nothing that is half-said is lost: kept on this device at once, on the server after 3 s. Also: how long one has worked,
// that the task is still held, and that another tab has it open. Event out: canvas:told {text} on the form.
import { $, csrf, member, store } from "../lib/dom.js";

const IDLE_MS = 3000, HOLD_MS = 60_000, AWAY_MS = 120_000;

export class Keeping {
  constructor(form, answers) {
    this.form = form;
    this.answers = answers;
    this.key = `trestle:annotation:${member}:${form.action}:${form.dataset.annotate}`;
    this.kept = form.dataset.draftKept;
    this.worked = 0;
    this.seen = Date.now();
    this.held = Date.now();
  }

  /** What this device has kept and the server has not, or null. */
  found() {
    const local = store.get(this.key);
    return local && local.base === this.kept ? local.result : null;
  }

  changed() {
    store.set(this.key, { result: this.answers.now, base: this.kept, by: tab });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), IDLE_MS);
  }

  /** Someone is here: time counts, and the task is held longer. */
  active() {
    const now = Date.now();
    this.worked += Math.min(now - this.seen, AWAY_MS);
    this.seen = now;
    if (this.form.elements.token && now - this.held > HOLD_MS) {
      this.held = now;
      this.post(this.form.dataset.holdUrl, { token: this.form.elements.token.value });
    }
  }

  async send() {
    const fields = { result: JSON.stringify(this.answers.now), seconds: this.seconds() };
    if (this.form.elements.token) fields.token = this.form.elements.token.value;
    const answer = await this.post(this.form.dataset.draftUrl, fields);
    if (!answer?.ok) return;
    this.held = Date.now();
    this.kept = answer.headers.get("X-Kept") ?? this.kept;
    const local = store.get(this.key);
    if (local) store.set(this.key, { ...local, base: this.kept });
  }

  async post(url, fields) {
    try {
      const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf() }, body: new URLSearchParams(fields) });
      if (answer.headers.get("X-Held") === "no") this.tell("Others may have this task by now: you were away for too long. What you say is kept, perhaps as an extra.");
      return answer;
    } catch { return null; /* offline: it stays on this device */ }
  }

  /** What is sent is what stands here at that moment. */
  fill() {
    this.form.elements.result.value = JSON.stringify(this.answers.result());
    timeField(this.form).value = this.seconds();
  }

  seconds() {
    this.active();
    return (this.worked / 1000).toFixed(1);
  }

  tell(text) { this.form.dispatchEvent(new CustomEvent("canvas:told", { detail: { text } })); }

  forget() {
    clearTimeout(this.timer);
    store.drop(this.key);
  }
}

const tab = Math.random().toString(36).slice(2);

/** Another tab of this browser says something about the same task. */
export function watchTabs(keeping) {
  addEventListener("storage", ({ key, newValue }) => {
    if (!keeping.form.isConnected || key !== keeping.key) return;
    if (newValue === null) keeping.tell("This task was sent from another tab.");
    else if (JSON.parse(newValue).by !== tab) keeping.tell("This task is open in another tab, and was changed there. Load this page again to go on here.");
  });
}

document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement?.closest?.("#annotate");
  if (form?.keeping && ctx.request.method !== "GET" && ctx.response?.status < 400) form.keeping.forget();
});

export const timeField = (form) => $("[name=seconds]", form);
