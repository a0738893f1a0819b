// @ts-check
/** The step that is open on the page: its proof control, the ways out of it, and its fix note. */

import { draftOf, keepWords } from "./drafts.js";
import { busyButton, button, field, h, show, thumb } from "./dom.js";
import { t } from "./language.js";
import { proofControl } from "./proofs/index.js";

/** @typedef {import("./day.js").Step} Step */
/** @typedef {"proof" | "cannot_do" | "not_applicable" | "fix_note"} Mode */
/** @typedef {{kind: string, proof?: any, reason?: string, text?: string}} Done */
/** @typedef {(done: Done, file?: {bytes: ArrayBuffer, media_type: string}) => Promise<boolean>} Keep resolves to whether it lies safely on this device */

const ASK = {
  cannot_do: { title: t("I can't do this"), label: t("Why not?"), hint: t("The next person gets the step at once, with your words."), save: t("Hand it on"), empty: t("Say why, so that the next person knows.") },
  not_applicable: { title: t("Not applicable"), label: t("Why does it not apply today?"), hint: null, save: t("Save"), empty: t("Say why it does not apply.") },
  fix_note: { title: t("Fix note"), label: t("What was done about it?"), hint: t("It is shown on the next run."), save: t("Save the fix note"), empty: t("Write what was done.") },
};

const QUIET = { class: "button big wide quiet" };

/** @param {Step} step */
export function mayNoteFix(step) {
  return Boolean(step.missed_at || step.sent_back);
}

/**
 * The form that asks for words; a page that ends loses none.
 * @param {Step} step
 * @param {Exclude<Mode, "proof">} mode
 * @param {Keep} keep
 * @param {() => void} back
 * @param {HTMLElement} bottom
 */
function ask(step, mode, keep, back, bottom) {
  const words = ASK[mode];
  const answer = field({ id: "words", label: words.label, hint: words.hint });
  const draft = draftOf(step, mode);
  draft.read().then((kept) => keepWords(draft, kept, { words: answer.control }));
  const save = async () => {
    const text = answer.control.value.trim();
    if (!text) return answer.complain(words.empty);
    if (await keep(mode === "fix_note" ? { kind: mode, text } : { kind: mode, reason: text })) await draft.finish();
  };
  const offer = mode === "fix_note" && step.fix_offer;
  const take = () => {
    answer.control.value = offer.text;
    return save();
  };
  show(bottom, busyButton(words.save, t("Saving"), save), offer && button(t("Take it over here"), take, QUIET), button(t("Back"), back, QUIET));
  requestAnimationFrame(() => answer.control.focus());
  return { element: h("div", { class: "proof asking" }, h("h3", null, words.title), offer && h("p", null, offer.words), answer.element), close() {} };
}

/** How it should look, as soon as it is read. @param {Step["picture"]} picture */
function reference(picture) {
  const element = h("figure", { class: "reference" });
  const shown = picture && import("./pictures.js").then(({ showPicture }) => showPicture(element, picture)).catch(() => undefined);
  return { element: picture && element, close: () => shown?.then((stop) => stop?.()) };
}

/**
 * @param {Step} step
 * @param {boolean} act whether this person can close it now
 * @param {Mode} mode
 * @param {{keep: Keep, turn: (mode: Mode) => void, said: string, mark: string, zone: string}} page
 * @returns {{element: HTMLElement, thumb: HTMLElement, close: () => void}}
 */
export function stepPanel(step, act, mode, { keep, turn, said, mark, zone }) {
  const bottom = thumb();
  const fix = mayNoteFix(step) && button(t("Add a fix note"), () => turn("fix_note"), { class: "button plain" });
  const out = [
    act && step.mine && step.level < step.chain.length - 1 && button(t("I can't do this"), () => turn("cannot_do"), QUIET),
    act && step.mine && step.may_skip && button(t("Not applicable"), () => turn("not_applicable"), QUIET),
  ].filter(Boolean);
  const look = mode === "proof" ? reference(step.picture) : null;
  const body = mode !== "proof" ? ask(step, mode, keep, () => turn("proof"), bottom) : act ? control() : null;

  function control() {
    show(bottom, out); // a control without buttons of its own still has the ways out
    // With two buttons the control is in the middle of something: the ways out come back after it.
    return proofControl(step, zone, (proof, file) => keep({ kind: "complete_step", proof }, file), (...own) => show(bottom, own, own.filter(Boolean).length > 1 ? null : out));
  }

  const element = h(
    "section",
    { class: "card", "aria-label": step.title, "data-step": step.id },
    h("h2", { tabindex: "-1" }, h("span", { class: `${mark} small`, "aria-hidden": "true" }), h("bdi", null, step.title)),
    said && h("p", { class: "who" }, said),
    // Beside a camera there is room for a large picture; above keys and fields there is not.
    h("div", { class: step.proof.kind === "photo" ? "how large" : "how" }, mode === "proof" && step.instructions && h("p", { class: "instructions" }, step.instructions), look?.element),
    body?.element,
    mode === "proof" && fix,
  );
  return { element, thumb: bottom, close: () => [body, look].forEach((part) => part?.close()) };
}
