// @ts-check
/** A photo as proof: camera in the page first, because a phone may end the page while its own camera app is open. */

import { busyButton, button, h, show } from "../dom.js";
import { closeCamera, fromFile, fromVideo, openCamera, Unreadable } from "../photo.js";

/** @typedef {import("../photo.js").Picture} Picture */
/** @typedef {(proof: Record<string, any>, file?: {bytes: ArrayBuffer, media_type: string}) => Promise<void>} Save */
/** @typedef {(...buttons: HTMLElement[]) => void} Act puts the control's buttons at the thumb */
/** @typedef {{element: HTMLElement, close: () => void}} Control */

/** @param {Picture} p what the command says about it */
function proofOf(p) {
  return { kind: "photo", sha256: p.sha256, bytes: p.bytes.byteLength, media_type: p.media_type, taken_at: p.taken_at };
}

/**
 * @param {import("../day.js").Step} step
 * @param {Save} save
 * @param {Act} act
 * @returns {Control}
 */
export function photo(step, save, act) {
  const stage = h("div", { class: "proof" });
  /** @type {MediaStream | null} */
  let stream = null;
  let url = "";

  function close() {
    closeCamera(stream);
    stream = null;
    URL.revokeObjectURL(url);
  }

  function first(words = "") {
    close();
    show(stage, words && h("p", { class: "notice", role: "alert" }, words));
    act(busyButton("Take the photo", "Opening the camera", camera, { "data-key": "take" }));
  }

  async function camera() {
    try {
      stream = await openCamera();
    } catch {
      return picker();
    }
    const video = h("video", { playsinline: true, muted: true, autoplay: true, "aria-label": "What the camera sees" });
    video.muted = true; // the attribute alone does not count for elements made by script
    video.srcObject = stream;
    const ready = new Promise((resolve) => video.addEventListener("loadeddata", resolve, { once: true }));
    show(stage, h("figure", { class: "photo live" }, video));
    const take = async () => {
      await ready;
      preview(await fromVideo(video));
    };
    act(busyButton("Take it", "Hold still", take, { "data-key": "take" }), button("Close the camera", () => first(), { class: "button big wide quiet" }));
    await video.play().catch(() => undefined);
    stage.scrollIntoView({ block: "start" });
  }

  function picker() {
    const input = h("input", { class: "vh", type: "file", accept: "image/*", capture: "environment", onchange: () => input.files[0] && read(input.files[0]) });
    show(stage, h("p", { class: "hint" }, "The camera cannot be used inside this page. Your phone's camera opens instead."));
    act(h("label", { class: "button big wide" }, "Take the photo", input));
  }

  /** @param {File} file */
  async function read(file) {
    try {
      preview(await fromFile(file));
    } catch (error) {
      first(error instanceof Unreadable ? error.message : "The photo could not be read. Take it again.");
    }
  }

  /** @param {Picture} taken */
  function preview(taken) {
    close();
    url = URL.createObjectURL(new Blob([taken.bytes], { type: taken.media_type }));
    show(stage, h("figure", { class: "photo" }, h("img", { src: url, alt: `The photo just taken for ${step.title}` })));
    const use = () => save(proofOf(taken), { bytes: taken.bytes, media_type: taken.media_type });
    act(busyButton("Use this photo", "Saving", use, { "data-key": "take" }), button("Take it again", camera, { class: "button big wide quiet" }));
    stage.scrollIntoView({ block: "start" });
  }

  first();
  return { element: stage, close };
}
