// @ts-check
/** This browser's subscription to messages, and what the server knows of it. */

import { call, Problem } from "../api.js";
import { me } from "../day.js";
import { deviceId } from "../ids.js";
import { t } from "../language.js";
import { abilityOf, facts } from "./platform.js";

const PATIENCE_MS = 20_000;

/**
 * What the browser promises and, without a network of its own, may never keep.
 * @template T @param {Promise<T>} promise @param {() => Error} late @returns {Promise<T>}
 */
function within(promise, late) {
  return Promise.race([promise, new Promise((_, no) => setTimeout(() => no(late()), PATIENCE_MS))]);
}

const noWorker = () => new Problem(0, "unreachable", t("There is no connection to the server now."));
const noService = () => new DOMException("No push service answered.", "TimeoutError");

/** @param {string} text base64url @returns {Uint8Array<ArrayBuffer>} */
export function bytesOf(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

/** @param {PushSubscription} subscription @param {Uint8Array<ArrayBuffer>} key whether it was made for this server's key */
function fits(subscription, key) {
  const own = subscription.options?.applicationServerKey;
  if (!own) return true; // a browser that does not tell
  const bytes = new Uint8Array(own);
  return bytes.length === key.length && bytes.every((b, i) => b === key[i]);
}

/** @param {PushSubscription} subscription @returns {Promise<{refused: boolean}>} what the server knows of it */
async function report(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return call("POST", "/api/v1/push-subscriptions", { json: { device: await deviceId(), endpoint, keys } });
}

/**
 * A subscription that fits the server's key (it is bound to one key for life) and that the push
 * service takes messages for: one that it refuses is made anew.
 * @returns {Promise<boolean>} whether this device is told
 */
export async function subscribe() {
  const { pushManager } = await within(navigator.serviceWorker.ready, noWorker);
  const key = bytesOf((await call("GET", "/api/v1/push-key")).key);
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const old = await pushManager.getSubscription();
  if (old && fits(old, key) && !(await report(old)).refused) return true;
  await old?.unsubscribe();
  const made = await within(pushManager.subscribe(options), noService);
  return !(await report(made)).refused;
}

/** @returns {Promise<boolean>} whether this browser holds a subscription, whatever the server knows */
export async function subscribed() {
  const here = facts();
  if (abilityOf(here) !== "ready" || here.permission !== "granted") return false;
  const registration = await navigator.serviceWorker.getRegistration();
  return Boolean(await registration?.pushManager?.getSubscription());
}
