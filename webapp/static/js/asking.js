// @ts-check
/**
 * Asks the server for what a page shows and this device may not have.
 *
 * One request at a time, and one for each of these: signal is back, somebody looks at the page again,
 * another person is signed in, or, after a failure, the server was heard. Never by a timer of its own.
 */

import { Problem } from "./api.js";
import { me } from "./day.js";
import { coalesce } from "./dom.js";
import { events } from "./sync.js";

/** @typedef {{ask: () => Promise<void>, problem: () => Problem | null}} Asking `problem`: why the last try failed */

// What is an answer: the server would say it again, however often it is asked.
const ANSWERS = new Set([403, 404]);

/** @param {() => Promise<unknown>} get @returns {Promise<Problem | null>} */
async function attempt(get) {
  try {
    await get();
    return null;
  } catch (error) {
    return error instanceof Problem ? error : new Problem(0, "device", String(error));
  }
}

/** Who is known here, and when the server said so. */
function lastHeard() {
  return me().catch(() => null);
}

/**
 * @param {() => Promise<unknown>} get asks, if there is still something to ask for
 * @param {() => unknown} done called after each try
 * @returns {Asking}
 */
export function asking(get, done) {
  /** @type {Problem | null} */
  let problem = null;
  /** @type {import("./day.js").Me | null} */
  let heard = null;
  let busy = true; // until it was asked for the first time

  const ask = coalesce(async () => {
    busy = true;
    heard = await lastHeard();
    problem = await attempt(get);
    busy = false;
    await done();
    await heardSince();
  });

  async function heardSince() {
    const now = await lastHeard();
    if (busy) return;
    const other = now?.person.id !== heard?.person.id;
    const unanswered = problem && !ANSWERS.has(problem.status);
    if (other || (unanswered && now?.at !== heard?.at)) ask();
  }

  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
  events.addEventListener("change", heardSince);
  return { ask, problem: () => problem };
}
