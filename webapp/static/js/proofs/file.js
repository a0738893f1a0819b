// @ts-check
/** A file as proof. Its bytes are read at once: what a browser only points to may be gone when it is sent. */

import { busyButton, h, show } from "../dom.js";
import { sha256 } from "../ids.js";
import { t } from "../language.js";
import { sizeWords } from "../storage.js";

/** @typedef {{bytes: ArrayBuffer, media_type: string, sha256: string, name: string}} Kept */

export const LARGEST = 15e6;
const LONGEST_NAME = 200;

/** Cut in the middle: what kind of file it is shows at its end. @param {string} name */
export function fitting(name) {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 21)}…${name.slice(-20)}`;
}

/** Why it cannot be taken; empty when it can. @param {File} file */
function refusal({ size }) {
  if (size > LARGEST) return t("This file has %(size)s. Baton takes files of up to %(most)s. Choose a smaller one.", { size: sizeWords(size), most: sizeWords(LARGEST) });
  return size ? "" : t("This file is empty. Choose another one.");
}

/** @param {File} file @returns {Promise<Kept>} */
async function readWhole(file) {
  const bytes = await file.arrayBuffer();
  if (bytes.byteLength !== file.size) throw new Error("it came shorter than it says");
  return { bytes, media_type: (file.type || "application/octet-stream").slice(0, 100), sha256: await sha256(bytes), name: fitting(file.name) };
}

/** @param {import("./index.js").Work} work @returns {import("./index.js").Control} */
export function control({ kept, draft, save, act }) {
  const stage = h("div", { class: "proof" });

  /** @param {string} label @param {string} [look] */
  function chooser(label, look = "") {
    const input = h("input", { class: "vh", type: "file", onchange: () => input.files[0] && take(input.files[0]) });
    return h("label", { class: `button big wide ${look}`.trim() }, label, input);
  }

  function first(words = "") {
    show(stage, words && h("p", { class: "notice need", role: "alert" }, words), h("p", { class: "hint" }, t("Any file of up to %(most)s.", { most: sizeWords(LARGEST) })));
    act(chooser(t("Choose the file")));
  }

  /** @param {File} file */
  async function take(file) {
    const no = refusal(file);
    if (no) return first(no);
    show(stage, h("p", { class: "hint", role: "status" }, t("Reading %(file)s.", { file: file.name })));
    act();
    try {
      const taken = await readWhole(file);
      draft.write(taken);
      offer(taken);
    } catch {
      first(t("This file cannot be read. It may lie in the cloud only: open it once on this device, then choose it again."));
    }
  }

  /** @param {Kept} taken */
  function offer({ bytes, media_type, sha256: hash, name }) {
    const size = bytes.byteLength;
    show(stage, h("p", { class: "file-card", role: "status" }, h("b", null, name), h("span", null, sizeWords(size))));
    const use = async () => void (await save({ kind: "file", sha256: hash, bytes: size, media_type, name }, { bytes, media_type }));
    act(busyButton(t("Use this file"), t("Saving"), use), chooser(t("Choose another"), "quiet"));
  }

  if (kept?.bytes) offer(/** @type {any} */ (kept));
  else first();
  return { element: stage, close() {} };
}
