// @ts-check
/** The light: in one line, always in the same place, whether the work done here is safe. */

import { me } from "./day.js";
import { coalesce, h, show } from "./dom.js";
import { waiting } from "./queue.js";
import { read } from "./store.js";
import { events, state, wake } from "./sync.js";
import { hour } from "./words.js";

const SIGN_IN = "/sign-in?next=";

/**
 * The words and the class of the light. Pure.
 * @param {{signedIn: boolean, count: number, oldest: string | null, safeAt: string | null, phase: string}} facts
 * @returns {{tone: string, text: string, link: string | null}}
 */
export function lightWords({ signedIn, count, oldest, safeAt, phase }) {
  const here = oldest ? `${count} on this phone, oldest ${hour(oldest)}` : "";
  if (!signedIn) return { tone: "safe need", text: here && `${count} on this phone. `, link: here ? "Sign in to send what is saved here" : "Not signed in" };
  if (count) return { tone: "safe here", text: phase === "sending" ? `${here}. Sending` : here, link: null };
  const lead = phase === "waiting" ? "No connection. " : "";
  if (safeAt) return { tone: lead ? "safe off" : "safe", text: `${lead}Safe on the server ${hour(safeAt)}`, link: null };
  return { tone: "safe off", text: `${lead}Nothing is waiting here`, link: null };
}

/** @returns {Promise<Parameters<typeof lightWords>[0]>} */
async function facts() {
  const who = await me();
  const { count, oldest } = who ? await waiting(who.person.id) : { count: 0, oldest: null };
  const safeAt = (await read("meta", "safe_at")) || null;
  const signedIn = state.phase !== "signed_out" && who?.signed_in !== false;
  return { signedIn, count, oldest, safeAt, phase: state.phase };
}

/** @param {HTMLElement} element @returns {Promise<void>} */
async function paint(element) {
  const { tone, text, link } = lightWords(await facts());
  const key = `${tone}|${text}|${link}`;
  if (element.dataset.said === key) return; // a status that says the same again is read aloud again
  element.dataset.said = key;
  element.className = tone;
  const next = encodeURIComponent(location.pathname + location.hash);
  show(element, h("i", { "aria-hidden": "true" }), h("span", null, text, link && h("a", { href: SIGN_IN + next }, link)));
}

/** Keeps `#light` true; a press on it sends now. */
export function keepLight() {
  const element = document.getElementById("light");
  if (!element) return;
  const again = coalesce(() => paint(element).catch(() => undefined));
  element.addEventListener("click", () => wake());
  events.addEventListener("change", again);
  again();
}
