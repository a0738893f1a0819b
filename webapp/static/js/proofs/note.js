// @ts-check
/** A note as proof. */

import { busyButton, field, h } from "../dom.js";

/**
 * @param {import("../day.js").Step} step
 * @param {import("./photo.js").Save} save
 * @param {import("./photo.js").Act} act
 * @returns {import("./photo.js").Control}
 */
export function note(step, save, act) {
  const words = field({ id: "note", label: "Note", hint: "A sentence is enough." });

  async function submit() {
    const text = words.control.value.trim();
    if (!text) return words.complain("Write what was done or found.");
    words.complain("");
    await save({ kind: "note", text });
  }

  act(busyButton("Save the note", "Saving", submit));
  return { element: h("div", { class: "proof" }, words.element), close() {} };
}
