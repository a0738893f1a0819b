// @ts-check
/** Pictures as proof: small, with the time at which they were taken and without the place. */

import { takenAt } from "./exif.js";
import { sha256 } from "./ids.js";
import { shrink, TYPE } from "./shrink.js";

export { Unreadable } from "./shrink.js";

/** @typedef {{bytes: ArrayBuffer, media_type: string, sha256: string, taken_at: string}} Picture */

/** Tags lie at the front of a file, a preview picture among them. */
const HEAD = 256 * 1024;

/** @param {import("./shrink.js").Source} source @param {Date} taken @returns {Promise<Picture>} */
async function pictureOf(source, taken) {
  const bytes = await shrink(source);
  return { bytes, media_type: TYPE, sha256: await sha256(bytes), taken_at: taken.toISOString() };
}

/** The frame that a playing video shows now. @param {HTMLVideoElement} video */
export function fromVideo(video) {
  return pictureOf(video, new Date());
}

/** @param {File} file @returns {Promise<Picture>} @throws {import("./shrink.js").Unreadable} */
export async function fromFile(file) {
  const head = await file.slice(0, HEAD).arrayBuffer().catch(() => new ArrayBuffer(0));
  return pictureOf(file, takenAt(head) || new Date(file.lastModified || Date.now()));
}
