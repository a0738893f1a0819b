// @ts-check
/**
 * What people did and the server has no receipt for yet. A command and its bytes are written in one
 * transaction, then read back: only after that may a screen say "Saved on this phone".
 */

import { sha256 } from "./ids.js";
import { skewMs } from "./clock.js";
import { readAll, result, transact } from "./store.js";

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
 * @property {number | null} skew_ms
 * @property {Record<string, any>} [proof]
 * @property {string} [reason]
 * @property {string} [text]
 * @property {string} [trouble] what the server said when it could not take this one
 */

/**
 * What one command claims bytes for; `command` is empty for bytes kept by an earlier version of the app.
 * @typedef {{command: string, person: string, step_run: string, attempt: number, trouble?: string}} Claim
 */

/**
 * @typedef {object} Blob_
 * @property {string} sha256
 * @property {ArrayBuffer} bytes never a File: Safari gives stored files back broken
 * @property {string} media_type
 * @property {string} person
 * @property {string} step_run
 * @property {number} attempt
 * @property {number} offset bytes that the server has
 * @property {string} at when it was taken
 * @property {Claim[]} [claims] every command with these bytes: they are kept once by their sha256
 * @property {string} [trouble] why the server will not take it
 */

/** @typedef {{id: string, step_run: string, run: string, person: string, attempt: number, kind: string, status: string, code: string | null, detail: string | null, at: string, seen?: boolean}} Receipt */

/** Work that could not be written to this device's storage. */
export class NotSaved extends Error {}

/** @param {Blob_} blob @returns {Claim[]} */
function claimsOf({ claims, person, step_run, attempt, trouble }) {
  return claims || [{ command: "", person, step_run, attempt, trouble }];
}

/** The claims with this command's, which takes the place of refused ones for the same step. @param {Blob_ | undefined} known @param {Command} command @param {string} [trouble] */
function claimed(known, { id, person, step_run, attempt }, trouble) {
  /** @type {Claim} */
  const claim = { command: id, person, step_run, attempt, trouble };
  const over = (/** @type {Claim} */ c) => !c.command || Boolean(c.trouble);
  const same = (/** @type {Claim} */ c) => c.person === person && c.step_run === step_run && c.attempt === attempt;
  const others = known ? claimsOf(known).filter((c) => c.command !== id && !(over(c) && same(c))) : [];
  return [...others, claim];
}

/**
 * @param {any} stores
 * @param {Command} command
 * @param {Blob_ | null} blob
 */
async function put(stores, command, blob) {
  const known = await result(stores.commands.get(command.id));
  const last = (await result(stores.meta.get("seq"))) || 0;
  command.seq = known ? known.seq : last + 1;
  if (!known) stores.meta.put(command.seq, "seq");
  stores.commands.put(command);
  if (!blob) return;
  const before = await result(stores.blobs.get(blob.sha256));
  stores.blobs.put({ ...blob, claims: claimed(before, command) });
}

/** @param {Command} command @param {Blob_ | null} blob */
async function readBack(command, blob) {
  const [kept, bytes] = await transact(["commands", "blobs"], "readonly", async (s) => [
    await result(s.commands.get(command.id)),
    blob ? (await result(s.blobs.get(blob.sha256)))?.bytes : null,
  ]);
  if (kept?.seq !== command.seq) throw new NotSaved("The work was not found again after saving.");
  if (blob && (!bytes || (await sha256(bytes)) !== blob.sha256)) {
    throw new NotSaved("The photo came back different after saving.");
  }
}

/**
 * Saves a command durably, its bytes with it.
 * @param {Omit<Command, "seq" | "captured_at" | "skew_ms">} draft
 * @param {{bytes: ArrayBuffer, media_type: string} | null} file
 * @returns {Promise<Command>}
 * @throws {NotSaved} when it cannot be shown to lie safely on this device
 */
export async function enqueue(draft, file) {
  const at = new Date().toISOString();
  const command = { ...draft, seq: 0, captured_at: at, skew_ms: skewMs() };
  const { person, step_run, attempt } = command;
  const blob = file && { ...file, sha256: draft.proof?.sha256, person, step_run, attempt, offset: 0, at };
  try {
    await transact(["commands", "blobs", "meta"], "readwrite", (s) => put(s, command, blob));
    await readBack(command, blob);
  } catch (error) {
    throw error instanceof NotSaved ? error : new NotSaved(String(error));
  }
  return command;
}

/** @param {string} person @returns {Promise<Command[]>} oldest first */
export async function commandsOf(person) {
  const all = await readAll("commands");
  return all.filter((c) => c.person === person).sort((a, b) => a.seq - b.seq);
}

/**
 * One entry per claim of a person, as if each had the bytes alone; `late` when only the bytes are missing.
 * @param {Blob_[]} blobs @param {Command[]} commands @param {string} person
 * @returns {(Blob_ & {late: boolean})[]}
 */
function entries(blobs, commands, person) {
  const early = new Set(commands.flatMap((c) => [c.id, c.proof?.sha256]));
  const one = (/** @type {Blob_} */ blob, /** @type {Claim} */ claim) => {
    const trouble = claim.trouble || blob.trouble;
    const late = !trouble && !early.has(claim.command || blob.sha256);
    const { step_run, attempt } = claim;
    return { ...blob, person, step_run, attempt, trouble, late };
  };
  return blobs.flatMap((b) => claimsOf(b).filter((c) => c.person === person).map((c) => one(b, c)));
}

