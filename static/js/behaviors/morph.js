// What a morph must not take away: text that someone has typed and nobody has saved. An htmx extension; open <details>,
// dialogs and data-ui-* are kept by morphIgnore in <meta name="htmx-config">.
import htmx from "../../vendor/htmx.esm.min.js";

const ONOFF = ["checkbox", "radio", "hidden", "submit", "button", "file"];

/** Has the person changed it since the server wrote it? */
export function dirty(element) {
  if (element instanceof HTMLTextAreaElement) return element.value !== element.defaultValue;
  if (element instanceof HTMLInputElement) return !ONOFF.includes(element.type) && element.value !== element.defaultValue;
  if (element instanceof HTMLSelectElement) {
    const options = [...element.options];
    return options.some((option) => option.defaultSelected) && options.some((option) => option.selected !== option.defaultSelected);
  }
  return false;
}

htmx.registerExtension("keep", {
  htmx_before_morph_node: (element) => !dirty(element) && !(element.isContentEditable && element.contains(document.activeElement)),
  htmx_before_morph_attr: (element, { attrName }) => !(attrName === "value" && dirty(element)),
});
