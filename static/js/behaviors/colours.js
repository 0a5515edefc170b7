// People's own colours, widths and places, set through the CSSOM because a style attribute is refused.
// Binds data-hue-custom (0–360), data-colour (#rrggbb), data-width, data-start, data-height (per cent), data-place ("x y w h", grid
// cells from 1). Sets --hue, --colour, --width, --start, --height, --x, --y, --w, --h.

const number = (text, least, most) => {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? Math.min(Math.max(value, least), most) : null;
};
const percent = (text) => { const value = number(text, 0, 100); return value === null ? null : `${value}%`; };

const SETS = {
  "data-hue-custom": (text) => [["--hue", number(text, 0, 360)]],
  "data-colour": (text) => [["--colour", /^#[0-9a-f]{6}$/i.test(text) ? text : null]],
  "data-width": (text) => [["--width", percent(text)]],
  "data-start": (text) => [["--start", percent(text)]],
  "data-height": (text) => [["--height", percent(text)]],
  "data-place": (text) => text.trim().split(/\s+/).slice(0, 4).map((part, at) => [["--x", "--y", "--w", "--h"][at], number(part, 1, 999)]),
};
const NAMES = Object.keys(SETS), SELECTOR = NAMES.map((name) => `[${name}]`).join(",");

function paint(element) {
  for (const name of NAMES) if (element.hasAttribute(name)) {
    for (const [property, value] of SETS[name](element.getAttribute(name))) {
      if (value === null) element.style.removeProperty(property);
      else element.style.setProperty(property, value);
    }
  }
}

function paintAll(root) {
  if (root.matches?.(SELECTOR)) paint(root);
  root.querySelectorAll?.(SELECTOR).forEach(paint);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") paint(change.target);
    else change.addedNodes.forEach(paintAll);
  }
}).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: NAMES });
paintAll(document);