/** Bytes with a command that has its receipt, and that the server may still take. @param {string} person @returns {Promise<Blob_[]>} */
export async function blobsToSend(person) {
  const [blobs, commands] = await Promise.all([readAll("blobs"), readAll("commands")]);
  const late = entries(blobs, commands, person).filter((b) => b.late);
  return [...new Map(late.map((b) => [b.sha256, b])).values()];
}

/**
 * Everything of one person that is on this device and not yet safe on the server.
 * @param {string} person
 * @returns {Promise<{commands: Command[], blobs: Blob_[], receipts: Receipt[], oldest: string | null, count: number, others: number}>}
 */
export async function waiting(person) {
  const [all, blobs, receipts] = await Promise.all([readAll("commands"), readAll("blobs"), readAll("receipts")]);
  const commands = all.filter((c) => c.person === person).sort((a, b) => a.seq - b.seq);
  const mine = entries(blobs, all, person);
  const late = mine.filter((b) => b.late);
  const oldest = [...commands.map((c) => c.captured_at), ...late.map((b) => b.at)].sort()[0] || null;
  return {
    commands,
    blobs: mine,
    receipts: receipts.filter((r) => r.person === person),
    oldest,
    count: commands.length + late.length,
    others: all.filter((c) => c.person !== person).length,
  };
}

/** @param {Command} command @param {any} answer */
function receipt(command, answer) {
  const { id, step_run, run, person, attempt, kind } = command;
  const { status, code = null, detail = null } = answer;
  return { id, step_run, run, person, attempt, kind, status, code, detail, at: new Date().toISOString() };
}

/**
 * Exchanges commands for their receipts: the only way in which a command leaves the device.
 * The bytes of a refused command stay, marked for it alone, until the step has other proof.
 * @param {{command: Command, answer: any}[]} settled
 * @param {Set<string>} missing sha256 of the bytes that the server still waits for
 */
export function settle(settled, missing) {
  return transact(["commands", "blobs", "receipts"], "readwrite", async (s) => {
    for (const { command, answer } of settled) {
      s.receipts.put(receipt(command, answer));
      s.commands.delete(command.id);
      const blob = command.proof?.sha256 && (await result(s.blobs.get(command.proof.sha256)));
      if (blob) s.blobs.put(answeredFor(blob, command, answer, missing));
    }
  });
}

/**
 * The bytes after their command was answered; those that it still needs are sent, whatever was wrong.
 * @param {Blob_} blob @param {Command} command @param {any} answer @param {Set<string>} missing
 * @returns {Blob_}
 */
function answeredFor(blob, command, answer, missing) {
  const refused = answer.status === "rejected" ? answer.detail || answer.code || "Not accepted" : undefined;
  const trouble = !refused && missing.has(blob.sha256) ? undefined : blob.trouble;
  return { ...blob, claims: claimed(blob, command, refused), trouble };
}

/** @param {"commands" | "blobs"} store @param {string} key @param {object} change */
function amend(store, key, change) {
  return transact([store], "readwrite", async (s) => {
    const known = await result(s[store].get(key));
    if (known) s[store].put({ ...known, ...change });
  });
}

/** @param {string} id @param {Partial<Command>} change */
export const annotate = (id, change) => amend("commands", id, change);

/** @param {string} hash @param {Partial<Blob_>} change */
export const annotateBlob = (hash, change) => amend("blobs", hash, change);

/** Frees bytes that the server has whole, and what it refused for the same steps; another person's claim stays. @param {Blob_} blob */
export function free({ sha256: hash, person }) {
  return transact(["blobs"], "readwrite", async (s) => {
    const all = /** @type {Blob_[]} */ (await result(s.blobs.getAll()));
    const arrived = all.filter((b) => b.sha256 === hash).flatMap(claimsOf);
    const steps = new Set(arrived.filter((c) => c.person === person && !c.trouble).map((c) => c.step_run));
    for (const kept of all) {
      const over = (/** @type {Claim} */ c) => kept.sha256 === hash || Boolean((c.trouble || kept.trouble) && steps.has(c.step_run));
      const claims = claimsOf(kept).filter((c) => c.person !== person || !over(c));
      if (!claims.length) s.blobs.delete(kept.sha256);
      else if (claims.length < claimsOf(kept).length) s.blobs.put({ ...kept, claims });
    }
  });
}

/** Marks a receipt as read by the person. @param {string} id */
export function markSeen(id) {
  return transact(["receipts"], "readwrite", async (s) => {
    const known = await result(s.receipts.get(id));
    if (known) s.receipts.put({ ...known, seen: true });
  });
}

const KEEP_MS = 7 * 24 * 3600 * 1000;

/** Drops receipts of a week ago that nobody needs to read any more. @param {number} now */
export function prune(now) {
  return transact(["receipts"], "readwrite", async (s) => {
    for (const r of await result(s.receipts.getAll())) {
      const read = r.seen || r.status === "applied" || r.status === "superseded";
      if (read && now - Date.parse(r.at) > KEEP_MS) s.receipts.delete(r.id);
    }
  });
}
