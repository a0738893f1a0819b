// @ts-check
/** A photo as proof: camera in the page first, because a phone may end the page while its own camera app is open. */

import { closeCamera, openCamera, viewfinder, withLight } from "../camera.js";
import { now, trued } from "../clock.js";
import { arrivals } from "../drafts.js";
import { busyButton, button, h, show } from "../dom.js";
import { t } from "../language.js";
import { fromFile, fromVideo, Unreadable } from "../photo.js";
import { prepare } from "../shrink.js";
import { when } from "../words.js";

/** @typedef {import("../photo.js").Picture} Picture */

const QUIET = { class: "button big wide quiet" };
const TAKE = { "data-key": "take" };

/** @param {Picture} p what the command says about it */
function proofOf(p) {
  return { kind: "photo", sha256: p.sha256, bytes: p.bytes.byteLength, media_type: p.media_type, taken_at: p.taken_at };
}

/** @param {import("./index.js").Work} work @returns {import("./index.js").Control} */
export function control({ step, zone, kept, draft, save, act }) {
  const stage = h("div", { class: "proof" });
  /** @type {MediaStream | null} */
  let stream = null;
  let url = "";
  let closed = false;

  function close() {
    closed = true;
    rest();
  }

  function rest() {
    closeCamera(stream);
    stream = null;
    URL.revokeObjectURL(url);
  }

  /** @param {string} words */
  function notice(words) {
    return words && h("p", { class: "notice", role: "alert" }, words);
  }

  function first(words = "") {
    rest();
    show(stage, notice(words));
    act(busyButton(t("Take the photo"), t("Opening the camera"), camera, TAKE));
  }

  async function camera() {
    rest();
    prepare();
    try {
      stream = await openCamera();
    } catch {
      return picker();
    }
    if (closed) return rest();
    const { video, ready } = viewfinder(stream, () => first(t("The camera was taken away. Take the photo again.")));
    show(stage, h("figure", { class: "photo live" }, video));
    const take = async () => {
      await ready;
      await taken(await fromVideo(video));
    };
    withLight(stream, ready, (light) => act(busyButton(t("Take it"), t("Hold still"), take, TAKE), light, button(t("Close the camera"), () => first(), QUIET)));
    stage.scrollIntoView({ block: "start" });
  }

  /** The phone's own camera app: the page may not live to see its photo, so what is going on is kept first. */
  async function picker(words = "") {
    const mark = () => draft.write({ camera_at: new Date().toISOString() });
    await mark();
    const gone = () => draft.write({ camera_at: null });
    const input = h("input", { class: "vh", type: "file", accept: "image/*", capture: "environment", onclick: mark, oncancel: gone, onchange: () => input.files[0] && read(input.files[0]) });
    show(stage, notice(words), h("p", { class: "hint" }, t("The camera cannot be used inside this page. The camera of this device opens instead.")));
    act(h("label", { class: "button big wide" }, t("Take the photo"), input));
  }

  /** @param {File} file */
  async function read(file) {
    show(stage, h("p", { class: "hint", role: "status" }, t("Making the photo small.")));
    act();
    try {
      await taken(await fromFile(file));
    } catch (error) {
      first(error instanceof Unreadable ? error.message : t("The photo could not be read. Take it again."));
    }
  }

  /** @param {Picture} picture kept at once, and shown wherever the step is open by now */
  async function taken(picture) {
    const written = draft.write({ ...picture, camera_at: null });
    if (!closed) return preview(picture);
    await written;
    arrivals.dispatchEvent(new Event(draft.key));
  }

  /** @param {Picture} picture @param {string} [words] */
  function preview(picture, words = "") {
    rest();
    url = URL.createObjectURL(new Blob([picture.bytes], { type: picture.media_type }));
    const image = h("img", { src: url, alt: t("The photo just taken for %(step)s", { step: step.title }) });
    show(stage, h("figure", { class: "photo" }, image, words && h("figcaption", { class: "stamp", role: "status" }, words)));
    const use = async () => void (await save(proofOf(picture), { bytes: picture.bytes, media_type: picture.media_type }));
    act(busyButton(t("Use this photo"), t("Saving"), use, TAKE), busyButton(t("Take it again"), t("Opening the camera"), camera, QUIET));
    stage.scrollIntoView({ block: "start" });
  }

  /** @param {string | null | undefined} at */
  const time = (at) => when(trued(at || ""), now(), zone);
  if (kept?.bytes) preview(/** @type {any} */ (kept), t("Taken at %(time)s. Use it or take it again.", { time: time(kept.taken_at) }));
  else if (kept?.camera_at) picker(t("The camera was opened at %(time)s, and its photo did not arrive. Take the photo again.", { time: time(kept.camera_at) }));
  else first();
  return { element: stage, close };
}
