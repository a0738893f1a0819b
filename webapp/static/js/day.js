// @ts-check
/** The runs of the signed-in person as this device last heard them: what every offline screen shows. */

import { read, readAll, result, transact } from "./store.js";

/** @typedef {{id: string, name: string}} Named */
/** @typedef {{role: string, person: Named, wait_minutes: number, passed_over: string | null, left?: string | null}} Level */
/** @typedef {{step: string, skipped: boolean, inside: boolean, min?: string, max?: string}} OnlyIf the other step, and the closed span of numbers in which it is needed, or outside which */
/** @typedef {{opens_at: string | null, said: {text: string, values: Record<string, string>}[], only_if: OnlyIf | null, after: {step: string, wait_minutes: number, due_minutes: number} | null}} Later what a step waits for that does not open with its run */
/**
 * @typedef {object} Step
 * @property {string} id
 * @property {string} run
 * @property {number} position
 * @property {string} title
 * @property {string | null} instructions
 * @property {{kind: string, unit: string | null, min: number | string | null, max: number | string | null, if_outside: string | null, min_seconds: number | null, code_check?: string | null}} proof
 * @property {"waiting" | "open" | "claimed" | "in_review" | "done" | "skipped" | "void"} state
 * @property {boolean} mine
 * @property {number} attempt
 * @property {number} level
 * @property {Named | null} holder
 * @property {string} deadline_at
 * @property {string | null} escalate_at
 * @property {string | null} missed_at
 * @property {Level[]} chain
 * @property {{from: Named | null, at: string, reason: string, words?: string | null, dark_since?: string | null, dark_device?: string | null} | null} handed_over
 * @property {{reason: string, by: Named, at: string} | null} sent_back
 * @property {{by: Named, at: string | null, captured_at?: string | null, words: string, approved?: boolean} | null} closed
 * @property {string | null} [review_words] why it waits for approval, where that is not just the rule
 * @property {Later | null} [later]
 * @property {string} [answered] who did here what it waited for
 * @property {boolean} may_skip
 * @property {boolean} [asks_fix] it failed, and nobody has said what was done about it
 * @property {{text: string, words: string} | null} [fix_offer] what held at another location
 * @property {{sha256: string, alt: string} | null} [picture]
 */
/**
 * @typedef {object} Run
 * @property {string} id
 * @property {string} process
 * @property {string} location
 * @property {string} time_zone
 * @property {string} opens_at
 * @property {string} deadline_at
 * @property {string} state
 * @property {{text: string, by: string | Named, at: string, step?: string, held: boolean | null, so_far?: string} | null} fix_note
 * @property {Step[]} steps
 * @property {string} [way] to a step of it, up to the id of the step; none: that of a phone
 */
/** @typedef {{until: string, absences: string[], held_by: string[]}} Away */
/** @typedef {{person: Named & {role: string, language?: string | null}, organisation: Named, engine?: {silent: string[]}, away?: Away | null, at: string, signed_in: boolean}} Me */

/** Whose turn it is at a kiosk: this page alone knows, and forgets it when it ends. @type {Me | null} */
let turn = null;

/** @param {Me | null} who has a turn at this kiosk */
export function actAs(who) {
  turn = who;
}

/** The one whose turn it is; null where there are no turns. */
export const acting = () => turn;

/** Who used this browser last, signed in or not; null after a sign-out. @returns {Promise<Me | null>} */
export async function me() {
  return turn || (await read("meta", "me")) || null;
}

/** The session ended: what lies here stays, unsent. */
export function signedOut() {
  return transact(["meta"], "readwrite", async ({ meta }) => {
    const known = await result(meta.get("me"));
    if (known?.signed_in) meta.put({ ...known, signed_in: false }, "me");
  });
}

/** The person signed out here: nothing of theirs is shown any more; unsent work stays kept. */
export function forgetMe() {
  return transact(["meta", "runs", "pictures"], "readwrite", async (s) => {
    s.meta.delete("me");
    s.meta.delete("stay");
    s.runs.clear();
    s.pictures.clear();
  });
}

/** @param {string | Promise<string>} person who may be read at the same time @returns {Promise<Run[]>} */
export async function runsOf(person) {
  const [rows, own] = await Promise.all([readAll("runs"), person]);
  return rows.filter((row) => row.person === own && row.listed).map((row) => row.run);
}

/** @param {string} person @param {string} id @returns {Promise<{run: Run, listed: boolean} | null>} */
export async function runOf(person, id) {
  return (await read("runs", [person, id])) || null;
}
