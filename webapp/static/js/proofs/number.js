// @ts-check
/** A reading as proof, with big keys; outside its range it asks what was done about it. */

import { keepWords } from "../drafts.js";
import { busyButton, field, h } from "../dom.js";
import { number, t } from "../language.js";
import { outside, parseNumber, rangeWords } from "../readings.js";
import { numberPad } from "./pad.js";

/** @param {import("./index.js").Work} work @returns {import("./index.js").Control} */
export function control({ step, kept, draft, save, act }) {
  const { proof } = step;
  const input = h("input", { id: "value", class: "short", inputmode: "decimal", autocomplete: "off", enterkeyhint: "done", maxlength: 16, "aria-describedby": "value-hint value-error", oninput: judge });
  const error = h("p", { class: "error", id: "value-error", hidden: true });
  const range = rangeWords(proof);
  const hint = h("p", { class: "hint", id: "value-hint" }, range);
  const box = h("div", { class: "reading-box" }, input, proof.unit && h("span", { class: "unit" }, proof.unit));
  const reading = h("div", { class: "reading" }, h("label", { for: "value" }, t("Reading")), hint, error, box);
  const order = h("p", { class: "note need", role: "status" }, proof.if_outside || t("This is outside the range."));
  const corrective = field({ id: "corrective", label: t("What was done?") });
  const outsideParts = h("div", { class: "outside", hidden: true }, order, corrective.element);
  keepWords(draft, kept, { value: input, corrective: corrective.control });

  function judge() {
    const value = parseNumber(input.value);
    const out = value !== null && outside(value, proof);
    outsideParts.hidden = !out;
    reading.classList.toggle("need", out);
    hint.textContent = out ? t("Outside: %(range)s", { range: range.charAt(0).toLowerCase() + range.slice(1) }) : range; // one line, or the keys would move
    if (value !== null) error.hidden = true;
    return { value, out };
  }

  async function submit() {
    const { value, out } = judge();
    error.hidden = value !== null;
    if (value === null) {
      error.textContent = t("Write the reading as a number, like %(example)s.", { example: number(38.5) });
      return input.focus();
    }
    const done = corrective.control.value.trim();
    if (out && !done) {
      corrective.complain(t("Say what was done about it."));
      // The buttons at the thumb lie over the end of a small screen: what is asked is shown whole above them.
      return outsideParts.scrollIntoView({ block: "center" });
    }
    await save({ kind: "number", value, corrective: out ? done : null });
  }

  judge();
  act(busyButton(t("Save the reading"), t("Saving"), submit));
  const entry = h("div", { class: "entry" }, reading, numberPad(input));
  return { element: h("div", { class: "proof" }, entry, outsideParts), close() {} };
}
