// @ts-check
/** The control for each kind of proof. */

import { h } from "../dom.js";
import { kindWord } from "../words.js";
import { note } from "./note.js";
import { number } from "./number.js";
import { photo } from "./photo.js";
import { timed } from "./timed.js";

const CONTROLS = { photo, number, note, timed };

/** @param {import("../day.js").Step} step a step whose proof has no control on screen yet */
function elsewhere(step) {
  const words = `This step needs a ${kindWord(step.proof.kind)}. This version of the app cannot take it yet; tell your manager.`;
  return { element: h("p", { class: "notice" }, words), close() {} };
}

/**
 * @param {import("../day.js").Step} step
 * @param {import("./photo.js").Save} save
 * @param {import("./photo.js").Act} act
 * @returns {import("./photo.js").Control}
 */
export function proofControl(step, save, act) {
  const control = CONTROLS[/** @type {keyof typeof CONTROLS} */ (step.proof.kind)];
  return control ? control(step, save, act) : elsewhere(step);
}
