// @ts-check
/** What the browser says of Baton here: how much room there is, whether it keeps what lies here, and its version. */

import { number, t } from "./language.js";

const LITTLE = 200 * 1024 * 1024;
const ANSWER_MS = 2_000;

/** @typedef {{used: number | null, free: number | null, quota: number | null, persisted: boolean | null}} Room sizes in bytes; null: the browser does not say */

/** @returns {Promise<Room>} */
export async function room() {
  const { storage } = navigator;
  const [estimate, persisted] = await Promise.all([storage?.estimate?.().catch(() => null), storage?.persisted?.().catch(() => null)]);
  const { usage: used = null, quota = null } = estimate || {};
  return { used, quota, free: used === null || quota === null ? null : Math.max(0, quota - used), persisted: persisted ?? null };
}

/** In thousands, as phones say it. @param {number} bytes @returns {string} "4 bytes", "340 KB", "12.5 MB", "2.1 GB" */
export function sizeWords(bytes) {
  if (bytes < 1e3) return t("%(num)s bytes", { num: bytes });
  const [unit, name] = bytes < 1e6 ? [1e3, "KB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  const count = bytes / /** @type {number} */ (unit);
  return `${number(count < 100 ? Math.round(count * 10) / 10 : Math.round(count))} ${name}`;
}

/** @param {Room} room @returns {string} what to do about too little room, or nothing */
export function pressureWords({ free, quota }) {
  if (free === null || quota === null || (free >= LITTLE && free >= quota / 10)) return "";
  return t("This device is nearly full: %(size)s are left for Baton. Free some space, so that everything can be saved.", { size: sizeWords(free) });
}

/** @param {Room} room @returns {string} what may befall what lies here, or nothing */
export function keepWords({ persisted }) {
  if (persisted !== false) return "";
  return t("This browser has not promised to keep what lies here. Send it soon, and add Baton to the home screen.");
}

/** @param {ServiceWorker | null | undefined} worker @returns {Promise<string>} its version; empty when it does not say */
export function versionOf(worker) {
  return new Promise((resolve) => {
    if (!worker) return resolve("");
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(String(event.data));
    worker.postMessage({ type: "version" }, [port2]);
    setTimeout(() => resolve(""), ANSWER_MS);
  });
}

/** @type {Promise<string> | undefined} */
let own;

/** The version of the app on this page. @returns {Promise<string>} empty without a service worker */
export function appVersion() {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return Promise.resolve("");
  own = own || versionOf(worker);
  return own;
}
