// @ts-check
/** The ways back to what was begun. */

import { me } from "./day.js";
import { h } from "./dom.js";
import { draftsOf, pruneDrafts } from "./drafts.js";
import { t } from "./language.js";
import { when } from "./words.js";

/** @typedef {import("./drafts.js").Draft} Draft */

/** For how long a step is led back to whose camera was open. */
const CAMERA_MS = 15 * 60 * 1000;

/** The draft whose camera app was open when the page ended. @param {Draft[]} drafts @param {number} now */
function cameraOpen(drafts, now) {
  return drafts.find((d) => d.camera_at && Math.abs(now - Date.parse(d.camera_at)) < CAMERA_MS) || null;
}

/** Whether this page is where the browser comes back to by itself. @param {Draft} draft */
function cameBack({ run }) {
  if (location.pathname === "/today") return !document.referrer; // the app was opened, not this page chosen
  return location.pathname === `/run/${run}` && !location.hash;
}

/**
 * Goes on with the step whose camera app was open when the phone ended the page.
 * @returns {Promise<Draft[]>} all that this person has begun
 */
export async function leadBack() {
  const who = await me().catch(() => null);
  if (!who) return [];
  const drafts = await draftsOf(who.person.id);
  const open = cameraOpen(drafts, Date.now());
  if (open && cameBack(open)) location.replace(`/run/${open.run}#${open.step_run}`);
  pruneDrafts(Date.now()).catch(() => undefined);
  return drafts;
}

/**
 * What was taken for a step that can still be done, and is not used yet.
 * @param {Draft[]} drafts @param {{step: import("./day.js").Step, zone: string}[]} open each with the zone of its location
 */
export function begunNotices(drafts, open) {
  return drafts.map((d) => {
    const at = d.bytes && open.find(({ step }) => step.id === d.step_run && step.attempt === d.attempt);
    if (!at) return null;
    const values = { time: when(d.taken_at || d.at, Date.now(), at.zone), step: d.title };
    const words = d.kind === "photo" ? t("The photo of %(time)s for %(step)s is not used yet.", values) : t("The file of %(time)s for %(step)s is not used yet.", values);
    return h("p", { class: "notice" }, `${words} `, h("a", { href: `/run/${d.run}#${d.step_run}` }, t("Go on with it")));
  });
}
