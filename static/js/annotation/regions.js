// Regions of a task: how they look, their list at the side ([data-regions-list]), and other labels for one.
import { $, make } from "../lib/dom.js";
import { marking } from "./texts.js";

/** How regions are painted and named. */
export function looks(answers) {
  const options = (region) => answers.control(region.from_name)?.options ?? [];
  return {
    says: (region) => region.value.labels.map((label) => options(region).find(({ value }) => value === label)?.text ?? label).join(", "),
    paint: (region) => {
      const option = options(region).find(({ value }) => value === region.value.labels[0]);
      return option?.colour ? { "data-colour": option.colour } : { "data-hue": option?.hue ?? 6 };
    },
  };
}

/** The list, with the focus where it was. */
export function list(form, answers, regions, chosen) {
  const place = $("[data-regions-list]", form);
  if (!place) return;
  const { says, paint } = looks(answers), focused = place.contains(document.activeElement);
  place.replaceChildren(...regions.map((region) => make("li", { class: "region", id: `region-${region.id}`, "data-item": region.id, "data-label": region.value.text, "data-ui-current": region.id === chosen ? "" : null },
    make("button", { type: "button", "data-open": "", "aria-pressed": String(region.id === chosen), tabindex: region.id === chosen || !chosen && region === regions[0] ? 0 : -1 },
      make("i", { class: "dot", ...paint(region) }), make("span", { class: "truncate title", dir: "auto" }, region.value.text), make("span", { class: "muted small" }, says(region))))));
  if (focused) ($(`#region-${CSS.escape(chosen)} [data-open]`) ?? $("[data-open]", place) ?? marking(form)[0])?.focus();
  $("[data-region-count]", form).textContent = regions.length || "";
  $("[data-regions-none]", form).hidden = regions.length > 0;
  $("[data-canvas-remove]", form).disabled = !chosen;
}

/** Give a region another label, or with controls of many one more or less; `only` never takes one away. */
export function relabel(answers, region, control, label, only = false) {
  const has = region.value.labels.includes(label);
  const labels = !control.multiple ? [label] : has && region.value.labels.length > 1 && !only ? region.value.labels.filter((one) => one !== label) : has ? region.value.labels : [...region.value.labels, label];
  answers.regions = answers.regions.map((one) => one === region ? { ...one, value: { ...one.value, labels } } : one);
}
