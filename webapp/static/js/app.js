// @ts-check
/** What every page does when it opens: service worker, device, storage, the light, the drainer. */

import { me, forgetMe } from "./day.js";
import { h } from "./dom.js";
import { deviceId } from "./ids.js";
import { keepLight } from "./light.js";
import { renewSubscription, mountPush } from "./push.js";
import { waiting } from "./queue.js";
import { events, start } from "./sync.js";
import { watchUpdates } from "./updates.js";

/** Asks the browser not to clear what lies here, once there is something: Firefox asks the person. */
export async function keepStorage() {
  if (navigator.storage?.persist && !(await navigator.storage.persisted())) await navigator.storage.persist();
}

/** The browser lets nothing be kept: nothing may be promised. */
export function unsafe() {
  const words = "This browser lets Baton keep nothing, so work done here would not be safe. Leave private browsing, or use another browser.";
  document.getElementById("app")?.prepend(h("p", { class: "notice need", role: "alert" }, words));
}

async function registerWorker() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/sw.js", { type: "module", scope: "/", updateViaCache: "none" });
  watchUpdates(registration);
}

/** Signing out never loses work: it says what is still here, and keeps it. */
function guardSignOut() {
  const forms = /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll('form[action$="/sign-out"]'));
  for (const form of forms) form.addEventListener("submit", leave);
  // A page that the browser renders offers it only to somebody who is signed in.
  const offer = () => me().then((who) => who?.signed_in && forms.forEach((form) => form.removeAttribute("hidden")), () => undefined);
  events.addEventListener("change", offer);
  offer();
}

/** @param {Event} event */
async function leave(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (!navigator.onLine) return warn(form, "Signing out needs a connection. What was done here is kept.");
  const who = await me();
  const { count } = who ? await waiting(who.person.id) : { count: 0 };
  if (!count || form.dataset.warned) {
    await forgetMe();
    return form.submit();
  }
  form.dataset.warned = "yes";
  warn(form, `${count} on this phone not yet sent. It stays here and is sent when you sign in again. Press again to sign out.`);
}

/** @param {HTMLFormElement} form @param {string} words */
function warn(form, words) {
  document.getElementById("sign-out-words")?.remove();
  const notice = h("p", { class: "notice need", role: "alert", id: "sign-out-words" }, words);
  form.before(notice);
  notice.scrollIntoView({ block: "center" });
}

/** @type {Promise<void> | null} */
let booted = null;

async function all() {
  guardSignOut();
  keepLight();
  await deviceId().catch(() => undefined); // the service worker reports under this name
  await Promise.allSettled([registerWorker(), start(), mountPush()]);
  await renewSubscription().catch(() => undefined);
}

/** @returns {Promise<void>} */
export function boot() {
  booted = booted || all();
  return booted;
}
