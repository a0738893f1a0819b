// @ts-check
/** Links to fields of this page: to a field that is folded away, and to one whose step was moved. */

import { name } from "./numbers.js";

/** Which step each link leads into. @type {Map<HTMLAnchorElement, Element>} */
const steps = new Map();

/** @param {HTMLAnchorElement} link */
const target = (link) => document.getElementById(link.hash.slice(1));

/** Keeps the links on the steps they lead into; one into a step that is gone is not offered. @param {Element[]} items as they stand now */
export function keepLinks(items) {
  for (const [link, item] of steps) {
    const place = items.indexOf(item) + 1;
    /** @type {HTMLElement} */ (link.closest("li")).hidden = !place;
    for (const element of place ? [link, ...link.querySelectorAll("*")] : []) name(element, place);
  }
}

/** Unfolds what a link leads to, and puts the focus there. @param {MouseEvent} event */
function go(event) {
  const link = /** @type {HTMLElement} */ (event.target).closest('a[href^="#"]');
  const field = link instanceof HTMLAnchorElement ? target(link) : null;
  if (!field?.matches("input, select, textarea")) return;
  event.preventDefault();
  for (let fold = field.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  field.focus();
  field.closest(".field, fieldset")?.scrollIntoView({ block: "nearest" });
}

export function watchLinks() {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".summary a"))) {
    const item = target(link)?.closest(".step-item");
    if (item) steps.set(link, item);
  }
  document.addEventListener("click", go);
}
