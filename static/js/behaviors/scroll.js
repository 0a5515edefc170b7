// Going back comes back to the same place. Binds data-keep-scroll on scrollers with an id; kept for this tab and address.
// A list that loads by scrolling loads again until the place is there, unless the person moves first.

const PATIENCE_MS = 3000;
const key = () => `trestle:scroll:${location.pathname}${location.search}`;

addEventListener("pagehide", () => {
  const places = [...document.querySelectorAll("[data-keep-scroll][id]")].map(({ id, scrollTop, scrollLeft }) => [id, scrollTop, scrollLeft]);
  try { if (places.length) sessionStorage.setItem(key(), JSON.stringify(places)); } catch { /* shut: it starts at the top */ }
});

function remembered() {
  try { return JSON.parse(sessionStorage.getItem(key())) ?? []; } catch { return []; }
}

if (["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type)) {
  const places = remembered(), done = new AbortController();
  const restore = () => { for (const [id, top, left] of places) document.getElementById(id)?.scrollTo({ top, left, behavior: "instant" }); };
  for (const type of ["wheel", "pointerdown", "keydown", "touchmove"]) addEventListener(type, () => done.abort(), { signal: done.signal, passive: true });
  document.addEventListener("htmx:after:swap", restore, { signal: done.signal });
  setTimeout(() => done.abort(), PATIENCE_MS);
  restore();
}
