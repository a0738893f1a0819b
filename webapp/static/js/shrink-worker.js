// @ts-check
/**
 * Makes pictures small away from the page, so that no tap waits for it.
 * A classic script: not every Safari 15 starts a module here.
 */
"use strict";

/** @typedef {{id: number, source: Blob | ImageBitmap, longest: number, type: string, quality: number}} Job */

/** @param {Blob | ImageBitmap} source @returns {Promise<ImageBitmap>} */
async function bitmapOf(source) {
  if (source instanceof ImageBitmap) return source;
  try {
    return await createImageBitmap(source, { imageOrientation: "from-image" });
  } catch {
    return createImageBitmap(source); // older ones know no options, and turn pictures by themselves
  }
}

/** @param {Job} job @returns {Promise<ArrayBuffer>} */
async function small({ source, longest, type, quality }) {
  const bitmap = await bitmapOf(source);
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const size = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = new OffscreenCanvas(size[0], size[1]);
  const pen = /** @type {any} */ (canvas.getContext("2d"));
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, size[0], size[1]);
  bitmap.close();
  return (await canvas.convertToBlob({ type, quality })).arrayBuffer();
}

addEventListener("message", async (event) => {
  /** @type {Job} */
  const job = event.data;
  try {
    const bytes = await small(job);
    /** @type {any} */ (self).postMessage({ id: job.id, bytes }, [bytes]);
  } catch (error) {
    self.postMessage({ id: job.id, trouble: String(error) }); // the page tries it itself
  }
});
