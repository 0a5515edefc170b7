// Copies a text. Binds data-copy="id of a field" on a button, and data-select-all on a field: a click selects all of it.
import { $, announce, on } from "../lib/dom.js";

on("click", "[data-copy]", async (event, button) => {
  const field = $(`#${button.dataset.copy}`);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    announce("Copied");
    button.classList.add("ok-text");
  } catch {
    announce("Selected; copy it with Ctrl C");  // no clipboard without https: the text stands selected
  }
});

on("focusin", "[data-select-all]", (event, field) => field.select());
