// What is being written is not lost. Binds form[data-draft="ticket:42:reply"], data-draft-url (on the form or <html>),
// data-draft-fields (what the server has kept, from another device). Kept on this device at once and sent after 3 s.
// Events in: draft-saved, clear-draft {key} (HX-Trigger).
import { $, $$, csrf, html, make, member, on, store } from "../lib/dom.js";

const IDLE_MS = 3000, LEFT = "trestle:left";
const timers = new Map();
const nameOf = (key) => `trestle:draft:${member}:${key}`;

const fields = (form) => [...form.elements].filter((field) => field.name && field.name !== "csrf_token" && !field.closest("[data-draft-not]")
  && (field.matches("textarea") || field.matches("input") && ["text", "search", "url", "email", "tel", "number", "date"].includes(field.type)));

const values = (form) => Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
const untouched = (form) => fields(form).every((field) => field.value === field.defaultValue);

/** To the server; an empty body says that there is no draft any more. */
function send(form, key, body = JSON.stringify(values(form))) {
  const url = form.dataset.draftUrl ?? html.dataset.draftUrl;
  if (!url) return;
  fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf() }, body: new URLSearchParams({ key, body }) })
    .catch(() => { /* offline: it stays on this device and goes with the next key */ });
}

function forget(key) {
  clearTimeout(timers.get(key));
  store.drop(nameOf(key));
  for (const form of $$("form[data-draft]")) if (form.dataset.draft === key) $(".draft-note", form)?.remove();
}

on("input", "form[data-draft]", (event, form) => {
  const key = form.dataset.draft;
  clearTimeout(timers.get(key));
  if (untouched(form)) {
    if (store.get(nameOf(key))) send(form, key, "");
    return forget(key);
  }
  store.set(nameOf(key), { values: values(form), at: Date.now() });
  timers.set(key, setTimeout(() => send(form, key), IDLE_MS));
});

function restore() {
  for (const form of $$("form[data-draft]:not([data-ui-drafted])")) {
    form.setAttribute("data-ui-drafted", "");
    const kept = store.get(nameOf(form.dataset.draft))?.values ?? JSON.parse(form.dataset.draftFields || "null");
    const differing = kept && fields(form).filter((field) => field.name in kept && kept[field.name] !== field.value);
    if (!differing?.length || !untouched(form) || $("[aria-invalid=true]", form)) continue;
    for (const field of differing) field.value = kept[field.name];
    form.prepend(make("p", { class: "draft-note", role: "status" }, "Draft restored",
      make("button", { class: "button quiet small", type: "button", "data-draft-discard": "" }, "Discard")));
  }
}

on("click", "[data-draft-discard]", (event, button) => {
  const form = button.form;
  for (const field of fields(form)) field.value = field.defaultValue;
  forget(form.dataset.draft);
  send(form, form.dataset.draft, "");
  fields(form)[0]?.focus();
});

// Saved: by a reply that went well, by the server's word, or by a plain form whose next page shows no errors for it.
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement?.closest?.("form[data-draft]");
  if (form && ctx.request.method !== "GET" && ctx.response?.status < 400) forget(form.dataset.draft);
});
for (const type of ["draft-saved", "clear-draft"]) document.addEventListener(type, ({ detail }) => {
  const key = detail?.key ?? detail?.value;
  if (key) forget(key);
});
document.addEventListener("submit", ({ target }) => {
  if (target.matches("form[data-draft]") && !target.matches("[hx-post], [hx-put], [hx-patch]")) store.set(LEFT, target.dataset.draft);
});

const left = store.get(LEFT);
if (left) {
  store.drop(LEFT);
  const form = $$("form[data-draft]").find((one) => one.dataset.draft === left);
  if (!form || !$("[aria-invalid=true]", form)) forget(left);
}
document.addEventListener("htmx:after:swap", restore);
restore();
