// @ts-check
/** The light of a kiosk: whether what anybody did here is safe. It leads to the page of this tablet. */

import { now, trued } from "../clock.js";
import { coalesce, h, show } from "../dom.js";
import { byPerson } from "../kept.js";
import { t } from "../language.js";
import { lightWords } from "../light.js";
import { read } from "../store.js";
import { events, state, wake } from "../sync.js";
import { placeHere } from "./place.js";

/** Nothing was done on it, and nothing can be. @type {import("../light.js").Said} */
const NOT_PAIRED = { tone: "safe off", text: t("Not paired yet") };

/** Everybody's, as one. @returns {Promise<{count: number, oldest: string | null}>} */
export async function lyingHere() {
  const all = [...(await byPerson()).values()];
  const count = all.reduce((sum, each) => sum + each.count, 0);
  return { count, oldest: all.flatMap(({ oldest }) => oldest || []).sort()[0] || null };
}

/** Whoever asks in vain has no connection, also while they ask. @param {number} count what waits here */
function phaseNow(count) {
  return !count && state.phase === "sending" && state.problem?.unreachable ? "waiting" : state.phase;
}

/** @param {HTMLElement} element */
async function paint(element) {
  const [lies, safeAt, place] = await Promise.all([lyingHere(), read("meta", "safe_at"), placeHere()]);
  const { progress } = state;
  const { tone, text, percent } = !place && !lies.count ? NOT_PAIRED : lightWords({ signedIn: true, count: lies.count, oldest: trued(lies.oldest), safeAt: trued(safeAt || null), phase: phaseNow(lies.count), progress, now: now(), zone: place?.location.time_zone });
  const key = [tone, text, percent].join("|");
  if (element.dataset.said === key) return; // a status that says the same again is read aloud again
  element.dataset.said = key;
  element.className = tone;
  show(element, h("i", { "aria-hidden": "true" }), h("span", null, text, percent && h("span", { "aria-hidden": "true" }, percent)));
}

/** Keeps `#light` true; a press on it sends now. */
export function keepKioskLight() {
  const element = document.getElementById("light");
  if (!element) return;
  const again = coalesce(() => paint(element).catch(() => undefined));
  element.addEventListener("click", () => wake());
  addEventListener("offline", () => wake()); // it is said at once, not with the next round
  ["change", "progress"].forEach((name) => events.addEventListener(name, again));
  again();
}
