// @ts-check
/** A note as proof. Dictation is the keyboard's. */

import { keepWords } from "../drafts.js";
import { busyButton, field, h } from "../dom.js";

/** What the server takes. A field that stops there would cut off in silence what is pasted or dictated. */
const LONGEST = 4000;

/** @param {import("./index.js").Work} work @returns {import("./index.js").Control} */
export function control({ kept, draft, save, act }) {
  const input = h("textarea", { id: "note", rows: 4, enterkeyhint: "enter", autocapitalize: "sentences" });
  const words = field({ id: "note", label: "Note", hint: "A sentence is enough.", input });
  keepWords(draft, kept, { note: input });

  async function submit() {
    const text = input.value.trim();
    if (!text) return words.complain("Write what was done or found.");
    if (text.length > LONGEST) return words.complain(`This note has ${text.length} characters, and ${LONGEST} is the most. Shorten it by ${text.length - LONGEST}; nothing was cut off.`);
    words.complain("");
    await save({ kind: "note", text });
  }

  act(busyButton("Save the note", "Saving", submit));
  return { element: h("div", { class: "proof" }, words.element), close() {} };
}
