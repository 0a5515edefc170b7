// How a key press is written: "c", "Shift+C", "Mod+k", "g b". Mod is Ctrl, on a Mac ⌘.

export const mac = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform ?? "");
const MODS = { ctrl: "Mod", cmd: "Mod", meta: "Mod", mod: "Mod", alt: "Alt", shift: "Shift" };

/** One press as declared, in one spelling: modifiers in order, letters small. */
function spell(declared) {
  const parts = declared === "+" ? ["+"] : declared.split("+");
  const key = parts.pop() || "+";
  const mods = parts.map((part) => MODS[part.toLowerCase()] ?? part);
  return [...["Mod", "Alt", "Shift"].filter((mod) => mods.includes(mod)), key.length === 1 ? key.toLowerCase() : key].join("+");
}

/** "g b, Mod+k" → ["g b", "Mod+k"] */
export const sequences = (declared) => declared.split(/,\s+/).map((keys) => keys.trim().split(/\s+/).map(spell).join(" "));

/** The event in the same spelling; "" while only modifiers are down or an input method composes. */
export function pressOf(event) {
  let { key } = event;
  if (event.isComposing || !key || ["Shift", "Control", "Alt", "Meta", "AltGraph", "Dead", "Process"].includes(key)) return "";
  if (key === " ") key = "Space";
  // Other alphabets: take the letter that stands on this key in Latin.
  if (key.length === 1 && key.charCodeAt(0) > 126 && /^Key[A-Z]$/.test(event.code)) key = event.code[3];
  const letter = key.length === 1 && /[a-z]/i.test(key);
  const written = event.getModifierState?.("AltGraph");
  return [
    (event.ctrlKey || event.metaKey) && !written && "Mod",
    event.altKey && !written && "Alt",
    event.shiftKey && (letter || key.length > 1) && "Shift",
    letter ? key.toLowerCase() : key,
  ].filter(Boolean).join("+");
}

const NAMES = { Mod: mac ? "⌘" : "Ctrl", Shift: "⇧", Alt: mac ? "⌥" : "Alt", Enter: "↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Backspace: "⌫" };

/** One press for people: "Mod+k" → "Ctrl K". */
export const caption = (press) => press.split("+").map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" ");
