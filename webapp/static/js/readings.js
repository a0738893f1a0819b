// @ts-check
/** What people read off and time, to values and back to words. Pure. */

import { number, t } from "./language.js";

/**
 * Reads a number as people type it, with a decimal comma or point.
 * @param {string} text
 * @returns {string | null} "38.5", null when it is no number
 */
export function parseNumber(text) {
  const digits = text.trim().replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15)); // of Arabic keyboards
  const plain = digits.replace(/[\u2212\u2013]/, "-").replace(/[,\u066b]/, ".");
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? String(Number(plain)) : null;
}

/** @param {string} value @param {{min: any, max: any}} range */
export function outside(value, { min, max }) {
  const read = Number(value);
  return (min != null && read < Number(min)) || (max != null && read > Number(max));
}

/** @param {{min: any, max: any, unit: string | null}} proof @returns {string} "Between 33 and 41 °F" */
export function rangeWords({ min, max, unit }) {
  const [low, high] = [min, max].map((end) => `${number(end)}${unit ? ` ${unit}` : ""}`);
  if (min != null && max != null) return t("Between %(min)s and %(max)s", { min: number(min), max: high });
  if (min != null) return t("At least %(min)s", { min: low });
  return max != null ? t("At most %(max)s", { max: high }) : "";
}

/** @param {number} ms @returns {string} "01:20" */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
