// @ts-check
/**
 * When what lies on this device is brought to the server, by one page at a time of all that are open,
 * and what the screens are told of it.
 */

import { Problem } from "./api.js";
import { loadSkew, now } from "./clock.js";
import { me, signedOut } from "./day.js";

const LOCK = "baton-drain";
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;
const CALM_WAIT_MS = 60_000;
/** `change` is sent whenever screens should look again; `progress` when only `state.progress` is another. */
export const events = new EventTarget();
/** @type {{phase: "idle" | "sending" | "waiting" | "signed_out", problem: Problem | null, progress: import("./bytes.js").Progress | null, woken: number}} `woken`: when somebody last wanted all sent and the day read */
export const state = { phase: "idle", problem: null, progress: null, woken: 0 };

/** How a round is done, and what a 401 means; a kiosk has its own ways. */
export const ways = { drain: () => import("./drain.js"), signedOut };

const pages = "BroadcastChannel" in self ? new BroadcastChannel("baton") : null;

/** Tells this page, and the other pages of this browser, to look again. */
export function announce() {
  events.dispatchEvent(new Event("change"));
  pages?.postMessage("change");
}

// Painting a long day for each photo would take longer than sending it.
const PAINT_MS = 1000;

/** `tell` at once, then once more for all that came while it rested. @param {() => void} tell */
function atTimes(tell) {
  let resting = false;
  let missed = false;
  return function told() {
    missed = resting;
    if (resting) return;
    tell();
    resting = true;
    setTimeout(() => {
      resting = false;
      if (missed) told();
    }, PAINT_MS);
  };
}

/** @param {any} data what another page, or this one, says @returns {void} */
function heard(data) {
  if (data?.progress) state.progress = data.progress;
  events.dispatchEvent(new Event(data?.progress ? "progress" : "change"));
}

const announceSome = atTimes(announce);
const announceProgress = atTimes(() => {
  const { progress } = state;
  if (!progress) return;
  heard({ progress });
  pages?.postMessage({ progress });
});

/** @param {import("./bytes.js").Progress} progress */
function came(progress) {
  state.progress = progress;
  announceProgress();
}

/**
 * @param {() => Promise<void>} work one drainer at a time over all pages of this browser
 * @param {AbortSignal} [signal] until when to wait for the one before
 */
export async function alone(work, signal) {
  if (navigator.locks) await navigator.locks.request(LOCK, signal ? { signal } : {}, work);
  else await work();
}

let failures = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {Promise<void> | null} */
let running = null;
let again = false;

/** The wait after so many failures: doubling, with full jitter. @param {number} count @param {number} chance 0..1 */
export function backOff(count, chance) {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** (count - 1), LONGEST_WAIT_MS);
  return Math.round(longest * (0.5 + chance / 2));
}

/** @param {unknown} error */
async function failed(error) {
  const problem = error instanceof Problem ? error : new Problem(0, "device", String(error));
  failures += 1;
  state.problem = problem;
  state.phase = problem.status === 401 ? "signed_out" : "waiting";
  if (problem.status === 401) await ways.signedOut();
}

async function round() {
  state.phase = "sending";
  try {
    const { drain } = await ways.drain(); // the screen comes first
    await alone(() => drain(announceSome, came));
    failures = 0;
    Object.assign(state, { phase: "idle", problem: null });
  } catch (error) {
    await failed(error);
  }
  state.progress = null;
}

async function rounds() {
  do {
    again = false;
    await round();
  } while (again);
  running = null;
  const wait = failures ? backOff(failures, Math.random()) : CALM_WAIT_MS;
  timer = setTimeout(() => (failures || document.visibilityState === "visible") && wake(), wait);
  announce();
}

/** Drains now, whatever the wait was. @returns {Promise<void>} when it is done */
export function wake() {
  clearTimeout(timer);
  state.woken = performance.now();
  if (running) again = true;
  else running = rounds();
  return running;
}

/** Asks the browser to wake us when there is signal again, where it can. */
export async function wakeLater() {
  const registration = await navigator.serviceWorker?.getRegistration();
  // @ts-ignore Background Sync is Chrome's alone
  await registration?.sync?.register(LOCK).catch(() => undefined);
}

function look() {
  if (document.visibilityState === "visible") wake();
}

/** Starts draining on this page. */
export async function start() {
  const [who] = await Promise.all([me(), loadSkew()]);
  addEventListener("online", () => wake());
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && wake());
  navigator.serviceWorker?.addEventListener("message", (event) => event.data?.type === "wake" && wake());
  pages?.addEventListener("message", ({ data }) => heard(data));
  if (who) announce();
  await wake();
  const { prune } = await import("./settle.js");
  await prune(now());
}
