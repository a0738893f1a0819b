// @ts-check
/** The proof that the title of a new step points to, offered beside it: one press takes it. */

import { button, h } from "../dom.js";
import { row, t, tc } from "../language.js";

const PARTS = ["unit", "min", "max"];

/** Steps whose proof nobody has chosen yet. @type {Set<Element>} */
const open = new Set();

/** @param {Element} item @param {string} part @returns {HTMLInputElement} */
const field = (item, part) => /** @type {HTMLInputElement} */ (item.querySelector(`[name$="-${part}"]`));

/** @param {Element} item @returns {HTMLSelectElement} */
const proof = (item) => /** @type {any} */ (field(item, "proof"));

/** @param {Element} item @returns {HTMLDetailsElement} */
const fold = (item) => /** @type {HTMLDetailsElement} */ (item.querySelector("details.step-set"));

/** @param {Element} item */
const offered = (item) => item.querySelector(".step-offer");

/** @param {Element[]} items new steps */
export function leaveOpen(items) {
  for (const item of items) {
    open.add(item);
    proof(item).addEventListener("change", () => settle(item));
    fold(item).addEventListener("toggle", () => place(item));
  }
}

/** Somebody has chosen. @param {Element} item */
function settle(item) {
  open.delete(item);
  offered(item)?.remove();
}

/** Beside the proof where that is to be seen, else below the line of the step. @param {Element} item */
function place(item) {
  const offer = offered(item);
  if (!offer) return;
  if (fold(item).open) /** @type {Element} */ (proof(item).closest(".field")).after(offer);
  else item.append(offer);
}

/** The range that a title names; signs are the same in all languages. @param {DOMStringMap} suited */
function range({ min, max }) {
  if (min && max) return `${min}–${max}`;
  return min ? `≥ ${min}` : max ? `≤ ${max}` : "";
}

/** The proof with its range and its unit, in words. @param {Element} item @param {DOMStringMap} suited */
function named(item, suited) {
  const kind = [...proof(item).options].find((each) => each.value === suited.proof)?.text;
  const measured = [range(suited), suited.unit].filter(Boolean).join(" ");
  return row(kind, measured);
}

/** @param {Element} item @param {DOMStringMap} suited */
function take(item, suited) {
  proof(item).value = suited.proof ?? "";
  for (const part of PARTS) if (!field(item, part).value) field(item, part).value = suited[part] ?? "";
  fold(item).open = true;
  proof(item).focus();
  for (const type of ["input", "change"]) proof(item).dispatchEvent(new Event(type, { bubbles: true }));
}

/** @param {Element} item @param {HTMLElement} found what the server offers for its title */
function offer(item, found) {
  const words = t("Its title points to: %(proof)s.", { proof: named(item, found.dataset) });
  if (offered(item)?.getAttribute("data-words") === words) return;
  offered(item)?.remove();
  const press = button(tc("proof", "Take it"), () => take(item, found.dataset), { class: "button quiet" });
  const step = t("for step %(n)s", { n: "{n}" });
  press.append(h("span", { class: "vh", "data-n": ` ${step}` }, ` ${step.replace("{n}", proof(item).name.split("-")[1])}`));
  const said = h("p", { role: "status" }, words, " ", h("span", { class: "hint" }, found.textContent));
  item.append(h("div", { class: "step-offer", "data-words": words }, said, press));
  place(item);
}

/** Offers what the server suggests for each title. @param {Document} page what follows from the form */
export function suggest(page) {
  const suited = new Map([...page.querySelectorAll("#offers [data-title]")].map((each) => [each.getAttribute("data-title"), /** @type {HTMLElement} */ (each)]));
  for (const item of open) {
    const found = suited.get(field(item, "title").value.trim());
    if (found && proof(item).value !== found.dataset.proof) offer(item, found);
    else offered(item)?.remove();
  }
}
