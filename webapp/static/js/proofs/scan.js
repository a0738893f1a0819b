// @ts-check
/** A scan as proof: the code at the spot, read by the camera or typed. */

import { closeCamera, openCamera, viewfinder, withLight } from "../camera.js";
import { keepWords } from "../drafts.js";
import { busyButton, button, field, h, show } from "../dom.js";
import { sha256 } from "../ids.js";
import { t } from "../language.js";
import { codeReader } from "./reader.js";

const QUIET = { class: "button big wide quiet" };
const BETWEEN_MS = 150;
const OTHER = t("This is another spot's code. Scan the one at this spot.");

/** Whether it is surely another spot's: the step brings two digits of the right code's hash, if it has one. @param {string} code @param {any} proof */
export async function isOther(code, { code_check: check }) {
  if (!check) return false;
  const bytes = new TextEncoder().encode(code.trim());
  return !(await sha256(/** @type {any} */ (bytes))).startsWith(check);
}

/**
 * What is typed by hand may differ in capital letters: where exactly one way to write it can be this spot's,
 * that one is meant. The server still wants the code as it is, and a scan is never changed.
 * @param {string} code @param {any} proof @returns {Promise<string>}
 */
export async function asMeant(code, proof) {
  const others = await Promise.all([code, code.toUpperCase(), code.toLowerCase()].map(async (way) => ((await isOther(way, proof)) ? "" : way)));
  const fits = [...new Set(others.filter(Boolean))];
  return fits.length === 1 ? fits[0] : code;
}

/** @param {import("./index.js").Work} work @returns {import("./index.js").Control} */
export function control({ step, kept, draft, save, act }) {
  const stage = h("div", { class: "proof" });
  const said = h("p", { class: "notice need", role: "alert", hidden: true });
  const typed = field({ id: "code", label: t("The code at the spot"), hint: t("It is printed beside the square."), input: h("input", { id: "code", class: "middle", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 300, enterkeyhint: "done" }) });
  keepWords(draft, kept, { code: typed.control });
  /** @type {MediaStream | null} */
  let stream = null;
  let closed = false;

  function rest() {
    closeCamera(stream);
    stream = null;
    said.hidden = true;
  }

  function close() {
    closed = true;
    rest();
  }

  const toType = () => button(t("Type the code"), type, { class: "button plain" });

  function first(words = "") {
    rest();
    show(stage, words && h("p", { class: "notice", role: "alert" }, words), h("p", { class: "hint" }, t("The code is at the spot itself.")), toType());
    act(busyButton(t("Scan the code"), t("Opening the camera"), camera));
  }

  /** @param {string} code @returns {Promise<boolean>} whether it was kept */
  async function take(code) {
    if (await isOther(code, step.proof)) return false;
    rest();
    if (!(await save({ kind: "scan", code }))) first();
    return true;
  }

  async function camera() {
    rest();
    const reader = codeReader();
    reader.catch(() => undefined); // awaited below
    try {
      stream = await openCamera();
    } catch {
      return type(t("The camera cannot be used inside this page. Type the code instead."));
    }
    if (closed) return rest();
    const { video, ready } = viewfinder(stream, () => first(t("The camera was taken away. Scan the code again.")));
    show(stage, h("figure", { class: "photo live scanning" }, video), said, h("p", { class: "hint", role: "status" }, t("Hold the camera over the code. It is read by itself.")));
    withLight(stream, ready, (light) => act(button(t("Type the code"), type, QUIET), light, button(t("Close the camera"), () => first(), QUIET)));
    stage.scrollIntoView({ block: "start" });
    await ready;
    look(video, await reader).catch(() => type(t("Codes cannot be read here. Type the code instead.")));
  }

  /** @param {HTMLVideoElement} video @param {import("./reader.js").Read} read */
  async function look(video, read) {
    while (stream && video.isConnected) {
      const code = video.readyState > 1 ? await read(video) : "";
      if (!stream || !video.isConnected) return;
      if (code && (await take(code))) return;
      if (code) said.textContent = OTHER;
      said.hidden = said.hidden && !code; // once said it stays: a hand shakes
      await new Promise((done) => setTimeout(done, BETWEEN_MS));
    }
  }

  /** @param {unknown} [words] */
  function type(words) {
    rest();
    show(stage, typeof words === "string" && h("p", { class: "notice", role: "alert" }, words), typed.element, button(t("Scan it with the camera"), camera, { class: "button plain" }));
    act(busyButton(t("Save the code"), t("Saving"), submit));
    typed.control.focus();
  }

  async function submit() {
    const code = typed.control.value.trim();
    if (!code) return typed.complain(t("Type the code that is at the spot."));
    typed.complain("");
    if (!(await take(await asMeant(code, step.proof)))) typed.complain(t("This is another spot's code. Type the one at this spot, with its capital letters."));
  }

  if (kept?.words?.code) type();
  else first();
  return { element: stage, close };
}
