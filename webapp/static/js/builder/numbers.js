// @ts-check
/** The number of a step, wherever it stands: in names, ids, what refers to them, and in words. */

const NAMED = ["id", "name", "for", "aria-describedby", "aria-labelledby", "href", "formaction"];

/** @param {Element} element whose words and names it is put into @param {number} n */
export function name(element, n) {
  for (const attribute of NAMED) {
    const value = element.getAttribute(attribute);
    if (value) element.setAttribute(attribute, value.replace(/\bstep-(?:\d+|new)-/g, `step-${n}-`));
  }
  if (element instanceof HTMLButtonElement && element.name === "action") {
    element.value = element.value.replace(/:(?:\d+|new)$/, `:${n}`);
  }
  const words = element.getAttribute("data-n");
  if (words) element.textContent = words.replace("{n}", String(n));
}

/** @param {HTMLElement} item one step @param {number} n from 1 @param {number} all how many there are */
export function number(item, n, all) {
  for (const element of item.querySelectorAll("*")) name(element, n);
  for (const [verb, useless] of /** @type {[string, boolean][]} */ ([
    ["up", n === 1],
    ["down", n === all],
    ["remove_step", all === 1],
  ])) {
    const button = item.querySelector(`button[value^="${verb}:"]`);
    if (button instanceof HTMLElement) button.hidden = useless;
  }
}
