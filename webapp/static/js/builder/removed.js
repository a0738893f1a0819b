// @ts-check
/** Steps that were removed: a way back in their place, also across an answer of the server. */

import { button, byId, h } from "../dom.js";
import { t } from "../language.js";
import { meanings, put, rejoin } from "./earlier.js";
import { add, called, empty, fold, items, line, settle, tell } from "./steps.js";

const OFFERED_MS = 8_000;

const list = byId("steps");

/** What can come back, by the line in its place. @type {Map<HTMLElement, {item: HTMLElement, words: string, since: number}>} */
const gone = new Map();

/** The line in the place of a step that is gone. @param {HTMLElement} item @param {string} words what it is called @param {number} since */
function wayBack(item, words, since) {
  const undo = button(t("Undo"), back, { class: "button plain" });
  const place = h("li", { class: "step-gone notice" }, h("p", { role: "status" }, t("%(step)s is removed.", { step: words })), undo);
  gone.set(place, { item, words, since });
  function back() {
    gone.delete(place);
    place.replaceWith(item);
    /** @type {HTMLElement} */ (fold(item).querySelector("summary")).focus();
    settle();
    tell(item);
  }
  return place;
}

/** Takes a step out: for 8 seconds, and then until something else changes, it can come back. @param {HTMLElement} item */
function remove(item) {
  const place = wayBack(item, called(item, items().indexOf(item) + 1), Date.now());
  item.replaceWith(place);
  if (!items().length) add(null);
  settle();
  place.querySelector("button").focus();
}

function closeLater() {
  for (const [place, { since }] of gone) {
    if (Date.now() - since < OFFERED_MS || place.matches(":hover, :focus-within")) continue;
    gone.delete(place);
    place.remove();
  }
}

/** @param {Element} item @returns {Array<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>} all that is sent of a step but its file */
const fields = (item) => [...item.querySelectorAll('[name^="step-"]:not([type="file"])')].map((each) => /** @type {any} */ (each));

/** @param {{name: string}} field */
const part = ({ name }) => name.replace(/^step-\w+-/, "");

/** What a step says, as text. @param {HTMLElement} item */
function said(item) {
  const values = fields(item).map((each) => [part(each), each instanceof HTMLInputElement && each.type === "checkbox" && !each.checked ? "" : each.value]);
  const shown = item.querySelector(".chosen img");
  return { ...Object.fromEntries(values), ...meanings(item, items()), shown: shown?.getAttribute("src") ?? "" };
}

/** A step that says that. @param {Record<string, string>} values */
function revived(values) {
  const item = empty();
  for (const each of fields(item)) {
    const value = values[part(each)] ?? "";
    if (each instanceof HTMLInputElement && each.type === "checkbox") each.checked = Boolean(value);
    else each.value = value;
  }
  for (const each of item.querySelectorAll("details.step-later, details.step-picture")) {
    /** @type {HTMLDetailsElement} */ (each).open = Boolean(each.matches(".step-later") ? values.only_if || values.after_step : values.picture);
  }
  const figure = /** @type {HTMLElement | null} */ (item.querySelector(".chosen"));
  if (figure && values.picture) figure.replaceChildren(h("img", { src: values.shown, alt: values.picture_alt }));
  if (figure) figure.hidden = !values.picture;
  put(item, values, items());
  line(item);
  fold(item).open = false;
  return item;
}

/** @param {HTMLFormElement} form */
const keyOf = (form) => `builder-gone ${form.dataset.person} ${location.pathname}`;

/** @param {HTMLFormElement} form */
function keep(form) {
  const kept = [...gone].map(([place, { item, words, since }]) => {
    const at = items().filter((each) => each.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING).length;
    return { at, words, since, values: said(item) };
  });
  if (kept.length) sessionStorage.setItem(keyOf(form), JSON.stringify(kept));
}

/** Offers what was removed before the form was sent, when this page is the answer. @param {HTMLFormElement} form */
function again(form) {
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "[]");
  sessionStorage.removeItem(keyOf(form));
  if (!form.hasAttribute("data-answer")) return;
  const all = items();
  for (const { at, words, since, values } of kept) {
    const item = revived(values);
    const place = wayBack(item, words, since);
    if (all[at]) all[at].before(place);
    else list.append(place);
    rejoin(item, all);
  }
}

/** @param {HTMLFormElement} form */
export function watchRemovals(form) {
  again(form);
  list.addEventListener("click", (event) => {
    const pressed = /** @type {HTMLElement} */ (event.target).closest('button[value^="remove_step:"]');
    if (!pressed) return;
    event.preventDefault();
    remove(/** @type {HTMLElement} */ (pressed.closest(".step-item")));
  });
  form.addEventListener("input", closeLater);
  form.addEventListener("submit", () => keep(form));
}
