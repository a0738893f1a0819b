// @ts-check
/** What was done about a step that had failed: asked once, beside whatever is next. */

import { button, h } from "../dom.js";
import { t } from "../language.js";

/**
 * A sentence with two buttons; whoever walks on has answered too.
 * @param {{id: string, title: string}} step
 * @param {(write: boolean) => void} answer
 */
export function fixAsked(step, answer) {
  const words = t("“%(step)s” had failed. What was done about it?", { step: step.title });
  const buttons = h("div", { class: "buttons" }, button(t("Add a fix note"), () => answer(true), { class: "button" }), button(t("Not now"), () => answer(false), { class: "button quiet" }));
  return h("section", { class: "notice", "aria-label": t("Fix note") }, h("p", null, words), buttons);
}
