// @ts-check
/** A note as proof. Dictation is the keyboard's. */

import { keepWords } from "../drafts.js";
import { busyButton, field, h } from "../dom.js";
import { t } from "../language.js";

/** What the server takes. A field that stops there would cut off in silence what is pasted or dictated. */
const LONGEST = 4000;

/** @param {import("./index.js").Work} work @returns {import("./index.js").Control} */
export function control({ kept, draft, save, act }) {
  const input = h("textarea", { id: "note", rows: 4, enterkeyhint: "enter", autocapitalize: "sentences" });
  const words = field({ id: "note", label: t("Note"), hint: t("A sentence is enough."), input });
  keepWords(draft, kept, { note: input });

  async function submit() {
    const text = input.value.trim();
    if (!text) return words.complain(t("Write what was done or found."));
    if (text.length > LONGEST) return words.complain(t("This note has %(num)s characters, and %(most)s is the most. Shorten it by %(over)s; nothing was cut off.", { num: text.length, most: LONGEST, over: text.length - LONGEST }));
    words.complain("");
    await save({ kind: "note", text });
  }

  act(busyButton(t("Save the note"), t("Saving"), submit));
  return { element: h("div", { class: "proof" }, words.element), close() {} };
}
