// @ts-check
/** Messages to this device when something becomes mine: asked for by a press, explained in words. */

import { call } from "./api.js";
import { busyButton, h, show } from "./dom.js";
import { deviceId } from "./ids.js";
import { me } from "./day.js";

const IPHONE = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

/** @param {string} text base64url @returns {Uint8Array<ArrayBuffer>} */
export function bytesOf(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

/** @returns {boolean} */
function installed() {
  return matchMedia("(display-mode: standalone)").matches || /** @type {any} */ (navigator).standalone === true;
}

/** @returns {"unsupported" | "install" | "denied" | "ready"} what this browser can do */
function ability() {
  if (IPHONE && !installed()) return "install";
  if (!("serviceWorker" in navigator) || !("PushManager" in self) || !("Notification" in self)) return "unsupported";
  return Notification.permission === "denied" ? "denied" : "ready";
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
async function subscribe() {
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = bytesOf((await call("GET", "/api/v1/push-key")).key);
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const old = await pushManager.getSubscription();
  if (old && fits(old, key) && !(await report(old)).refused) return true;
  await old?.unsubscribe();
  return !(await report(await pushManager.subscribe(options))).refused;
}

/** @returns {Promise<boolean>} whether this browser holds a subscription, whatever the server knows */
async function subscribed() {
  if (ability() !== "ready" || Notification.permission !== "granted") return false;
  const registration = await navigator.serviceWorker.getRegistration();
  return Boolean(await registration?.pushManager?.getSubscription());
}

/** @type {"asked" | "told" | "refused" | "unknown"} what came of telling the server the address */
let standing = "asked";
/** @type {Set<HTMLElement>} */
const places = new Set();

/** Tells the server the address again: browsers change or drop it without a word. */
export async function renewSubscription() {
  const who = await me();
  if (who?.signed_in && (await subscribed())) {
    standing = await subscribe().then((told) => (told ? "told" : "refused"), () => "unknown");
  }
  places.forEach((place) => paint(place));
}

const WORDS = {
  unsupported: "This browser cannot show messages. Alerts show only while Baton is open.",
  install: "To be told on this phone: press Share, then Add to Home Screen, and open Baton from there.",
  denied: "Messages from Baton are blocked on this device. Allow notifications for this site in the browser's settings.",
};

const STANDING = {
  asked: "One moment.",
  told: "This device is told when something becomes yours.",
  unknown: "Messages are turned on here. Whether they come through shows with a connection.",
};

/** @param {HTMLElement} place @param {string} [trouble] */
async function paint(place, trouble = "") {
  const can = ability();
  if (can !== "ready") return show(place, h("p", { class: "hint" }, WORDS[can]));
  if (standing !== "refused" && (await subscribed())) return show(place, h("p", { class: "hint" }, STANDING[standing]));
  const ask = async () => {
    if ((await Notification.requestPermission()) !== "granted") return paint(place);
    const told = await subscribe().catch(() => null);
    standing = told ? "told" : standing;
    paint(place, told ? "" : "It did not work now. Try again with a connection.");
  };
  const press = busyButton("Tell me when something becomes mine", "One moment", ask, { class: "button quiet" });
  show(place, trouble && h("p", { class: "notice", role: "alert" }, trouble), press);
}

/** @returns {HTMLElement} the button, or the words for why there is none */
export function pushPanel(place = h("section", { "aria-label": "Messages" })) {
  places.add(place);
  paint(place);
  return place;
}

/** Fills `[data-push]` on pages that the server renders. */
export async function mountPush() {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.type === "subscription" && renewSubscription());
  for (const place of document.querySelectorAll("[data-push]")) place.append(pushPanel());
}
