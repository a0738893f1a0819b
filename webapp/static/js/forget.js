// @ts-check
/** Forgetting this device: refused while anybody's work is unsent here; then nothing of Baton is left on it. */

import { busyButton, button, h, show } from "./dom.js";
import { leaveBy, NotEnded } from "./ending.js";
import { lyingIn } from "./kept.js";
import { t, tn } from "./language.js";
import { again, database, noteEmptied, result, transact } from "./store.js";
import { announce } from "./sync.js";
import { kindWord, listed } from "./words.js";

class Refused extends Error {}

/** What is begun besides proofs. @type {Record<string, string>} */
const BEGUN = { cannot_do: t("cannot do"), not_applicable: t("not applicable"), fix_note: t("fix note") };

/** @param {import("./drafts.js").Draft[]} drafts @returns {string} "1 proof that was begun (the photo for “Front room”)" */
function begunWords(drafts) {
  const named = drafts.map(({ kind, title }) => t("the %(kind)s for “%(step)s”", { kind: BEGUN[kind] || kindWord(kind), step: title }));
  return tn("%(num)s proof that was begun (%(which)s)", "%(num)s proofs that were begun (%(which)s)", drafts.length, { which: listed(named) });
}

/** @param {any} stores @returns {Promise<{unsent: number, dropped: string}>} `dropped`: what would go that was never to be sent */
async function lies(stores) {
  const all = [...(await lyingIn(stores)).values()];
  const begun = await result(stores.drafts.getAll());
  const refused = all.flatMap(({ blobs }) => blobs.filter((b) => b.trouble)).length;
  const dropped = [begun.length && begunWords(begun), refused && tn("%(num)s file that was not accepted", "%(num)s files that were not accepted", refused)];
  return { unsent: all.reduce((sum, { count }) => sum + count, 0), dropped: listed(dropped.filter((each) => typeof each === "string")) };
}

/**
 * Empties every store, with whatever a later version keeps: all at once, or nothing.
 * @param {(stores: any) => Promise<boolean>} mayGo asked within the same transaction
 * @returns {Promise<boolean>} what that said
 */
export function clearAll(mayGo) {
  const going = database().then(({ objectStoreNames }) => {
    const names = [...objectStoreNames];
    return again(names, "readwrite", async (stores) => {
      const goes = await mayGo(stores);
      if (goes) names.forEach((name) => stores[name].clear());
      return goes;
    }, "relaxed");
  });
  noteEmptied(going.catch(() => false));
  return going;
}

/** Messages and files of the app; never in the way of the rest. */
async function dropApp() {
  const registration = await navigator.serviceWorker?.getRegistration();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
  for (const name of await caches.keys()) if (name.startsWith("baton-")) await caches.delete(name);
  await registration?.unregister();
}

async function forget() {
  const gone = await clearAll(async (stores) => !(await lies(stores)).unsent);
  announce();
  if (!gone) throw new Refused(t("Something was saved here just now. It is kept: sign in to send it."));
  await dropApp().catch(() => undefined);
}

/** @returns {HTMLElement} */
export function forgetPanel() {
  const place = h("section", { "aria-labelledby": "forget" });
  const title = () => h("h2", { id: "forget" }, t("Forget this device"));
  const first = (/** @type {string} */ trouble) => {
    const words = t("Before this phone goes to somebody else: takes everything of Baton off it and signs out.");
    show(place, title(), h("p", null, words), trouble && h("p", { class: "notice need", role: "alert" }, trouble), button(t("Forget this device"), ask, { class: "button quiet", "data-key": "forget" }));
  };
  const ask = async () => {
    const { unsent, dropped } = await transact(["commands", "blobs", "claims", "drafts"], "readonly", lies);
    if (unsent) return first(`${tn("Not forgotten: %(num)s entry on this phone is not yet sent, so forgetting would lose it.", "Not forgotten: %(num)s entries on this phone are not yet sent, so forgetting would lose them.", unsent)} ${t("Send first. What cannot be sent goes into the rescue file above: give that to your owner.")}`);
    const words = [t("Everything that was done here is on the server."), dropped && t("It also drops %(what)s.", { what: dropped }), t("Forget this device now?")];
    show(place, title(), h("p", { role: "alert" }, words.filter(Boolean).join(" ")), busyButton(t("Forget it now"), t("Forgetting"), go), button(t("Keep it"), () => first(""), { class: "button plain" }));
  };
  const go = async () => {
    try {
      await leaveBy(forget);
    } catch (error) {
      first(error instanceof Refused || error instanceof NotEnded ? error.message : t("This device could not be forgotten. Press again."));
    }
  };
  first("");
  return place;
}
