// A held region is not refreshed: something in it is dragged, moved or chosen. Binds data-ui-held (a count, set here).

/** Keep the region that contains the element as it is, until the returned function is called (once). */
export function hold(element) {
  const id = (element?.closest("[data-live]") ?? element)?.id;
  const count = (by) => {
    const region = id && document.getElementById(id);
    if (!region) return;
    const held = Number(region.dataset.uiHeld ?? 0) + by;
    if (held > 0) region.dataset.uiHeld = held;
    else delete region.dataset.uiHeld;
  };
  let holding = true;
  count(1);
  return () => {
    if (!holding) return;
    holding = false;
    count(-1);
    document.dispatchEvent(new CustomEvent("region:released"));
  };
}
