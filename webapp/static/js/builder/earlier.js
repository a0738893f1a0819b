// @ts-check
/** Steps that wait for an earlier one name it by its number; they mean the same step after it moved, and after it was removed. */

import { h } from "../dom.js";
import { t } from "../language.js";

/** @param {Element} item @param {string} part @returns {HTMLInputElement} */
const field = (item, part) => /** @type {HTMLInputElement} */ (item.querySelector(`[name$="-${part}"]`));

/** @param {Element} item */
const isNumber = (item) => field(item, "proof").value === "number";

/** @param {Element} item */
const hasRange = (item) => isNumber(item) && (field(item, "min").value.trim() + field(item, "max").value.trim()).length > 0;

/** @param {Element} item */
const maySkip = (item) => field(item, "may_skip").checked;

const NO_NUMBER = t("No earlier step asks for a number.");
const NO_RANGE = t("No earlier step asks for a number with a range.");

/** Which steps can decide what is asked, and what is said where none can. @type {Record<string, [(item: Element) => boolean, string]>} */
const DECIDING = {
  outside: [hasRange, NO_RANGE],
  inside: [hasRange, NO_RANGE],
  above: [isNumber, NO_NUMBER],
  below: [isNumber, NO_NUMBER],
  skipped: [maySkip, t("No earlier step may be marked not applicable.")],
};

const NAMING = '[name$="-only_if_step"], [name$="-after_step"]';

/** Stands before the title of a step that is removed, in place of its number. */
const GONE = "gone:";

/** Which step each choice means. @type {WeakMap<Element, HTMLElement | undefined>} */
const meant = new WeakMap();

/** @param {ParentNode} part @returns {HTMLSelectElement[]} */
const choices = (part) => [...part.querySelectorAll(NAMING)].map((each) => /** @type {HTMLSelectElement} */ (each));

/** @param {HTMLSelectElement} choice */
const partOf = (choice) => choice.name.replace(/^step-\w+-/, "");

/** Remembers what the choices mean; a step that is removed may come back. @param {ParentNode} part @param {HTMLElement[]} items as they are numbered now */
export function learn(part, items) {
  for (const choice of choices(part)) {
    if (!choice.value.startsWith(GONE)) meant.set(choice, items[Number(choice.value) - 1]);
  }
}

/** @param {HTMLElement} item @param {number} n */
function named(item, n) {
  const title = field(item, "title").value.trim();
  return t("%(n)s: %(title)s", { n, title: title || t("no title yet") });
}

/** What the choices of a step mean, as they would be sent, by their part. @param {Element} item @param {HTMLElement[]} items as they stand now */
export function meanings(item, items) {
  return Object.fromEntries(choices(item).map((choice) => [partOf(choice), valueOf(choice, items)]));
}

/** @param {HTMLSelectElement} choice @param {HTMLElement[]} items */
function valueOf(choice, items) {
  const target = meant.get(choice);
  if (!target) return choice.value;
  return items.includes(target) ? String(items.indexOf(target) + 1) : GONE + field(target, "title").value.trim();
}

/** Lets the choices of a step mean that. @param {Element} item @param {Record<string, string>} values @param {HTMLElement[]} items as they are numbered now */
export function put(item, values, items) {
  for (const choice of choices(item)) {
    const value = values[partOf(choice)];
    meant.set(choice, items[Number(value) - 1]);
    if (value.startsWith(GONE)) choice.append(removedOption(value.slice(GONE.length)));
  }
}

/** Lets the steps that wait for one that can come back mean it again. @param {HTMLElement} item @param {HTMLElement[]} items */
export function rejoin(item, items) {
  const value = GONE + field(item, "title").value.trim();
  for (const choice of items.flatMap(choices)) if (choice.value === value) meant.set(choice, item);
}

/** @param {string} title */
const removedOption = (title) => h("option", { value: GONE + title, selected: true }, t("%(step)s is removed.", { step: title || t("no title yet") }));

/** What is offered for a step that is removed and still meant. @param {HTMLSelectElement} choice @param {HTMLElement[]} items */
function removed(choice, items) {
  const target = meant.get(choice);
  if (!target) return [...choice.options].filter((each) => each.selected && each.value.startsWith(GONE));
  if (items.includes(target)) return [];
  return [removedOption(field(target, "title").value.trim())];
}

/** Says why no step is offered that decides. @param {HTMLElement} item @param {HTMLElement[]} before */
function explain(item, before) {
  const [decides, none] = DECIDING[field(item, "only_if").value] ?? [() => true, ""];
  const said = /** @type {HTMLElement} */ (item.querySelector("[data-none]"));
  const words = before.some(decides) ? "" : none;
  if (said.textContent !== words) said.textContent = words;
}

/** @param {HTMLElement} item @param {HTMLSelectElement} choice @returns {(each: Element) => boolean} whether a step can be chosen there */
function suits(item, choice) {
  if (!choice.name.endsWith("-only_if_step")) return () => true;
  return DECIDING[field(item, "only_if").value]?.[0] ?? (() => true);
}

/** Offers the steps before each step that suit, under their numbers now. @param {HTMLElement[]} items */
export function offer(items) {
  items.forEach((item, place) => {
    for (const choice of choices(item)) {
      const target = meant.get(choice);
      const fits = suits(item, choice);
      const offered = items.flatMap((each, at) =>
        (at < place && fits(each)) || each === target ? [h("option", { value: at + 1, selected: each === target }, named(each, at + 1))] : [],
      );
      choice.replaceChildren(choice.options[0], ...offered, ...removed(choice, items));
    }
    explain(item, items.slice(0, place));
    const later = /** @type {HTMLDetailsElement | null} */ (item.querySelector(".step-later"));
    if (later) later.hidden = place === 0 && !later.open;
  });
}
