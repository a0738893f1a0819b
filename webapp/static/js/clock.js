// @ts-check
/**
 * The device's clock against the server's. `skew` is server minus device in milliseconds, sampled from
 * `server_time` of every reply that carries one; half the round trip is taken off as travel.
 *
 * Somebody may set the clock meanwhile. `performance.now()` shows that, save that it may stand still
 * while the device sleeps: a jump back is certain, one forward only while the page was in sight. What is
 * captured after a jump carries no skew until the server's time was heard again: it proves no time.
 */

import { read, write } from "./store.js";

/** A clock that its network keeps right moves by less. */
const JUMP_MS = 60_000;

/** @type {number | null} */
let skew = null;
let moved = false;
const gap = () => Date.now() - performance.now();
let base = gap();

/** @param {boolean} [slept] whether the device may have slept since the last look */
function look(slept) {
  const jump = gap() - base;
  base += jump;
  if (Math.abs(jump) < JUMP_MS || (slept && jump > 0)) return;
  moved = true;
  if (skew !== null) skew -= jump;
  keep(Date.now());
}

/** Never in the way: a device without room still sends. @param {number} at */
function keep(at) {
  return write("meta", { ms: skew, at, moved }, "skew").catch(() => undefined);
}

/** Reads the last sample kept on this device. @returns {Promise<void>} */
export async function loadSkew() {
  const kept = await read("meta", "skew");
  if (!kept || skew !== null) return;
  skew = kept.ms ?? null;
  moved = Boolean(kept.moved) || Date.now() < kept.at - JUMP_MS;
}

/**
 * @param {string} serverTime ISO 8601
 * @param {number} sent device time in ms when the request left
 * @param {number} got device time in ms when the reply was there
 */
export async function sample(serverTime, sent, got) {
  const server = Date.parse(serverTime);
  if (Number.isNaN(server) || got < sent || got - sent > JUMP_MS) return;
  look();
  skew = Math.round(server - (sent + got) / 2);
  moved = false;
  await keep(got);
}

/** Milliseconds to add to the device's clock; null when never sampled, or not since the clock was set. */
export function skewMs() {
  look();
  return moved ? null : skew;
}

/** The best estimate of the true time, in ms. */
export function now() {
  return Date.now() + (skew ?? 0);
}

/** What this device noted by its own clock, as the server would have. @template {string | null} T @param {T} at ISO 8601 @returns {T} */
export function trued(at) {
  return at && /** @type {T} */ (new Date(Date.parse(at) + (skew ?? 0)).toISOString());
}

document.addEventListener("visibilitychange", () => look(document.visibilityState === "visible"));
