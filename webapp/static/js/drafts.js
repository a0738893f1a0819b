// @ts-check
/**
 * Proofs that were begun and are not yet work: words half typed, a photo not used yet, a camera that is
 * open. A phone ends a page whenever it likes; what is kept here is there when the page opens again.
 * Each belongs to the person who began it, and nobody else is shown it.
 */

import { acting, me } from "./day.js";
import { readAll, remove, result, transact } from "./store.js";

/**
 * @typedef {object} Draft
 * @property {string} key step run, attempt and what is begun
 * @property {string} person
 * @property {string} run
 * @property {string} step_run
 * @property {number} attempt
 * @property {string} title of the step
 * @property {string} kind
 * @property {string} at when it was last changed, ISO 8601 UTC
 * @property {Record<string, string>} [words] what is typed, by field
 * @property {string | null} [camera_at] since when the phone's own camera app may be open
 * @property {ArrayBuffer} [bytes]
 * @property {string} [media_type]
 * @property {string} [sha256]
 * @property {string} [taken_at]
 * @property {string} [name] of a file
 * @property {number[][]} [strokes] of a signature: x, y, x, y, in parts of the pad's width
 * @property {import("./proofs/stopwatch.js").Reading} [timer]
 */
/** @typedef {Partial<Draft>} Parts */
/** @typedef {ReturnType<typeof draftOf>} Kept */

const KEEP_MS = 7 * 24 * 3600 * 1000;

/** Says the key of a draft that was completed while nobody looked at it. */
export const arrivals = new EventTarget();

/** @param {any} drafts the store @param {Draft} identity @param {Parts} parts */
async function merge(drafts, identity, parts) {
  const known = await result(drafts.get(identity.key));
  const mine = known?.person === identity.person ? known : {};
  drafts.put({ ...mine, ...parts, ...identity });
}

/**
 * What is begun of one step, for whoever is signed in now. Writes are done one after the other; none
 * ever stands in the way of the work itself.
 * @param {import("./day.js").Step} step
 * @param {string} [kind] what is begun, if not the step's proof
 */
export function draftOf(step, kind = step.proof.kind) {
  // At a kiosk two people may have begun the same step.
  const key = [step.id, step.attempt, kind, acting()?.person.id].filter(Boolean).join(":");
  const person = me().then((who) => who?.person.id || "");
  let over = false;
  /** @type {Promise<any>} */
  let tail = person;

  /** @template T @param {() => Promise<T>} work @returns {Promise<T | null>} null when storage refuses */
  const inTurn = (work) => (tail = tail.then(work).catch(() => null));

  /** @returns {Promise<Draft | null>} */
  const read = () =>
    inTurn(async () => {
      const who = await person;
      const kept = await transact(["drafts"], "readonly", (s) => result(s.drafts.get(key)));
      return kept?.person === who ? kept : null;
    });

  /** @param {Parts} parts takes their place in what is kept */
  const write = (parts) =>
    inTurn(async () => {
      const who = await person;
      if (over || !who) return;
      const { id: step_run, run, attempt, title } = step;
      const identity = { key, person: who, run, step_run, attempt, title, kind, at: new Date().toISOString() };
      await transact(["drafts"], "readwrite", (s) => merge(s.drafts, identity, parts));
    });

  /** Forgets it. */
  const drop = () => inTurn(() => remove("drafts", key));

  /** It became work: forgets it, and what still comes for it. */
  const finish = () => {
    over = true;
    return drop();
  };
  return { key, read, write, drop, finish };
}

/** @param {string} person @returns {Promise<Draft[]>} newest first */
export async function draftsOf(person) {
  const all = /** @type {Draft[]} */ (await readAll("drafts").catch(() => []));
  return all.filter((d) => d.person === person).sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Forgets what nobody went on with for a week. @param {number} now */
export function pruneDrafts(now) {
  return transact(["drafts"], "readwrite", async (s) => {
    for (const d of await result(s.drafts.getAll())) if (now - Date.parse(d.at) > KEEP_MS) s.drafts.delete(d.key);
  });
}

/**
 * Keeps what is typed into a field, and fills in what was typed before.
 * @param {{key: string, write: (parts: Parts) => Promise<unknown>}} draft
 * @param {Draft | null} kept
 * @param {Record<string, HTMLInputElement | HTMLTextAreaElement>} fields
 */
export function keepWords(draft, kept, fields) {
  const all = Object.entries(fields);
  let asked = false;
  const save = async () => {
    if (asked) return;
    asked = true; // what is typed while storage is busy goes with the next write
    await new Promise((done) => setTimeout(done, 100));
    asked = false;
    await draft.write({ words: Object.fromEntries(all.map(([name, field]) => [name, field.value])) });
  };
  for (const [name, field] of all) {
    field.value = field.value || kept?.words?.[name] || "";
    field.addEventListener("input", save);
  }
}
