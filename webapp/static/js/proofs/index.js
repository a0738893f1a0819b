// @ts-check
/** The control for each kind of proof, fetched when it is needed; what is begun with it outlives the page. */

import { arrivals, draftOf } from "../drafts.js";
import { busyButton, h, show } from "../dom.js";
import { t } from "../language.js";
import { kindWord } from "../words.js";

/** @typedef {(proof: Record<string, any>, file?: {bytes: ArrayBuffer, media_type: string}) => Promise<boolean>} Save resolves to whether it lies safely on this device */
/** @typedef {(...buttons: (HTMLElement | null)[]) => void} Act puts the control's buttons at the thumb */
/** @typedef {{element: HTMLElement, close: () => void}} Control */
/**
 * @typedef {object} Work what a control works with
 * @property {import("../day.js").Step} step
 * @property {string} zone its times are read on the location's clock
 * @property {import("../drafts.js").Draft | null} kept what was begun before
 * @property {import("../drafts.js").Kept} draft
 * @property {Save} save
 * @property {Act} act
 */

/** @type {Record<string, () => Promise<{control: (work: Work) => Control}>>} */
const CONTROLS = {
  photo: () => import("./photo.js"),
  number: () => import("./number.js"),
  note: () => import("./note.js"),
  signature: () => import("./signature.js"),
  file: () => import("./file.js"),
  scan: () => import("./scan.js"),
  timed: () => import("./timed.js"),
};

/** @param {import("../day.js").Step} step of a later version of the server */
function unknown(step) {
  return h("p", { class: "notice" }, t("This step needs a %(kind)s, which is newer than this page. Close Baton and open it again with a connection.", { kind: kindWord(step.proof.kind) }));
}

/**
 * @param {import("../day.js").Step} step
 * @param {string} zone
 * @param {Save} save
 * @param {Act} act
 * @returns {Control}
 */
export function proofControl(step, zone, save, act) {
  const get = CONTROLS[step.proof.kind];
  if (!get) return { element: unknown(step), close() {} };
  const place = h("div");
  const draft = draftOf(step);
  /** @type {Control | null} */
  let control = null;
  let closed = false;

  /** @type {Save} */
  const keep = async (proof, file) => {
    const saved = await save(proof, file);
    if (saved) await draft.finish();
    return saved;
  };

  async function open() {
    try {
      const [made, kept] = await Promise.all([get(), draft.read()]);
      if (closed) return;
      control?.close();
      control = made.control({ step, zone, kept, draft, save: keep, act });
      show(place, control.element);
    } catch {
      show(place, h("p", { class: "notice need", role: "alert" }, t("This part of Baton is not on this device yet. It comes with a connection.")));
      act(busyButton(t("Try again"), t("One moment"), open));
    }
  }

  arrivals.addEventListener(draft.key, open);
  open();
  return {
    element: place,
    close() {
      closed = true;
      arrivals.removeEventListener(draft.key, open);
      control?.close();
    },
  };
}
