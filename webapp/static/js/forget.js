// @ts-check
/** Forgetting this device: refused while anybody's work is unsent here; then nothing of Baton is left on it. */

import { busyButton, button, h, show } from "./dom.js";
import { endSession, NotEnded } from "./ending.js";
import { lyingIn } from "./kept.js";
import { clearAll, result, transact } from "./store.js";
import { announce } from "./sync.js";
import { counted, kindWord, listed } from "./words.js";

class Refused extends Error {}

/** @param {import("./drafts.js").Draft[]} drafts @returns {string} "1 proof that was begun (the photo for “Front room”)" */
function begunWords(drafts) {
  const named = drafts.map(({ kind, title }) => `the ${kindWord(kind).replace("_", " ")} for “${title}”`);
  return `${counted(drafts.length, "proof that was begun", "proofs that were begun")} (${listed(named)})`;
}

/** @param {any} stores @returns {Promise<{unsent: number, dropped: string}>} `dropped`: what would go that was never to be sent */
async function lies(stores) {
  const all = [...(await lyingIn(stores)).values()];
  const begun = await result(stores.drafts.getAll());
  const refused = all.flatMap(({ blobs }) => blobs.filter((b) => b.trouble)).length;
  const dropped = [begun.length && begunWords(begun), refused && counted(refused, "file that was not accepted", "files that were not accepted")];
  return { unsent: all.reduce((sum, { count }) => sum + count, 0), dropped: dropped.filter(Boolean).join(" and ") };
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
  await endSession();
  const gone = await clearAll(async (stores) => !(await lies(stores)).unsent);
  announce();
  if (!gone) throw new Refused("Something was saved here just now. It is kept: sign in to send it.");
  await dropApp().catch(() => undefined);
  location.replace("/sign-in");
}

/** @returns {HTMLElement} */
export function forgetPanel() {
  const place = h("section", { "aria-labelledby": "forget" });
  const title = () => h("h2", { id: "forget" }, "Forget this device");
  const first = (/** @type {string} */ trouble) => {
    const words = "Before this phone goes to somebody else: takes everything of Baton off it and signs out.";
    show(place, title(), h("p", null, words), trouble && h("p", { class: "notice need", role: "alert" }, trouble), button("Forget this device", ask, { class: "button quiet", "data-key": "forget" }));
  };
  const ask = async () => {
    const { unsent, dropped } = await transact(["commands", "blobs", "claims", "drafts"], "readonly", lies);
    if (unsent) return first(`Not forgotten: ${counted(unsent, "entry", "entries")} on this phone ${unsent === 1 ? "is" : "are"} not yet sent, so forgetting would lose ${unsent === 1 ? "it" : "them"}. Send first. What cannot be sent goes into the rescue file above: give that to your owner.`);
    const also = dropped ? ` It also drops ${dropped}.` : "";
    show(place, title(), h("p", { role: "alert" }, `Everything that was done here is on the server.${also} Forget this device now?`), busyButton("Forget it now", "Forgetting", go), button("Keep it", () => first(""), { class: "button plain" }));
  };
  const go = async () => {
    try {
      await forget();
    } catch (error) {
      first(error instanceof Refused || error instanceof NotEnded ? error.message : "This device could not be forgotten. Press again.");
    }
  };
  first("");
  return place;
}
