// @ts-check
/** What lies on this device, of everybody who works on it, told without the bytes themselves. */

import { read, readAll, result, transact } from "./store.js";

/**
 * @typedef {object} Command
 * @property {string} id
 * @property {number} seq
 * @property {"complete_step" | "cannot_do" | "not_applicable" | "fix_note"} kind
 * @property {string} person who did it: it is only ever sent while that person is signed in
 * @property {string} run
 * @property {string} step_run
 * @property {number} attempt
 * @property {string} captured_at device time, ISO 8601 UTC
 * @property {number | null} skew_ms null: never sampled, or not since the clock was set, and so unproven
 * @property {Record<string, any>} [proof]
 * @property {string} [reason]
 * @property {string} [text]
 * @property {string} [turn] of that person at a kiosk
 * @property {string} [trouble] what the server said when it could not take this one
 * @property {About} [about]
 * @property {number} [undo_until] device time, ms: until then it may be taken back, and nobody sends it
 */

/** What it was, in words for this device's own list: a sign-out forgets the runs. @typedef {{process: string, step: string, time_zone: string}} About */

/**
 * What one command claims bytes for; `command` is empty for bytes kept by an earlier version of the app.
 * @typedef {{command: string, person: string, step_run: string, attempt: number, trouble?: string, about?: About}} Claim
 */

/**
 * Bytes on this device, told without them: they lie in `blobs`, this in `claims`.
 * @typedef {object} Blob_
 * @property {string} sha256
 * @property {number} size in bytes
 * @property {string} media_type
 * @property {string} person
 * @property {string} step_run
 * @property {number} attempt
 * @property {string} at when it was taken
 * @property {Claim[]} [claims] every command with these bytes: they are kept once by their sha256
 * @property {string} [trouble] why the server will not take it
 * @property {boolean} [begun] whether a part of it may be on the server
 * @property {string} [said] what the server said last time; it is tried again
 */

/** @typedef {Blob_ & {late: boolean, about?: About}} Entry */

/** @typedef {{id: string, step_run: string, run: string, person: string, attempt: number, kind: string, status: string, code: string | null, detail: string | null, at: string, seen?: boolean}} Receipt */

/** @param {Blob_} blob @returns {Claim[]} */
export function claimsOf({ claims, person, step_run, attempt, trouble }) {
  return claims || [{ command: "", person, step_run, attempt, trouble }];
}

/** What is kept of bytes besides them; an earlier version of the app kept it with them. @param {any} row @returns {Blob_} */
export function told({ bytes, offset, ...blob }) {
  return { size: bytes?.byteLength || 0, ...blob };
}

/** @param {any} stores `blobs` and `claims` @param {string} hash @returns {Promise<Blob_ | undefined>} */
export async function blobOf({ blobs, claims }, hash) {
  const known = await result(claims.get(hash));
  const row = known ? null : await result(blobs.get(hash));
  return known || (row && told(row));
}

/** Everything of which the bytes are here. @param {any} stores @returns {Promise<Blob_[]>} */
export async function blobsOf(stores) {
  const [keys, known] = await Promise.all([result(stores.blobs.getAllKeys()), result(stores.claims.getAll())]);
  const byHash = new Map(known.map((/** @type {Blob_} */ b) => [b.sha256, b]));
  return Promise.all(keys.map((/** @type {string} */ key) => byHash.get(key) || blobOf(stores, key)));
}

/** @param {any} stores @returns {Promise<{commands: Command[], blobs: Blob_[]}>} commands in their order */
async function everythingIn(stores) {
  const [commands, blobs] = await Promise.all([result(stores.commands.getAll()), blobsOf(stores)]);
  return { commands: commands.sort((/** @type {Command} */ a, /** @type {Command} */ b) => a.seq - b.seq), blobs };
}

const ALL = ["commands", "blobs", "claims"];

/** @type {Promise<void> | null} */
let apart = null;

