// @ts-check
/** Dropping an export onto the page: an extra over choosing the file. */

import { byId } from "../dom.js";
import { t } from "../language.js";

const zone = byId("drop");
const words = byId("drop-words");
const input = /** @type {HTMLInputElement} */ (byId("file"));

/** @param {string} said */
function say(said) {
  words.textContent = said;
  words.hidden = !said;
}

/** @param {DragEvent} event */
function isFile(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

/** @param {DragEvent} event */
function hover(event) {
  if (!isFile(event)) return;
  event.preventDefault();
  zone.classList.add("over");
}

/** @param {DragEvent} event */
function take(event) {
  if (!isFile(event) || !event.dataTransfer) return;
  event.preventDefault();
  zone.classList.remove("over");
  if (event.dataTransfer.files.length !== 1) {
    say(t("Drop one file at a time."));
    return;
  }
  input.files = event.dataTransfer.files;
  input.form?.requestSubmit();
  say(t("Reading “%(file)s”.", { file: event.dataTransfer.files[0].name }));
}

if (matchMedia("(hover: hover)").matches) say(t("You can also drop the file here."));
document.addEventListener("dragover", hover);
document.addEventListener("dragleave", () => zone.classList.remove("over"));
document.addEventListener("drop", take);
