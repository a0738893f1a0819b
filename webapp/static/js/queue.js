// @ts-check
/**
 * What people did and the server has no receipt for yet. A command and its bytes are written in one
 * transaction, then read back: only after that may a screen say "Saved on this phone".
 */

import { ofHere } from "./here.js";
import { sha256 } from "./ids.js";
import { skewMs } from "./clock.js";
import { t } from "./language.js";
import { blobOf, claimsOf, told } from "./kept.js";
import { isFull, result, transact } from "./store.js";

export { waiting } from "./kept.js";

/** @typedef {import("./kept.js").About} About */
/** @typedef {import("./kept.js").Blob_} Blob_ */
/** @typedef {import("./kept.js").Claim} Claim */
/** @typedef {import("./kept.js").Command} Command */
/** @typedef {import("./kept.js").Receipt} Receipt */

/** Work that could not be written to this device's storage; the message is for its person. */
export class NotSaved extends Error {}

const fullWords = () => ofHere(t("This phone is full. Free some space, then press again."), t("This tablet is full. Free some space, then press again."));
const failedWords = () => ofHere(t("This phone could not save it. Keep this page open and press again."), t("This tablet could not save it. Keep this page open and press again."));

/** The claims with this command's, which takes the place of refused ones for the same step. @param {Blob_ | undefined} known @param {Command} command @param {string} [trouble] */
export function claimed(known, { id, person, step_run, attempt, about }, trouble) {
  /** @type {Claim} */
  const claim = { command: id, person, step_run, attempt, trouble, about };
  const over = (/** @type {Claim} */ c) => !c.command || Boolean(c.trouble);
  const same = (/** @type {Claim} */ c) => c.person === person && c.step_run === step_run && c.attempt === attempt;
  const others = known ? claimsOf(known).filter((c) => c.command !== id && !(over(c) && same(c))) : [];
  return [...others, claim];
}

/** @param {any} stores @param {Command} command @returns {Promise<About | undefined>} */
async function aboutIt(stores, { person, run, step_run }) {
  const kept = (await result(stores.runs.get([person, run])))?.run;
  const step = kept?.steps.find((/** @type {any} */ s) => s.id === step_run);
  return step && { process: kept.process, step: step.title, time_zone: kept.time_zone };
}

/**
 * @param {any} stores
 * @param {Command} command
 * @param {{sha256: string, bytes: ArrayBuffer} & Record<string, any> | null} blob
 */
async function put(stores, command, blob) {
  const known = await result(stores.commands.get(command.id));
  const last = (await result(stores.meta.get("seq"))) || 0;
  command.seq = known ? known.seq : last + 1;
  command.about = command.about || (await aboutIt(stores, command));
  if (!known) stores.meta.put(command.seq, "seq");
  stores.commands.put(command);
  if (!blob) return;
  const claims = claimed(await blobOf(stores, blob.sha256), command);
  stores.blobs.put({ ...blob, claims });
  stores.claims.put(told({ ...blob, claims }));
}

/**
 * Another window may have sent it by now: its receipt, under the same id, says as much as the command.
 * @param {Command} command @param {{sha256: string} | null} blob
 */
async function readBack(command, blob) {
  const [kept, sent, bytes] = await transact(["commands", "receipts", "blobs"], "readonly", async (s) => [
    await result(s.commands.get(command.id)),
    await result(s.receipts.get(command.id)),
    blob ? (await result(s.blobs.get(blob.sha256)))?.bytes : null,
  ]);
  if (!sent && kept?.seq !== command.seq) throw new NotSaved(failedWords());
  if (!blob || (sent && !bytes)) return; // the server has the bytes too
  if (!bytes || (await sha256(bytes)) !== blob.sha256) throw new NotSaved(failedWords());
}

/**
 * Takes out what cannot be shown to lie here whole: no screen may call it saved.
 * @param {any} stores @param {Command} command @param {{sha256: string} | null} blob
 */
async function takeOut(stores, { id }, blob) {
  stores.commands.delete(id);
  const known = blob && (await blobOf(stores, blob.sha256));
  if (!known) return;
  const claims = claimsOf(known).filter((c) => c.command !== id);
  if (claims.length) stores.claims.put({ ...known, claims });
  else [stores.blobs, stores.claims].forEach((store) => store.delete(blob.sha256));
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
  /** @type {Command} */
  const command = { ...draft, seq: 0, captured_at: at, skew_ms: skewMs() };
  const { person, step_run, attempt } = command;
  const blob = file && { ...file, sha256: draft.proof?.sha256, person, step_run, attempt, offset: 0, at };
  try {
    await transact(["commands", "blobs", "claims", "meta", "runs"], "readwrite", (s) => put(s, command, blob), "strict");
    await readBack(command, blob);
  } catch (error) {
    if (!(error instanceof NotSaved)) throw Object.assign(new NotSaved(isFull(error) ? fullWords() : failedWords()), { cause: error });
    await transact(["commands", "blobs", "claims"], "readwrite", (s) => takeOut(s, command, blob)).catch(() => undefined);
    throw error;
  }
  return command;
}

/** @param {string} id @param {Partial<Command>} change */
export function annotate(id, change) {
  return transact(["commands"], "readwrite", async ({ commands }) => {
    const known = await result(commands.get(id));
    if (known) commands.put({ ...known, ...change });
  });
}

/** Marks a receipt as read by the person. @param {string} id */
export function markSeen(id) {
  return transact(["receipts"], "readwrite", async (s) => {
    const known = await result(s.receipts.get(id));
    if (known) s.receipts.put({ ...known, seen: true });
  });
}
