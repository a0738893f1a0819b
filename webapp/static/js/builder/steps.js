// @ts-check
/** The steps of the builder without a page load: added by Enter, folded, moved. */

import { byId } from "../dom.js";
import { t } from "../language.js";
import { learn, offer } from "./earlier.js";
import { keepLinks } from "./links.js";
import { number } from "./numbers.js";
import { leaveOpen } from "./suggested.js";

const list = byId("steps");
const said = byId("steps-said");

/** @returns {HTMLElement[]} */
export const items = () => [...list.querySelectorAll(":scope > .step-item")].map((each) => /** @type {HTMLElement} */ (each));

/** @param {Element} item @returns {HTMLDetailsElement} */
export const fold = (item) => /** @type {HTMLDetailsElement} */ (item.querySelector("details.step-set"));

/** @param {Element} item @returns {HTMLInputElement} */
const title = (item) => /** @type {HTMLInputElement} */ (item.querySelector('[name$="-title"]'));

/** @param {Element} item @param {number} place */
export const called = (item, place) => title(item).value.trim() || t("Step %(n)s", { n: place });

/** Numbers the steps as they stand now; whoever follows the form looks at it again. */
export function settle() {
  said.textContent = "";
  items().forEach((item, place, all) => number(item, place + 1, all.length));
  offer(items());
  keepLinks(items());
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Says where a step stands now. @param {HTMLElement} item */
export function tell(item) {
  const all = items();
  const place = all.indexOf(item) + 1;
  said.textContent = t("%(step)s is step %(n)s of %(all)s now.", { step: called(item, place), n: place, all: all.length });
}

/** A step that says nothing yet. */
export function empty() {
  const template = /** @type {HTMLTemplateElement} */ (byId("step-new"));
  return /** @type {HTMLElement} */ (/** @type {Element} */ (template.content.firstElementChild).cloneNode(true));
}

/** @param {Element | null} after the step that it follows; none: it comes last */
export function add(after) {
  const item = empty();
  for (const each of items()) if (title(each).value.trim()) fold(each).open = false;
  if (after) after.after(item);
  else list.append(item);
  leaveOpen([item]);
  settle();
  fold(item).open = true;
  title(item).focus();
}

/** Enter in a title: on to the next step, which is made where there is none. @param {Element} item */
function onward(item) {
  if (!title(item).value.trim()) return;
  const next = items()[items().indexOf(/** @type {HTMLElement} */ (item)) + 1];
  if (!next || title(next).value.trim()) {
    add(item);
    return;
  }
  fold(item).open = false;
  fold(next).open = true;
  title(next).focus();
}

/** Moves a step by one; its neighbour is what moves in the page, so that the focus stays. @param {HTMLElement} item @param {-1 | 1} by */
export function move(item, by) {
  const all = items();
  const neighbour = all[all.indexOf(item) + by];
  if (!neighbour) return;
  const focused = /** @type {HTMLElement} */ (document.activeElement);
  if (by < 0) item.after(neighbour);
  else item.before(neighbour);
  settle();
  tell(item);
  if (focused.hidden) {
    const other = item.querySelector(".step-move button:not([hidden])");
    if (other instanceof HTMLElement) other.focus();
  }
  item.scrollIntoView({ block: "nearest" });
}

/** The line that a step folds to. @param {Element} item */
export function line(item) {
  const proof = /** @type {HTMLSelectElement} */ (item.querySelector('[name$="-proof"]'));
  /** @type {Element} */ (item.querySelector("[data-title]")).textContent = title(item).value;
  /** @type {Element} */ (item.querySelector("[data-proof]")).textContent = proof.selectedOptions[0]?.text ?? "";
}

/** @param {Element} item @param {HTMLButtonElement} pressed @returns {boolean} whether it was a button of steps */
function act(item, pressed) {
  const step = /** @type {HTMLElement} */ (item);
  const verb = pressed.value.split(":")[0];
  if (verb === "up") move(step, -1);
  else if (verb === "down") move(step, 1);
  else return false;
  return true;
}

/** @param {KeyboardEvent} event */
function key(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const item = /** @type {HTMLElement | null} */ (target.closest(".step-item"));
  if (!item) return;
  if (event.key === "Enter" && !event.isComposing && target === title(item)) {
    event.preventDefault();
    onward(item);
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(item, event.key === "ArrowUp" ? -1 : 1);
  }
}

/** @param {MouseEvent} event */
function press(event) {
  const pressed = /** @type {HTMLElement} */ (event.target).closest("button[name=action]");
  const item = pressed?.closest(".step-item");
  if (pressed instanceof HTMLButtonElement && item && act(item, pressed)) event.preventDefault();
}

/** All steps as lines with the buttons that move them. @param {HTMLElement} toggle */
function reorder(toggle) {
  const ordering = list.classList.toggle("ordering");
  toggle.textContent = ordering ? t("Done with the order") : t("Change the order");
  if (!ordering) {
    toggle.scrollIntoView({ block: "nearest" });
    return;
  }
  for (const item of items()) fold(item).open = false;
  const first = items()[0].querySelector(".step-move button:not([hidden])");
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  list.scrollIntoView({ block: "start" });
}

export function watchSteps() {
  list.classList.add("live");
  list.addEventListener("keydown", key);
  list.addEventListener("click", press);
  list.addEventListener("input", (event) => {
    const item = /** @type {HTMLElement} */ (event.target).closest(".step-item");
    if (item) line(item);
  });
  learn(list, items());
  offer(items());
  leaveOpen(items().filter((item) => !title(item).value.trim()));
  list.addEventListener("change", () => {
    learn(list, items());
    offer(items());
  });
  byId("add-step").addEventListener("click", (event) => {
    event.preventDefault();
    add(null);
  });
  const toggle = byId("reorder");
  toggle.hidden = false;
  toggle.addEventListener("click", () => reorder(toggle));
}
