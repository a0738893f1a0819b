// @ts-check
/** Finds the code that a playing video shows: with the browser's own reader, else with the one that Baton brings. */

/** Pictures are read at this size: larger ones take longer and find no more. */
const LONGEST = 800;
/** Milliseconds after which a search lets the page breathe. */
const BREATH = 12;

/** @typedef {(video: HTMLVideoElement) => Promise<string>} Read resolves to the code, or to nothing */

/** @returns {Promise<Read | null>} */
async function own() {
  const Detector = /** @type {any} */ (self).BarcodeDetector;
  const formats = (await Detector?.getSupportedFormats().catch(() => [])) || [];
  if (!formats.includes("qr_code")) return null;
  const detector = new Detector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue || "";
}

/** @returns {Promise<Read>} */
async function brought() {
  // @ts-ignore as published, without types
  const { decodeQRBatch } = await import("../../vendor/qr/decode.js");
  const canvas = document.createElement("canvas");
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  return async (video) => {
    const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
    const [width, height] = [video.videoWidth, video.videoHeight].map((side) => Math.round(side * scale));
    if (!width || !height) return "";
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    pen.drawImage(video, 0, 0, width, height);
    const [found] = await decodeQRBatch([pen.getImageData(0, 0, width, height)], { maxSize: { width, height }, timeLimit: BREATH });
    return found.find((/** @type {unknown} */ each) => typeof each === "string") || "";
  };
}

/** @returns {Promise<Read>} */
export async function codeReader() {
  const native = await own();
  if (!native) return brought();
  let read = native;
  // Some say that they can, and fail at the first picture.
  return (video) =>
    read(video).catch(async () => {
      read = await brought();
      return read(video);
    });
}
