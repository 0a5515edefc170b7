// Files go up while one writes. Binds form[data-attach] ("later": they wait in the form as ids; "now": they stand with the
// page's noun at once) with data-attach-url, data-attach-most (bytes) and data-attach-too-large; in it [data-attach-files]
// (the field), [data-attach-list] (a row for each file) and [data-attach-remove="url"]. What is pasted into the form or
// dropped onto it goes the same way; what is pasted beside all fields goes to the noun.
import { $, $$, announce, csrf, icon, make, on, typing } from "../lib/dom.js";

const FORM = "form[data-attach]", ZONE = "form[data-attach], .files-of";
const lost = "That did not reach the server. The file was not kept.";
const going = new Map();        // form → {files: [[file, row]], request, sending, failed}

const formOf = (zone) => (zone?.matches(FORM) ? zone : zone && $(FORM, zone));
const holdsFiles = (data) => [...(data?.types ?? [])].includes("Files");

/** One file after the other: each has its row from the beginning. */
function take(form, files) {
  const state = going.get(form) ?? { files: [], failed: false };
  for (const file of files) {
    const row = rowOf(form, file.name);
    $("[data-attach-list]", form).append(row);
    if (file.size > Number(form.dataset.attachMost)) fail(row, form.dataset.attachTooLarge);
    else state.files.push([file, row]);
  }
  if (going.has(form) || !state.files.length) return;
  going.set(form, state);
  announce("Uploading…");
  next(form, state);
}

function next(form, state) {
  const [file, row] = state.files.shift() ?? [];
  if (file && !row.isConnected) return next(form, state);
  if (file) return send(form, state, file, row);
  going.delete(form);
  if (state.sending && !state.failed) form.requestSubmit(state.sending.isConnected ? state.sending : null);
}

function send(form, state, file, row) {
  const request = new XMLHttpRequest(), bar = $("progress", row), data = new FormData();
  data.append("files", file, file.name);
  const failed = (sentence) => { state.failed = true; fail(row, sentence); next(form, state); };
  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (!lengthComputable) return;
    if (loaded < total) [bar.max, bar.value] = [total, loaded];
    else bar.removeAttribute("value"); // all there; the server looks at it
  });
  request.addEventListener("load", () => {
    const said = request.getResponseHeader("X-Message");
    if (request.status !== 200) return failed(said ? decodeURIComponent(said) : lost);
    arrived(form, row, file, request);
    next(form, state);
  });
  request.addEventListener("error", () => failed(lost));
  request.addEventListener("abort", () => { row.remove(); next(form, state); });
  row.addEventListener("cancel", () => request.abort());
  request.open("POST", form.dataset.attachUrl);
  for (const [name, value] of [["X-CSRFToken", csrf()], ["HX-Request", "true"], ["HX-Request-Type", "partial"]]) request.setRequestHeader(name, value);
  request.send(data);
}

function arrived(form, row, file, request) {
  announce(`${file.name} attached`);
  const focused = row.contains(document.activeElement);
  if (form.dataset.attach === "later") row.replaceWith(...$$("li", new DOMParser().parseFromString(request.responseText, "text/html")));
  else row.remove();
  if (focused) $("[data-attach-files]", form).focus();
  for (const [type, detail] of Object.entries(JSON.parse(request.getResponseHeader("HX-Trigger") ?? "{}"))) {
    document.body.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  }
}

function rowOf(form, name) {
  const cancel = make("button", { class: "button quiet small square file-away", type: "button", "data-attach-cancel": "", "aria-label": `Take out ${name}`, title: "Take out" }, icon("x"));
  return make("li", { class: "file-row" }, make("span", { class: "file-line" },
    icon("paperclip", "small"), make("span", { class: "file-name truncate", dir: "auto" }, name), make("progress", { "aria-label": `Uploading ${name}` }), cancel));
}

function fail(row, sentence) {
  row.classList.add("failed");
  $("progress", row).replaceWith(make("span", { class: "file-wrong", role: "alert" }, sentence));
}

on("change", "[data-attach-files]", (event, field) => {
  const files = [...field.files];
  field.value = "";
  take(field.form, files);
});

// A row that is taken out, whatever has become of its file. The focus goes to its neighbour, else to the button.
on("click", "[data-attach-cancel], [data-attach-remove]", (event, button) => {
  const row = button.closest("li"), form = button.form, url = button.dataset.attachRemove;
  const beside = $(".file-away", row.nextElementSibling ?? row.previousElementSibling ?? document.createElement("i"));
  row.dispatchEvent(new CustomEvent("cancel"));
  row.remove();
  (beside ?? $("[data-attach-files]", form)).focus();
  announce("Taken out");
  if (url) fetch(url, { method: "POST", headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } }).catch(() => { /* it waits for a day, then it goes by itself */ });
});

// What is still on its way goes along: the form is sent when the last file is there.
on("submit", FORM, (event, form) => {
  const state = going.get(form);
  if (!state) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  [state.sending, state.failed] = [event.submitter ?? form, false];
  announce("Sent as soon as the files are there");
}, true);

document.addEventListener("paste", (event) => {
  const files = [...event.clipboardData?.files ?? []], inside = event.target.closest?.(FORM);
  const form = inside ?? (typing(event.target) ? null : $(`${FORM}[data-attach=now]`));
  if (!form || !files.length || event.clipboardData.getData("text/plain")) return;
  event.preventDefault();
  take(form, files);
});

// Beside every form a dropped file would replace the page, and with it what was typed.
document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event.dataTransfer)) return;
  event.preventDefault();
  const form = formOf(event.target.closest?.(ZONE));
  event.dataTransfer.dropEffect = form ? "copy" : "none";
  for (const other of $$("[data-ui-dropping]")) if (other !== form) other.removeAttribute("data-ui-dropping");
  form?.setAttribute("data-ui-dropping", "");
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) for (const form of $$("[data-ui-dropping]")) form.removeAttribute("data-ui-dropping"); });
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event.dataTransfer)) return;
  event.preventDefault();
  const form = formOf(event.target.closest?.(ZONE));
  form?.removeAttribute("data-ui-dropping");
  if (form) take(form, [...event.dataTransfer.files]);
});
