// @ts-check
/**
 * When a later service worker may take over. The same major version: when the page is idle. A new one:
 * when nothing is left to send, or the person says so.
 */

import { button, h } from "./dom.js";
import { byPerson } from "./kept.js";
import { t } from "./language.js";
import { appVersion, versionOf } from "./storage.js";
import { events } from "./sync.js";

const AGAIN_MS = 5_000;

/** How long a version has to end before it is helped. */
const ENDS_MS = 300;

/** @param {string} version "2.1.0+abc" @returns {string} "2" */
export function major(version) {
  return version.split(".")[0];
}

/** Whether it is not as the page gave it: that one of several is chosen, or that a button has a name, is nobody's work. @param {any} field */
const changed = (field) => (/^(radio|checkbox)$/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);

/** Whether somebody is in the middle of something on this page. */
export function busy() {
  const typed = [...document.querySelectorAll("textarea, input:not([type=hidden])")].some(changed);
  return typed || Boolean(document.querySelector("video, .photo img[src^='blob:'], [aria-busy]"));
}

/** Whether anybody's work waits here. */
async function queued() {
  return [...(await byPerson()).values()].some(({ count }) => count);
}

/** @type {ServiceWorker | undefined} */
let called;

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Lets it begin, and sees the version before end. Chromium starts that one anew when anything is asked of it while it ends;
 * it is then ended by the next page that is opened, which never loads. A worker of this page goes in that page's place.
 * @param {ServiceWorker} worker
 */
async function takeOver(worker) {
  if (worker === called) return;
  called = worker;
  for (let ms = ENDS_MS; worker.state === "installed"; ms *= 2) {
    worker.postMessage({ type: "take_over" });
    await pause(ms);
    if (worker.state !== "installed") return;
    const instead = new Worker(new URL("./shrink-worker.js", import.meta.url));
    await pause(ms);
    instead.terminate();
  }
}

/** @param {ServiceWorker} worker */
function askConsent(worker) {
  const app = document.getElementById("app");
  if (!app || document.getElementById("update")) return;
  const use = button(t("Use it now"), () => takeOver(worker), { class: "button plain" });
  app.before(h("p", { class: "notice", id: "update" }, `${t("A new version is ready. It starts when everything here is sent.")} `, use));
}

/** @param {ServiceWorkerRegistration} registration */
async function consider(registration) {
  const worker = registration.waiting;
  if (!worker || busy()) return;
  const [now, next] = await Promise.all([appVersion(), versionOf(worker)]);
  if (major(now) === major(next) || !(await queued())) takeOver(worker);
  else askConsent(worker);
}

/** @param {ServiceWorkerRegistration} registration */
export function watchUpdates(registration) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const look = async () => {
    clearTimeout(timer);
    await consider(registration).catch(() => undefined);
    // Somebody was busy, or the worker before gave no answer: nothing else may change here for a minute.
    if (registration.waiting) timer = setTimeout(look, AGAIN_MS);
  };
  // It may have been found before this page came so far.
  const found = () => registration.installing?.addEventListener("statechange", look);
  registration.addEventListener("updatefound", found);
  found();
  events.addEventListener("change", look);
  look();
}
