// @ts-check
/**
 * Strokes and letters on a canvas. Points are in parts of the pad's width, so that a signature is the
 * same on every screen and at every pixel ratio.
 */

import { t } from "../language.js";

/** @typedef {number[]} Stroke x, y, x, y */

/** Height of the pad by its width; the style says the same. */
export const SHAPE = 0.55;
const WIDTH = 0.006;
const MARGIN = 0.06;

/** How far the pen went, in pad widths. @param {Stroke[]} strokes */
export function travelled(strokes) {
  let sum = 0;
  for (const s of strokes) for (let i = 2; i < s.length; i += 2) sum += Math.hypot(s[i] - s[i - 2], s[i + 1] - s[i - 1]);
  return sum;
}

/** @param {CanvasRenderingContext2D} pen @param {Stroke} stroke @param {number} width of the pad in pixels */
function line(pen, stroke, width) {
  const [x, y, ...rest] = stroke.map((part) => part * width);
  pen.beginPath();
  pen.moveTo(x, y);
  let [fromX, fromY] = [x, y];
  for (let i = 0; i < rest.length; i += 2) {
    const [toX, toY] = [rest[i], rest[i + 1]];
    pen.quadraticCurveTo(fromX, fromY, (fromX + toX) / 2, (fromY + toY) / 2);
    [fromX, fromY] = [toX, toY];
  }
  pen.lineTo(fromX, fromY + 0.01); // a dot is a line too
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {Stroke[]} strokes @param {number} width @param {string} ink */
export function drawStrokes(pen, strokes, width, ink) {
  Object.assign(pen, { lineWidth: WIDTH * width, lineCap: "round", lineJoin: "round", strokeStyle: ink });
  for (const stroke of strokes) line(pen, stroke, width);
}

/** @param {CanvasRenderingContext2D} pen @param {string} name @param {number} width @param {string} ink */
export function drawName(pen, name, width, ink) {
  const room = width * (1 - 2 * MARGIN);
  const family = getComputedStyle(document.body).fontFamily;
  const font = (/** @type {number} */ size) => `italic 400 ${size}px ${family}`;
  let size = width * 0.12;
  pen.font = font(size);
  size *= Math.min(1, room / pen.measureText(name).width);
  Object.assign(pen, { font: font(size), fillStyle: ink, textBaseline: "alphabetic" });
  pen.fillText(name, width * MARGIN, width * SHAPE * 0.62);
  pen.font = `400 ${width * 0.035}px ${family}`;
  pen.fillText(t("typed"), width * MARGIN, width * SHAPE * 0.85);
}
