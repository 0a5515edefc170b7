// Puts a floating thing beside what it belongs to, inside the window. Sets --menu-x and --menu-y.

const GAP = 4, EDGE = 8;

export function place(floating, anchor) {
  const by = anchor.getBoundingClientRect(), own = floating.getBoundingClientRect();
  const under = by.bottom + GAP, over = by.top - GAP - own.height;
  const y = under + own.height <= innerHeight - EDGE || over < EDGE ? under : over;
  const rtl = getComputedStyle(anchor).direction === "rtl";
  const x = rtl ? by.right - own.width : by.left;
  floating.style.setProperty("--menu-x", `${Math.round(Math.max(EDGE, Math.min(x, innerWidth - own.width - EDGE)))}px`);
  floating.style.setProperty("--menu-y", `${Math.round(Math.max(EDGE, Math.min(y, innerHeight - own.height - EDGE)))}px`);
}
