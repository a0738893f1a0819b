// @ts-check
/**
 * The drainer: brings what lies on this device to the server, one drainer at a time over all pages.
 *
 * A reply counts only when it is JSON, a success, and echoes the batch; a command leaves only against
 * its own receipt. 401 pauses and deletes nothing.
 */

import { call, Problem } from "./api.js";
import { loadSkew, now } from "./clock.js";
import { me, patchSteps, refresh, signedOut } from "./day.js";
import { deviceId, uuid } from "./ids.js";
import { annotate, blobsToSend, commandsOf, prune, settle } from "./queue.js";
import { upload } from "./upload.js";
import { write } from "./store.js";

const LOCK = "baton-drain";
const BATCH = 100;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;
const CALM_WAIT_MS = 60_000;
// Statuses by which the server refuses this very body; the batch is then halved to find the one at fault.
const REFUSED = new Set([400, 404, 409, 413, 422, 500]);

/** @typedef {import("./queue.js").Command} Command */

/** `change` is sent whenever screens should look again. */
export const events = new EventTarget();
/** @type {{phase: "idle" | "sending" | "waiting" | "signed_out", problem: Problem | null}} */
export const state = { phase: "idle", problem: null };

const pages = "BroadcastChannel" in self ? new BroadcastChannel("baton") : null;

/** Tells this page, and the other pages of this browser, to look again. */
export function announce() {
  events.dispatchEvent(new Event("change"));
  pages?.postMessage("change");
}

/** @param {Command} command what goes over the wire: without the device's own notes */
function wire({ person, run, trouble, ...rest }) {
  return rest;
}

/** @param {Command[]} commands @param {string} person @returns {Promise<any>} */
async function post(commands, person) {
  const batch = uuid();
  const sent_at = new Date().toISOString();
  const json = { batch, device: await deviceId(), sent_at, commands: commands.map(wire) };
  // Whose work this is: the server refuses it if another person is signed in by now.
  const reply = await call("POST", "/api/v1/sync", { json, headers: { "Baton-Person": person } });
  if (reply.batch !== batch || !Array.isArray(reply.results)) {
    throw new Problem(0, "not_baton", "Something else answered in place of the server.");
  }
  return reply;
}

const RECEIPTS = new Set(["applied", "held", "superseded", "rejected"]);

/** @param {Command[]} commands @param {string} person @returns {Promise<number>} how many left the device */
async function exchange(commands, person) {
  const reply = await post(commands, person);
  const byId = new Map(commands.map((c) => [c.id, c]));
  const settled = reply.results
    .filter((/** @type {any} */ r) => byId.has(r.id) && RECEIPTS.has(r.status))
    .map((/** @type {any} */ answer) => ({ command: byId.get(answer.id), answer }));
  await settle(settled, new Set(reply.missing_blobs));
  await patchSteps(person, settled.map((/** @type {any} */ s) => s.answer.step_run));
  return settled.length;
}

/**
 * Sends a batch; when the server refuses it as a whole, finds the command at fault by halves so that
 * it cannot block the others.
 * @param {Command[]} commands
 * @param {string} person
 * @returns {Promise<number>}
 */
async function send(commands, person) {
  try {
    return await exchange(commands, person);
  } catch (error) {
    if (!(error instanceof Problem) || !REFUSED.has(error.status) || error.code === "other_person") throw error;
    if (commands.length === 1) {
      await annotate(commands[0].id, { trouble: error.detail });
      return 0;
    }
    const half = Math.ceil(commands.length / 2);
    return (await send(commands.slice(0, half), person)) + (await send(commands.slice(half), person));
  }
}

/** @param {string} person @returns {Promise<number>} */
async function sendCommands(person) {
  const tried = new Set();
  let left = 0;
  for (;;) {
    const batch = (await commandsOf(person)).filter((c) => !tried.has(c.id)).slice(0, BATCH);
    if (!batch.length) return left;
    batch.forEach((c) => tried.add(c.id));
    left += await send(batch, person);
    announce();
  }
}

/** @param {string} person @returns {Promise<Problem | null>} the first failure that should be tried again */
async function sendBlobs(person) {
  let failure = null;
  for (const blob of await blobsToSend(person)) {
    try {
      await patchSteps(person, await upload(blob));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failure = failure || error;
      if (error.unreachable || error.status === 401) break;
    }
    announce();
  }
  return failure;
}

/**
 * Who is signed in: as the server says, or as this device heard last while the server cannot say. What
 * is then sent names its person, and the server refuses it under another sign-in.
 * @returns {Promise<{person: string, unread: Problem | null}>} `unread`: why the day was not read
 */
async function signedIn() {
  try {
    return { person: (await refresh()).person.id, unread: null };
  } catch (error) {
    const known = await me();
    if (!(error instanceof Problem) || error.status === 401 || !known) throw error;
    return { person: known.person.id, unread: error };
  }
}

/** One round: who am I, what is mine, send what lies here, look again if something changed. */
async function drain() {
  const { person, unread } = await signedIn();
  announce();
  const sent = await sendCommands(person);
  const blobs = (await blobsToSend(person)).length;
  const failure = await sendBlobs(person);
  if (failure) throw failure;
  if (unread) throw unread;
  if (sent || blobs) await refresh();
  await write("meta", new Date().toISOString(), "safe_at");
  const stuck = (await commandsOf(person)).find((c) => c.trouble);
  if (stuck) throw new Problem(422, "refused", stuck.trouble || "");
}

/** @param {() => Promise<void>} work one drainer at a time over all pages of this browser */
async function alone(work) {
  if (navigator.locks) await navigator.locks.request(LOCK, work);
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
  if (problem.status === 401) await signedOut();
}

async function round() {
  state.phase = "sending";
  try {
    await alone(drain);
    failures = 0;
    Object.assign(state, { phase: "idle", problem: null });
  } catch (error) {
    await failed(error);
  }
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
  await loadSkew();
  await prune(now());
  addEventListener("online", () => wake());
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && wake());
  navigator.serviceWorker?.addEventListener("message", (event) => event.data?.type === "wake" && wake());
  pages?.addEventListener("message", () => events.dispatchEvent(new Event("change")));
  if (await me()) announce();
  return wake();
}
