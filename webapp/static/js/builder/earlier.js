// @ts-check
/** Steps that wait for an earlier one name it by its number; they mean the same step after it moved. */

import { h } from "../dom.js";
import { t } from "../language.js";

const NAMING = '[name$="-only_if_step"], [name$="-after_step"]';

/** Which step each choice means. @type {WeakMap<Element, HTMLElement | undefined>} */
const meant = new WeakMap();

/** @param {ParentNode} part @returns {HTMLSelectElement[]} */
const choices = (part) => [...part.querySelectorAll(NAMING)].map((each) => /** @type {HTMLSelectElement} */ (each));

/** Remembers what the choices mean. @param {ParentNode} part @param {HTMLElement[]} items as they are numbered now */
export function learn(part, items) {
  for (const choice of choices(part)) meant.set(choice, items[Number(choice.value) - 1]);
}

/** @param {HTMLElement} item @param {number} n */
function named(item, n) {
  const title = /** @type {HTMLInputElement} */ (item.querySelector('[name$="-title"]')).value.trim();
  return t("%(n)s: %(title)s", { n, title: title || t("no title yet") });
}

/** Offers the steps before each step, under their numbers now. A step that is gone is named no more. @param {HTMLElement[]} items */
export function offer(items) {
  items.forEach((item, place) => {
    for (const choice of choices(item)) {
      const target = meant.get(choice);
      const offered = items.flatMap((each, at) =>
        at < place || each === target ? [h("option", { value: at + 1, selected: each === target }, named(each, at + 1))] : [],
      );
      choice.replaceChildren(choice.options[0], ...offered);
    }
    const later = /** @type {HTMLDetailsElement | null} */ (item.querySelector(".step-later"));
    if (later) later.hidden = place === 0 && !later.open;
  });
}
