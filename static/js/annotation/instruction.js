// What the people of a labelling are told to do. Binds [data-instruction], which opens it; the first time in a labelling
// (#instruction[data-open-first]) it opens by itself.
import { $, on, store } from "../lib/dom.js";

on("click", "[data-instruction]", () => $("#instruction")?.showModal());

const first = $("#instruction[data-open-first]"), known = first && `trestle:instruction:${first.dataset.openFirst}`;
if (first && !store.get(known)) {
  store.set(known, true);
  first.showModal();
}
