// Light, dark or the system's. Binds data-theme-choice="light|dark|system" on buttons or radios; the server keeps the
// choice (the control's own hx-post) and renders <html data-theme>, so nothing flashes.
import { $$, html, on } from "../lib/dom.js";

function apply(choice) {
  if (choice === "light" || choice === "dark") html.dataset.theme = choice;
  else delete html.dataset.theme;
  for (const button of $$("button[data-theme-choice]")) button.setAttribute("aria-pressed", button.dataset.themeChoice === choice);
}

on("click", "[data-theme-choice]", (event, control) => apply(control.dataset.themeChoice));
