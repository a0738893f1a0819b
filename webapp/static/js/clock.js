// @ts-check
/**
 * The device's clock against the server's. `skew` is server minus device in milliseconds, sampled from
 * `server_time` of every reply that carries one; half the round trip is taken off as travel.
 */

import { read, write } from "./store.js";

/** @type {number | null} */
let skew = null;

/** Reads the last sample kept on this device. @returns {Promise<void>} */
export async function loadSkew() {
  skew = (await read("meta", "skew"))?.ms ?? null;
}

/**
 * @param {string} serverTime ISO 8601
 * @param {number} sent device time in ms when the request left
 * @param {number} got device time in ms when the reply was there
 */
export async function sample(serverTime, sent, got) {
  const server = Date.parse(serverTime);
  if (Number.isNaN(server)) return;
  skew = Math.round(server - (sent + got) / 2);
  await write("meta", { ms: skew, at: got }, "skew");
}

/** Milliseconds to add to the device's clock, or null when never sampled. */
export function skewMs() {
  return skew;
}

/** The best estimate of the true time, in ms. */
export function now() {
  return Date.now() + (skew ?? 0);
}
