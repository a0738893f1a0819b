// @ts-check
/** Says once for each handoff that its holder has seen it on a page: they know, push or not. */

import { call } from "./api.js";
import { deviceId } from "./ids.js";
import { read, write } from "./store.js";

/** @typedef {import("./day.js").Run} Run */
/** @typedef {import("./day.js").Step} Step */

// How many handoffs a browser remembers to have reported.
const MOST = 200;

let busy = false;

/** @param {Step} step @returns {string} the name of the handoff by which it came */
function handoffOf(step) {
  return `${step.id} ${step.handed_over?.at}`;
}

/** @param {Run[]} runs what the page shows; never in the way of it, nor of anything else */
export async function tellOpened(runs) {
  const handed = runs.flatMap((run) => run.steps).filter((s) => s.mine && s.handed_over && s.state === "open");
  if (busy || !handed.length || !navigator.onLine || document.visibilityState !== "visible") return;
  busy = true;
  try {
    const told = (await read("meta", "opened")) || [];
    const fresh = handed.filter((step) => !told.includes(handoffOf(step)));
    if (!fresh.length) return;
    const step_runs = fresh.map((step) => step.id);
    await call("POST", "/api/v1/receipts", { json: { step_runs, device: await deviceId(), event: "opened" } });
    await write("meta", [...told, ...fresh.map(handoffOf)].slice(-MOST), "opened");
  } catch {
    // what does not arrive is said when the page is painted again
  } finally {
    busy = false;
  }
}
