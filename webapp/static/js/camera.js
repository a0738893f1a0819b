// @ts-check
/** The camera inside the page, and its light. */

import { h } from "./dom.js";
import { t } from "./language.js";

/** The camera at the back. @returns {Promise<MediaStream>} */
export function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) return Promise.reject(new Error("no camera here"));
  const video = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

/** @param {MediaStream | null} stream */
export function closeCamera(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}

/**
 * What the camera sees; `ready` when there is a first picture of it.
 * @param {MediaStream} stream
 * @param {() => void} lost called when something else took the camera away
 */
export function viewfinder(stream, lost) {
  const video = h("video", { playsinline: true, muted: true, autoplay: true, "aria-label": t("What the camera sees") });
  video.muted = true; // the attribute alone does not count for elements made by script
  video.srcObject = stream;
  stream.getVideoTracks()[0]?.addEventListener("ended", lost);
  const ready = new Promise((resolve) => video.addEventListener("loadeddata", resolve, { once: true }));
  video.play().catch(() => undefined);
  return { video: /** @type {HTMLVideoElement} */ (video), ready };
}

/** The button for the camera's light; null where it has none. @param {MediaStream} stream @returns {HTMLElement | null} */
function lightButton(stream) {
  const track = /** @type {any} */ (stream.getVideoTracks()[0]);
  if (!track?.getCapabilities?.().torch) return null;
  let on = false;
  const element = h("button", { type: "button", class: "button big wide quiet", onclick: turn }, t("Light on"));
  async function turn() {
    try {
      await track.applyConstraints({ advanced: [{ torch: !on }] });
      on = !on;
      element.textContent = on ? t("Light off") : t("Light on");
    } catch {
      element.disabled = true; // it said that it could, and cannot
      element.textContent = t("No light here");
    }
  }
  return element;
}

/**
 * Shows the buttons of an open camera, its light among them: some say that they have one only with
 * the first picture.
 * @param {MediaStream} stream @param {Promise<unknown>} ready @param {(light: HTMLElement | null) => void} showButtons
 */
export function withLight(stream, ready, showButtons) {
  const light = lightButton(stream);
  showButtons(light);
  if (light) return;
  ready.then(() => {
    const late = stream.active && lightButton(stream);
    if (late) showButtons(late);
  });
}
