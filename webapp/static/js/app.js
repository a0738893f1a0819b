// @ts-check
/** What every page does when it opens: service worker, device, storage, the light, the drainer. */

import { me } from "./day.js";
import { h } from "./dom.js";
import { deviceId } from "./ids.js";
import { t } from "./language.js";
import { keepLight } from "./light.js";
import { events, start } from "./sync.js";

/** Asks the browser not to clear what lies here, once there is something: Firefox asks the person. */
export async function keepStorage() {
  if (navigator.storage?.persist && !(await navigator.storage.persisted())) await navigator.storage.persist();
}

/** The browser lets nothing be kept: nothing may be promised. */
export function unsafe() {
  const words = t("This browser lets Baton keep nothing, so work done here would not be safe. Leave private browsing, or use another browser.");
  document.getElementById("app")?.prepend(h("p", { class: "notice need", role: "alert" }, words));
}

/** The service worker, which keeps this page for the dark. */
export async function registerWorker() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js", { type: "module", scope: "/", updateViaCache: "none" });
  const { watchUpdates } = await import("./updates.js");
  watchUpdates(registration);
}

/** Signing out never loses work: it is refused while something is unsent, unless the person leaves it here. */
function guardSignOut() {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[action$="/sign-out"]'));
  for (const form of forms) form.addEventListener("submit", leave);
  // A page that the browser renders offers it only to somebody who is signed in.
  const offer = () => me().then((who) => who?.signed_in && forms.forEach((form) => form.removeAttribute("hidden")), () => undefined);
  events.addEventListener("change", offer);
  offer();
}

/** @param {SubmitEvent} event */
async function leave(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  const { signOut } = await import("./leave.js");
  await signOut(form);
}

/** Storage does not open: another window holds an earlier version open, or the browser is slow. */
addEventListener("baton-storage", (event) => {
  const stuck = /** @type {CustomEvent} */ (event).detail;
  document.getElementById("storage-words")?.remove();
  if (!stuck) return;
  const words = t("What is kept on this device does not open yet. Close the other windows of Baton; this one then goes on by itself.");
  document.getElementById("app")?.before(h("p", { class: "notice need", role: "alert", id: "storage-words" }, words));
});

const SHOWN_MS = 300;
const LATEST_MS = 2_000;

/**
 * What is mine was shown first, or did not come yet: now comes what nobody waits for.
 * @type {Promise<void>}
 */
export const calm = new Promise((done) => {
  events.addEventListener("change", () => setTimeout(done, SHOWN_MS), { once: true });
  setTimeout(done, LATEST_MS);
});

/** That their holder has seen these on a page. @param {import("./day.js").Run[]} runs */
export function tellOpened(runs) {
  calm.then(() => import("./opened.js")).then((opened) => opened.tellOpened(runs), () => undefined);
}

/** @type {Promise<void> | null} */
let booted = null;

async function all() {
  guardSignOut();
  keepLight();
  const sending = start();
  await Promise.all([calm, deviceId().catch(() => undefined)]); // the service worker reports under this name
  const messages = import("./push.js");
  await Promise.allSettled([registerWorker(), sending, messages.then((push) => push.mountPush())]);
  await messages.then((push) => push.renewSubscription()).catch(() => undefined);
  await import("./chosen-language.js").then(({ followLanguage }) => followLanguage()).catch(() => undefined);
}

/** @returns {Promise<void>} */
export function boot() {
  booted = booted || all();
  return booted;
}
