// A file goes up, and one sees how far. Binds <form data-upload> (sent by XHR, because fetch has no progress; the reply
// is what htmx would get: HX-Redirect, or 422 and the page's content), <progress data-upload-progress hidden> inside it,
// and data-most-bytes with data-too-large="A sentence." on the file field.
import { $, $$, announce, csrf, on, toast } from "../lib/dom.js";

on("change", "input[type=file][data-most-bytes]", (event, field) => {
  const large = [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));
  field.setCustomValidity(large ? field.dataset.tooLarge : "");
  field.reportValidity();
});

on("submit", "form[data-upload]", (event, form) => {
  event.preventDefault();
  const request = new XMLHttpRequest(), bar = $("[data-upload-progress]", form), buttons = $$("button[type=submit]", form);
  const data = new FormData(form);
  const busy = (now) => {
    form.toggleAttribute("aria-busy", now);
    for (const button of buttons) button.disabled = now;
    if (bar) bar.hidden = !now;
  };
  const failed = (sentence) => { busy(false); toast(sentence, "error"); };
  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (!bar || !lengthComputable) return;
    bar.max = total;
    bar.value = loaded;
    if (loaded === total) bar.removeAttribute("value"); // all there; the server reads it
  });
  request.addEventListener("load", () => {
    const to = request.getResponseHeader("HX-Redirect"), said = request.getResponseHeader("X-Message");
    if (to) location.assign(to);
    else if (request.status === 422) show(request.responseText);
    else failed(said ? decodeURIComponent(said) : "That did not work. Nothing was saved.");
  });
  request.addEventListener("error", () => failed("That did not reach the server. It was not saved."));
  request.open("POST", form.action);
  for (const [name, value] of [["X-CSRFToken", csrf()], ["HX-Request", "true"], ["HX-Request-Type", "partial"]]) request.setRequestHeader(name, value);
  busy(true);
  announce("Uploading…");
  request.send(data);
});

/** The page's content anew, with what is wrong with the file. */
function show(content) {
  const main = $("#main");
  main.replaceChildren(...new DOMParser().parseFromString(content, "text/html").body.childNodes);
  $("[aria-invalid=true]", main)?.focus();
}
