// @ts-check
/** Pictures as proof: from the camera or a file to a small JPEG. Drawing them anew drops every tag, the place included. */

import { sha256 } from "./ids.js";

export const LONGEST = 1600;
const QUALITY = 0.85;
const TYPE = "image/jpeg";

/** @typedef {{bytes: ArrayBuffer, media_type: string, sha256: string, taken_at: string}} Picture */

/** A picture that this browser cannot read. */
export class Unreadable extends Error {}

/** The size that fits, never larger than the picture. @param {number} width @param {number} height */
export function fit(width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** @param {{width: number, height: number}} size @returns {any} */
function canvas(size) {
  if ("OffscreenCanvas" in self) {
    const off = new OffscreenCanvas(size.width, size.height);
    // Safari had OffscreenCanvas before it could draw in two dimensions on it.
    if (off.getContext("2d")) return off;
  }
  return Object.assign(document.createElement("canvas"), size);
}

/** @param {any} drawn @returns {Promise<Blob>} */
function encode(drawn) {
  if (drawn.convertToBlob) return drawn.convertToBlob({ type: TYPE, quality: QUALITY });
  return new Promise((resolve, reject) => {
    const done = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob) : reject(new Unreadable("The picture could not be kept.")));
    drawn.toBlob(done, TYPE, QUALITY);
  });
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {Date} taken
 * @returns {Promise<Picture>}
 */
async function picture(source, width, height, taken) {
  const size = fit(width, height);
  const drawn = canvas(size);
  drawn.getContext("2d").drawImage(source, 0, 0, size.width, size.height);
  const bytes = await (await encode(drawn)).arrayBuffer();
  return { bytes, media_type: TYPE, sha256: await sha256(bytes), taken_at: taken.toISOString() };
}

/** The frame that a playing video shows now. @param {HTMLVideoElement} video */
export function fromVideo(video) {
  return picture(video, video.videoWidth, video.videoHeight, new Date());
}

/** @param {Blob} file @returns {Promise<ImageBitmap>} */
async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return createImageBitmap(file); // Safari 15 knows no options and turns pictures by itself
  }
}

/** @param {File} file @returns {Promise<Picture>} @throws {Unreadable} */
export async function fromFile(file) {
  const bitmap = await decode(file).catch(() => {
    throw new Unreadable("This picture cannot be read here. Take it with the camera.");
  });
  try {
    return await picture(bitmap, bitmap.width, bitmap.height, new Date(file.lastModified || Date.now()));
  } finally {
    bitmap.close();
  }
}

/** The camera at the back, inside the page. @returns {Promise<MediaStream>} */
export function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) return Promise.reject(new Error("no camera here"));
  const video = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } };
  return navigator.mediaDevices.getUserMedia({ video, audio: false });
}

/** @param {MediaStream | null} stream */
export function closeCamera(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}
