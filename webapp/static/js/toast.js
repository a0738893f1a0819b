// @ts-check
/** A short word about what just happened; never the only place where a state can be read. */

import { h, show } from "./dom.js";

const STAYS_MS = 10_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} words @param {"" | "need"} [tone] a toast of need stays until the next one */
export function toast(words, tone = "") {
  const place = document.getElementById("toasts");
  if (!place) return;
  clearTimeout(timer);
  show(place, h("div", { class: "toast", role: tone ? "alert" : null }, h("p", null, words)));
  if (!tone) timer = setTimeout(() => show(place), STAYS_MS);
}
