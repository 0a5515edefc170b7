// What every behaviour shares: finding, delegating, saying.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
export const html = document.documentElement;
export const member = html.dataset.member ?? "";

/** One listener on the document for all present and future elements that match. */
export function on(type, selector, handler, capture = false) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element && event.target.closest(selector);
    if (element) handler(event, element);
  }, capture);
}

const TYPED = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=range], [type=color])";

/** Is this a place where letters are text and not keys? */
export function typing(element = document.activeElement) {
  return element instanceof Element && (element.matches(TYPED) || element.isContentEditable);
}

/** The dialog in front, or null. */
export const modal = () => $$("dialog:modal").at(-1) ?? null;

/** Say it to those who listen instead of looking. */
export function announce(text) {
  const place = $("#announce");
  if (!place) return;
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 30);
}

export const csrf = () => $("meta[name=csrf-token]")?.content ?? "";

/** The words on a control, without its keys. */
export function words(control) {
  const copy = control.cloneNode(true);
  for (const extra of $$("kbd, .badge, .count, .unseen", copy)) extra.remove();
  return control.dataset.hotkeyLabel || control.getAttribute("aria-label") || copy.textContent.replace(/\s+/g, " ").trim() || control.title;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite, as the icon() macro draws it. */
export function icon(name, label = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${label}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "use"));
  svg.firstChild.setAttribute("href", `${html.dataset.icons ?? ""}#${name}`);
  return svg;
}

/** make("li", {class: "row"}, "text", child, …) */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A toast from this side: errors, mostly. The server sends its own by the toast() macro. */
export function toast(text, kind = "") {
  $("#toasts")?.append(make("div", { class: "toast", "data-toast": kind || null },
    icon(kind === "error" ? "warning" : "check"), make("span", { class: "grow" }, text)));
}

/** Storage that may be full, shut or absent. */
export const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or shut: the page works on without */ } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
};
