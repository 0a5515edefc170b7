// The two forms of a ticket's composer. Binds data-compose around them, data-compose-part="reply|note" on each, and
// data-compose-to="reply|note" on the links that switch: in place instead of by a new page, with the focus in the text.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-compose-to]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const composer = link.closest("[data-compose]");
  for (const part of composer.querySelectorAll("[data-compose-part]")) {
    part.hidden = part.dataset.composePart !== link.dataset.composeTo;
    if (!part.hidden) part.querySelector("textarea").focus();
  }
});
