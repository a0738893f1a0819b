// @ts-check
/** The runs of the signed-in person as this device last heard them: what every offline screen shows. */

import { call, Problem } from "./api.js";
import { uuid } from "./ids.js";
import { read, readAll, result, transact } from "./store.js";

/** @typedef {{id: string, name: string}} Named */
/** @typedef {{role: string, person: Named, wait_minutes: number, passed_over: string | null, left?: string | null}} Level */
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
 * @property {{by: Named, at: string | null, words: string, approved?: boolean} | null} closed
 * @property {string | null} [review_why]
 * @property {boolean} may_skip
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
 * @property {{text: string, by: string | Named, at: string, held: boolean | null} | null} fix_note
 * @property {Step[]} steps
 * @property {string} [way] to a step of it, up to the id of the step; none: that of a phone
 */
/** @typedef {{until: string, absences: string[], held_by: string[]}} Away */
/** @typedef {{person: Named & {role: string}, organisation: Named, engine?: {silent: string[]}, away?: Away | null, at: string, signed_in: boolean}} Me */

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

/** The name of this stay, which ends when somebody signs out here or the device is forgotten. @returns {Promise<string>} */
function stay() {
  return transact(["meta"], "readwrite", async ({ meta }) => {
    const known = await result(meta.get("stay"));
    const name = known || uuid();
    if (!known) meta.put(name, "stay");
    return name;
  });
}

/** What was asked for in a stay that is over is not kept. @param {any} stores @param {string} since */
async function goesOn({ meta }, since) {
  if ((await result(meta.get("stay"))) !== since) throw new Problem(401, "sign_in_required", "Sign in first.");
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

// How long a run stays that was opened without being on today's list.
const VISITED_MS = 24 * 3600 * 1000;

/** @param {any} today @param {string} at @param {string} since */
function keep(today, at, since) {
  const { person, organisation, away, engine, runs } = today;
  return transact(["meta", "runs", "commands"], "readwrite", async (s) => {
    await goesOn(s, since);
    const commands = await result(s.commands.getAll());
    const needed = new Set(commands.filter((c) => c.person === person.id).map((c) => c.run));
    for (const old of await result(s.runs.getAll())) {
      // Another person's runs are never shown here; a run with unsent work is never forgotten.
      const visited = !old.listed && Date.parse(at) - Date.parse(old.at) < VISITED_MS;
      const kept = old.person === person.id && (needed.has(old.id) || visited);
      if (!kept) s.runs.delete([old.person, old.id]);
    }
    for (const run of runs) s.runs.put({ person: person.id, id: run.id, run, at, listed: true });
    s.meta.put({ person, organisation, away, engine, at, signed_in: true }, "me");
  });
}

/** The pictures of what lies here now; in nobody's way. */
function keepPictures() {
  import("./pictures.js").then((pictures) => pictures.keepPictures()).catch(() => undefined);
}

/** Asks the server what is mine, and who I am. @returns {Promise<Me>} */
export async function refresh() {
  const since = await stay();
  const today = await call("GET", "/api/v1/today");
  const at = new Date().toISOString();
  await keep(today, at, since);
  keepPictures();
  return { person: today.person, organisation: today.organisation, away: today.away, engine: today.engine, at, signed_in: true };
}

/** @param {string} person @returns {Promise<Run[]>} */
export async function runsOf(person) {
  const rows = await readAll("runs");
  return rows.filter((row) => row.person === person && row.listed).map((row) => row.run);
}

/** @param {string} person @param {string} id @returns {Promise<{run: Run, listed: boolean} | null>} */
export async function runOf(person, id) {
  return (await read("runs", [person, id])) || null;
}

/** Fetches one run that today's list does not carry. @param {string} person @param {string} id @returns {Promise<Run>} */
export async function fetchRun(person, id) {
  const since = await stay();
  const run = await call("GET", `/api/v1/runs/${encodeURIComponent(id)}`);
  await transact(["meta", "runs"], "readwrite", async (s) => {
    await goesOn(s, since);
    s.runs.put({ person, id: run.id, run, at: new Date().toISOString(), listed: false });
  });
  keepPictures();
  return run;
}

/**
 * Takes over step states that the server named in a receipt, so that screens need no further reply.
 * @param {string} person
 * @param {({id: string, state?: any, attempt?: number} | null | undefined)[]} changes
 */
export function patchSteps(person, changes) {
  const byId = new Map(changes.filter((c) => c).map((c) => [/** @type {any} */ (c).id, c]));
  return transact(["runs"], "readwrite", async (s) => {
    for (const row of await result(s.runs.getAll())) {
      const touched = row.person === person && row.run.steps.some((/** @type {Step} */ p) => byId.has(p.id));
      if (!touched) continue;
      row.run.steps = row.run.steps.map((/** @type {Step} */ p) => ({ ...p, ...byId.get(p.id) }));
      s.runs.put(row);
    }
  });
}