/** Bytes of an earlier version of the app, which are not told apart from them. @param {any} stores @returns {Promise<string[]>} */
async function untold({ blobs, claims }) {
  const [keys, known] = await Promise.all([result(blobs.getAllKeys()), result(claims.getAllKeys())]);
  const listed = new Set(known);
  return keys.filter((/** @type {string} */ hash) => !listed.has(hash));
}

/** Tells them apart one after the other, so that no look reads them again. @param {string[]} hashes */
async function tellApart(hashes) {
  const one = (/** @type {string} */ hash) =>
    transact(["blobs", "claims"], "readwrite", async (s) => {
      const blob = await blobOf(s, hash);
      if (blob) s.claims.put(blob);
    });
  // One that cannot be read holds up no other.
  for (const hash of hashes) await one(hash).catch(() => undefined);
}

/** @template T @param {(stores: any) => Promise<T>} work @returns {Promise<T>} */
async function look(work) {
  await apart;
  const [left, value] = await transact(ALL, "readonly", async (stores) => {
    const hashes = apart ? [] : await untold(stores);
    return [hashes, hashes.length ? null : await work(stores)];
  });
  apart = apart || tellApart(left);
  return left.length ? look(work) : /** @type {T} */ (value);
}

/** All that lies here, whoever's. */
export const everything = () => look(everythingIn);

/**
 * One entry per claim of a person, as if each had the bytes alone; `late` when only the bytes are missing.
 * @param {Blob_[]} blobs @param {Command[]} commands @param {string} person
 * @returns {Entry[]}
 */
export function entries(blobs, commands, person) {
  const early = new Set(commands.flatMap((c) => [c.id, c.proof?.sha256]));
  const one = (/** @type {Blob_} */ blob, /** @type {Claim} */ claim) => {
    const trouble = claim.trouble || blob.trouble;
    const late = !trouble && !early.has(claim.command || blob.sha256);
    const { step_run, attempt, about } = claim;
    return { ...blob, person, step_run, attempt, about, trouble, late };
  };
  return blobs.flatMap((b) => claimsOf(b).filter((c) => c.person === person).map((c) => one(b, c)));
}

/**
 * What lies here of one person; `count` and `oldest` tell what is not yet safe on the server.
 * @typedef {{commands: Command[], blobs: Entry[], oldest: string | null, count: number}} Lying
 */

/** @param {Command[]} all @param {Blob_[]} kept @param {string} person @returns {Lying} */
function lyingOf(all, kept, person) {
  const commands = all.filter((c) => c.person === person);
  const blobs = entries(kept, all, person);
  const late = blobs.filter((b) => b.late);
  const oldest = [...commands.map((c) => c.captured_at), ...late.map((b) => b.at)].sort()[0] || null;
  return { commands, blobs, oldest, count: commands.length + late.length };
}

/** @param {any} stores @returns {Promise<Map<string, Lying>>} by the person's id */
export async function lyingIn(stores) {
  const { commands, blobs } = await everythingIn(stores);
  const people = new Set([...commands, ...blobs.flatMap(claimsOf)].map((c) => c.person));
  return new Map([...people].map((id) => [id, lyingOf(commands, blobs, id)]));
}

/** What lies here of everybody who works on this device. */
export const byPerson = () => look(lyingIn);

/**
 * Everything of one person that is on this device and not yet safe on the server, and how much of others.
 * @param {string | Promise<string>} person who may be read at the same time
 * @returns {Promise<Lying & {receipts: Receipt[], others: Record<string, number>}>} `others` by their ids
 */
export async function waiting(person) {
  const [all, receipts, own] = await Promise.all([byPerson(), readAll("receipts"), person]);
  const mine = all.get(own) || { commands: [], blobs: [], oldest: null, count: 0 };
  const others = [...all].filter(([id, { count }]) => id !== own && count).map(([id, { count }]) => [id, count]);
  return { ...mine, receipts: receipts.filter((r) => r.person === own), others: Object.fromEntries(others) };
}

/** @returns {Promise<Record<string, string>>} names by id */
export async function peopleHere() {
  return (await read("meta", "people")) || {};
}
