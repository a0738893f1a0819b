// @ts-check
/** A reading as proof; outside its range it asks what was done about it. */

import { busyButton, field, h } from "../dom.js";
import { outside, parseNumber, rangeWords } from "../words.js";

/**
 * @param {import("../day.js").Step} step
 * @param {import("./photo.js").Save} save
 * @param {import("./photo.js").Act} act
 * @returns {import("./photo.js").Control}
 */
export function number(step, save, act) {
  const { proof } = step;
  const input = h("input", { id: "value", class: "short", inputmode: "decimal", autocomplete: "off", enterkeyhint: "done", "aria-describedby": "value-hint value-error", oninput: judge });
  const error = h("p", { class: "error", id: "value-error", hidden: true });
  const hint = h("p", { class: "hint", id: "value-hint" }, rangeWords(proof));
  const box = h("div", { class: "reading-box" }, input, proof.unit && h("span", { class: "unit" }, proof.unit));
  const reading = h("div", { class: "reading" }, h("label", { for: "value" }, "Reading"), hint, error, box);
  const order = h("p", { class: "note need", role: "status" }, proof.if_outside || "This is outside the range.");
  const corrective = field({ id: "corrective", label: "What was done?" });
  const outsideParts = h("div", { class: "outside", hidden: true }, order, corrective.element);

  function judge() {
    const value = parseNumber(input.value);
    const out = value !== null && outside(value, proof);
    outsideParts.hidden = !out;
    reading.classList.toggle("need", out);
    return { value, out };
  }

  async function submit() {
    const { value, out } = judge();
    error.hidden = value !== null;
    if (value === null) {
      error.textContent = "Write the reading as a number, like 38.5.";
      return input.focus();
    }
    const done = corrective.control.value.trim();
    if (out && !done) return corrective.complain("Say what was done about it.");
    await save({ kind: "number", value, corrective: out ? done : null });
  }

  act(busyButton("Save the reading", "Saving", submit));
  return { element: h("div", { class: "proof" }, reading, outsideParts), close() {} };
}
