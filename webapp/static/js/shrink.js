// @ts-check
/**
 * Pictures made small. In a worker where the browser can; else on the page in steps, between which
 * taps come through. Drawing a picture anew drops every tag, the place included.
 */

import { t } from "./language.js";

export const LONGEST = 1600;
export const TYPE = "image/jpeg";
const QUALITY = 0.85;
/** After this long the worker is taken for dead: the system may have ended it. */
const PATIENCE_MS = 20_000;
/** Rows drawn at a time on the page. */
const BAND = 64;

/** @typedef {Blob | HTMLVideoElement} Source */

/** A picture that this browser cannot read. */
export class Unreadable extends Error {}

/** The size that fits, never larger than the picture. @param {number} width @param {number} height */
export function fit(width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** @type {Worker | null} */
let worker = null;
let last = 0;

function drop() {
  worker?.terminate();
  worker = null;
}

/** Starts the worker ahead of the picture. */
export function prepare() {
  if (worker || !("OffscreenCanvas" in self)) return;
  try {
    worker = new Worker(new URL("./shrink-worker.js", import.meta.url));
  } catch {
    worker = null; // the page does it
  }
}

/** @param {Blob | ImageBitmap} source @returns {Promise<ArrayBuffer>} */
function inWorker(source) {
  prepare();
  const asked = worker;
  if (!asked) return Promise.reject(new Error("no worker here"));
  const id = ++last;
  return new Promise((resolve, reject) => {
    const late = setTimeout(failed, PATIENCE_MS);
    function failed() {
      drop();
      settle({ trouble: "no answer" });
    }
    /** @param {MessageEvent} event */
    const answered = ({ data }) => data.id === id && settle(data);
    /** @param {{bytes?: ArrayBuffer, trouble?: string}} answer */
    function settle({ bytes, trouble }) {
      clearTimeout(late);
      asked?.removeEventListener("message", answered);
      asked?.removeEventListener("error", failed);
      if (bytes) resolve(bytes);
      else reject(new Error(trouble));
    }
    asked.addEventListener("message", answered);
    asked.addEventListener("error", failed);
    asked.postMessage({ id, source, longest: LONGEST, type: TYPE, quality: QUALITY });
  });
}

/** @param {Blob} file @returns {Promise<ImageBitmap | HTMLImageElement>} */
async function decode(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    const image = new Image(); // reads kinds that the other way does not
    image.src = URL.createObjectURL(file);
    await image.decode().finally(() => URL.revokeObjectURL(image.src));
    return image;
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve));

/** @param {CanvasImageSource} source @param {{width: number, height: number}} size */
async function drawn(source, size) {
  const canvas = Object.assign(document.createElement("canvas"), size);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  for (let top = 0; top < size.height; top += BAND) {
    pen.save();
    pen.beginPath();
    pen.rect(0, top, size.width, BAND);
    pen.clip(); // the whole picture, seen through a slit: no seams
    pen.drawImage(source, 0, 0, size.width, size.height);
    pen.restore();
    await pause();
  }
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {string} type @returns {Promise<ArrayBuffer>} */
export function encode(canvas, type) {
  return new Promise((resolve, reject) => {
    const done = (/** @type {Blob | null} */ blob) => (blob ? resolve(blob.arrayBuffer()) : reject(new Unreadable(t("The picture could not be kept."))));
    canvas.toBlob(done, type, QUALITY);
  });
}

/** @param {CanvasImageSource} source @param {{width: number, height: number}} size */
async function onThePage(source, size) {
  return encode(await drawn(source, fit(size.width, size.height)), TYPE);
}

/** @param {HTMLVideoElement} video the frame that it shows now */
async function frame(video) {
  const size = { width: video.videoWidth, height: video.videoHeight };
  const still = await createImageBitmap(video).catch(() => null);
  try {
    if (!still) throw new Error("no stills here");
    return await inWorker(still);
  } catch {
    return onThePage(still || video, size);
  } finally {
    still?.close();
  }
}

/** @param {Blob} file */
async function picture(file) {
  try {
    return await inWorker(file);
  } catch {
    const source = await decode(file).catch(() => {
      throw new Unreadable(t("This picture cannot be read here. Take it with the camera."));
    });
    return onThePage(source, source);
  }
}

/** @param {Source} source @returns {Promise<ArrayBuffer>} a JPEG of at most LONGEST on its longest side @throws {Unreadable} */
export function shrink(source) {
  return source instanceof Blob ? picture(source) : frame(source);
}
