// @ts-check
/** What an answer of the server changes on this device: commands and bytes leave only here, each against its receipt. */

import { blobOf, blobsOf, claimsOf } from "./kept.js";
import { t } from "./language.js";
import { claimed } from "./queue.js";
import { isFull, result, transact } from "./store.js";

/** @typedef {import("./day.js").Step} Step */
/** @typedef {import("./kept.js").Blob_} Blob_ */
/** @typedef {import("./kept.js").Claim} Claim */
/** @typedef {import("./kept.js").Command} Command */

/** @param {Command} command @param {any} answer */
function receipt(command, answer) {
  const { id, step_run, run, person, attempt, kind } = command;
  const { status, code = null, detail = null } = answer;
  return { id, step_run, run, person, attempt, kind, status, code, detail, at: new Date().toISOString() };
}

/**
 * Exchanges commands for their receipts: the only way in which a command leaves the device.
 * The bytes of a refused command stay, marked for it alone, until the step has other proof.
 * A device without room for receipts lets go what was taken, which makes room; the rest asks again.
 * @param {{command: Command, answer: any}[]} settled
 * @param {Set<string>} missing sha256 of the bytes that the server still waits for
 */
export async function settle(settled, missing) {
  try {
    await transact(["commands", "blobs", "claims", "receipts"], "readwrite", async (s) => {
      for (const { command, answer } of settled) {
        s.receipts.put(receipt(command, answer));
        s.commands.delete(command.id);
        const blob = command.proof?.sha256 && (await blobOf(s, command.proof.sha256));
        if (blob) s.claims.put(answeredFor(blob, command, answer, missing));
      }
    });
  } catch (error) {
    if (!isFull(error)) throw error;
    const taken = settled.filter(({ answer }) => answer.status === "applied");
    await transact(["commands"], "readwrite", async (s) => taken.forEach(({ command }) => s.commands.delete(command.id)));
  }
}

/**
 * The bytes after their command was answered; those that it still needs are sent, whatever was wrong.
 * @param {Blob_} blob @param {Command} command @param {any} answer @param {Set<string>} missing
 * @returns {Blob_}
 */
function answeredFor(blob, command, answer, missing) {
  const refused = answer.status === "rejected" ? answer.detail || answer.code || t("Not accepted") : undefined;
  const trouble = !refused && missing.has(blob.sha256) ? undefined : blob.trouble;
  return { ...blob, claims: claimed(blob, command, refused), trouble };
}

/** @param {string} hash @param {Partial<Blob_>} change */
export function annotateBlob(hash, change) {
  return transact(["blobs", "claims"], "readwrite", async (s) => {
    const known = await blobOf(s, hash);
    if (known) s.claims.put({ ...known, ...change });
  });
}

/** Frees bytes that the server has whole, and what it refused for the same steps; another person's claim stays. @param {Blob_} blob */
export function free({ sha256: hash, person }) {
  return transact(["blobs", "claims"], "readwrite", async (s) => {
    const all = await blobsOf(s);
    const arrived = all.filter((b) => b.sha256 === hash).flatMap(claimsOf);
    const steps = new Set(arrived.filter((c) => c.person === person && !c.trouble).map((c) => c.step_run));
    for (const kept of all) {
      const over = (/** @type {Claim} */ c) => kept.sha256 === hash || Boolean((c.trouble || kept.trouble) && steps.has(c.step_run));
      const claims = claimsOf(kept).filter((c) => c.person !== person || !over(c));
      if (!claims.length) [s.blobs, s.claims].forEach((store) => store.delete(kept.sha256));
      else if (claims.length < claimsOf(kept).length) s.claims.put({ ...kept, claims });
    }
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
