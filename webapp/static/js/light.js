// @ts-check
/** The light: in one line, always in the same place, whether the work done here is safe. It leads to this device's page. */

import { signInPath } from "./absent.js";
import { me } from "./day.js";
import { coalesce, h, show } from "./dom.js";
import { ofHere } from "./here.js";
import { peopleHere, waiting } from "./kept.js";
import { t } from "./language.js";
import { read } from "./store.js";
import { events, state, wake } from "./sync.js";
import { when } from "./words.js";

const LONG_MS = 7 * 24 * 3600 * 1000;

/** @typedef {{tone: string, text: string, percent?: string, link?: string, tail?: string}} Said `percent` is seen and not read aloud at each part */

/**
 * The words and the class of the light. Pure.
 * @param {{signedIn: boolean, count: number, oldest: string | null, safeAt: string | null, phase: string, progress: import("./bytes.js").Progress | null, now: number, zone?: string}} facts `zone`: whose clock the times are read on, else the device's
 * @returns {Said}
 */
export function lightWords({ signedIn, count, oldest, safeAt, phase, progress, now, zone }) {
  const lies = oldest ? t(ofHere(t("%(num)s on this phone, oldest %(time)s"), t("%(num)s on this tablet, oldest %(time)s")), { num: count, time: when(oldest, now, zone) }) : "";
  if (!signedIn) return { tone: "safe need", text: lies && `${t("%(num)s on this phone.", { num: count })} `, link: lies ? t("Sign in to send what is saved here") : t("Not signed in") };
  if (oldest && now - Date.parse(oldest) > LONG_MS) return { tone: "safe need", text: `${lies}. ${t("Find a connection and send it, or make a rescue file")}` };
  if (count && phase === "sending" && progress) return { tone: "safe here", ...sending(progress) };
  if (count) return { tone: "safe here", text: phase === "sending" ? `${lies}. ${t("Sending")}` : lies };
  const lead = phase === "waiting" ? `${t("No connection.")} ` : "";
  if (safeAt) return { tone: lead ? "safe off" : "safe", text: lead + t("Safe on the server %(time)s", { time: when(safeAt, now, zone) }) };
  return { tone: "safe off", text: lead + t("Nothing is waiting here") };
}

/** @param {import("./bytes.js").Progress} progress */
function sending({ done, items, sent, bytes }) {
  return { text: t("Sending %(num)s of %(all)s", { num: done + 1, all: items }), percent: `${t(", ")}${Math.floor((100 * sent) / bytes)} %` };
}

/** @returns {Promise<Said>} */
async function said() {
  const who = await me();
  const { count, oldest, others } = await waiting(who ? who.person.id : "");
  const safeAt = (await read("meta", "safe_at")) || null;
  const { phase, progress } = state;
  const signedIn = phase !== "signed_out" && who?.signed_in !== false;
  const tail = Object.keys(others).length ? (await import("./others.js")).othersWords(others, await peopleHere()) : "";
  return { ...lightWords({ signedIn, count, oldest, safeAt, phase, progress, now: Date.now() }), tail };
}

/** @param {HTMLElement} element @returns {Promise<void>} */
async function paint(element) {
  const { tone, text, percent, link, tail } = await said();
  const key = [tone, text, percent, link, tail].join("|");
  if (element.dataset.said === key) return; // a status that says the same again is read aloud again
  element.dataset.said = key;
  element.className = tone;
  const words = text && h("a", { href: "/device", "data-key": "light", title: t("Steps and notes done here that are not yet on the server, and how safe they are") }, text, percent && h("span", { "aria-hidden": "true" }, percent));
  show(element, h("i", { "aria-hidden": "true" }), h("span", null, words, link && h("a", { href: signInPath() }, link), tail && `. ${tail}`));
}

/** Keeps `#light` true; a press on it sends now. */
export function keepLight() {
  const element = document.getElementById("light");
  if (!element) return;
  const again = coalesce(() => paint(element).catch(() => undefined));
  element.addEventListener("click", () => wake());
  ["change", "progress"].forEach((name) => events.addEventListener(name, again));
  again();
}
