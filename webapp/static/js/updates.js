// @ts-check
/**
 * When a later service worker may take over. The same major version: when the page is idle. A new one:
 * when nothing is left to send, or the person says so.
 */

import { me } from "./day.js";
import { button, h } from "./dom.js";
import { waiting } from "./queue.js";
import { events } from "./sync.js";

const ANSWER_MS = 2_000;

/** @param {ServiceWorker | null} worker @returns {Promise<string>} its version; empty when it does not say */
function versionOf(worker) {
  return new Promise((resolve) => {
    if (!worker) return resolve("");
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(String(event.data));
    worker.postMessage({ type: "version" }, [port2]);
    setTimeout(() => resolve(""), ANSWER_MS);
  });
}

/** @param {string} version "2.1.0+abc" @returns {string} "2" */
export function major(version) {
  return version.split(".")[0];
}

/** Whether somebody is in the middle of something on this page. */
function busy() {
  const typed = [...document.querySelectorAll("textarea, input:not([type=hidden])")].some((e) => /** @type {any} */ (e).value);
  return typed || Boolean(document.querySelector("video, .photo img[src^='blob:'], [aria-busy]"));
}

async function queued() {
  const who = await me();
  return who ? (await waiting(who.person.id)).count : 0;
}

/** @param {ServiceWorker} worker */
function askConsent(worker) {
  const app = document.getElementById("app");
  if (!app || document.getElementById("update")) return;
  const use = button("Use it now", () => worker.postMessage({ type: "take_over" }), { class: "button plain" });
  app.before(h("p", { class: "notice", id: "update" }, "A new version is ready. It starts when everything here is sent. ", use));
}

/** @param {ServiceWorkerRegistration} registration */
async function consider(registration) {
  const worker = registration.waiting;
  if (!worker || busy()) return;
  const [now, next] = await Promise.all([versionOf(registration.active), versionOf(worker)]);
  if (major(now) === major(next) || (await queued()) === 0) worker.postMessage({ type: "take_over" });
  else askConsent(worker);
}

/** @param {ServiceWorkerRegistration} registration */
export function watchUpdates(registration) {
  const look = () => consider(registration).catch(() => undefined);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
  events.addEventListener("change", look);
  look();
}
