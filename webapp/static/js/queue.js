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
 * @typedef {object} Blob_
 * @property {string} sha256
 * @property {ArrayBuffer} bytes never a File: Safari gives stored files back broken
 * @property {string} media_type
 * @property {string} person
 * @property {string} step_run
 * @property {number} attempt
 * @property {number} offset bytes that the server has
 * @property {string} at when it was taken
 * @property {string} [trouble] why the server will not take it
 */

/** @typedef {{id: string, step_run: string, run: string, person: string, attempt: number, kind: string, status: string, code: string | null, detail: string | null, at: string, seen?: boolean}} Receipt */

/** Work that could not be written to this device's storage. */
export class NotSaved extends Error {}

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
  if (blob) stores.blobs.put(blob);
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

/** Bytes whose command has its receipt and that the server may still take. @param {string} person @returns {Promise<Blob_[]>} */
export async function blobsToSend(person) {
  const [blobs, commands] = await Promise.all([readAll("blobs"), readAll("commands")]);
  const early = new Set(commands.map((c) => c.proof?.sha256));
  return blobs.filter((b) => b.person === person && !b.trouble && !early.has(b.sha256));
}

/**
 * Everything of one person that is on this device and not yet safe on the server.
 * @param {string} person
 * @returns {Promise<{commands: Command[], blobs: Blob_[], receipts: Receipt[], oldest: string | null, count: number, others: number}>}
 */
export async function waiting(person) {
  const [all, blobs, receipts] = await Promise.all([readAll("commands"), readAll("blobs"), readAll("receipts")]);
  const commands = all.filter((c) => c.person === person).sort((a, b) => a.seq - b.seq);
  const early = new Set(all.map((c) => c.proof?.sha256));
  const mine = blobs.filter((b) => b.person === person);
  const late = mine.filter((b) => !b.trouble && !early.has(b.sha256));
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
 * The bytes of a refused command stay, marked, until the step has other proof.
 * @param {{command: Command, answer: any}[]} settled
 */
export function settle(settled) {
  return transact(["commands", "blobs", "receipts"], "readwrite", async (s) => {
    for (const { command, answer } of settled) {
      s.receipts.put(receipt(command, answer));
      s.commands.delete(command.id);
      if (answer.status === "rejected" && command.proof?.sha256) {
        const blob = await result(s.blobs.get(command.proof.sha256));
        if (blob) s.blobs.put({ ...blob, trouble: answer.detail || answer.code || "Not accepted" });
      }
    }
  });
}

/** @param {string} id @param {Partial<Command>} change */
export function annotate(id, change) {
  return transact(["commands"], "readwrite", async (s) => {
    const known = await result(s.commands.get(id));
    if (known) s.commands.put({ ...known, ...change });
  });
}

/** @param {string} hash @param {Partial<Blob_>} change */
export function annotateBlob(hash, change) {
  return transact(["blobs"], "readwrite", async (s) => {
    const known = await result(s.blobs.get(hash));
    if (known) s.blobs.put({ ...known, ...change });
  });
}

/** Frees bytes that the server has whole, and older refused bytes of the same step. @param {Blob_} blob */
export function free(blob) {
  return transact(["blobs"], "readwrite", async (s) => {
    s.blobs.delete(blob.sha256);
    const others = await result(s.blobs.getAll());
    const same = others.filter((b) => b.step_run === blob.step_run && b.person === blob.person && b.trouble);
    for (const old of same) s.blobs.delete(old.sha256);
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
