// @ts-check
/** Pictures of how a step should look: made small before they are sent with the form, and shown at once. */

import { h } from "../dom.js";
import { t } from "../language.js";
import { shrink, TYPE } from "../shrink.js";
import { sizeWords } from "../storage.js";

/** @param {HTMLInputElement} input @param {ArrayBuffer} bytes @param {string} name puts the small file in the place of the large one */
function replace(input, bytes, name) {
  const files = new DataTransfer();
  files.items.add(new File([bytes], name.replace(/\.\w+$/, "") + ".jpg", { type: TYPE }));
  input.files = files.files;
}

/** @param {HTMLElement} place @param {File} file */
function preview(place, file) {
  const image = h("img", { src: URL.createObjectURL(file), alt: t("The picture just chosen") });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  place.replaceChildren(image);
  place.hidden = false;
}

/** @param {HTMLInputElement} input */
async function chosen(input) {
  const file = input.files?.[0];
  const part = /** @type {HTMLElement} */ (input.closest(".step-picture"));
  const said = /** @type {HTMLElement} */ (part.querySelector("[role=status]"));
  if (!file) return;
  said.textContent = t("Making the picture small.");
  try {
    replace(input, await shrink(file), file.name);
    const small = /** @type {FileList} */ (input.files)[0];
    preview(/** @type {HTMLElement} */ (part.querySelector(".chosen")), small);
    said.textContent = t("Chosen, %(size)s. It is kept when you save the process.", { size: sizeWords(small.size) });
  } catch {
    said.textContent = t("This picture cannot be read here. Choose a JPEG, PNG or WebP.");
    input.value = "";
  }
}

/** @param {HTMLFormElement} form listened to as a whole: steps come and go */
export function watchPictures(form) {
  form.addEventListener("change", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.matches("[data-picture]")) chosen(input);
  });
}
