// @ts-check
/** Sends proof bytes in parts, going on where a broken upload stopped. */

import { call, head, Problem } from "./api.js";
import { sha256 } from "./ids.js";
import { t } from "./language.js";
import { annotateBlob, free } from "./settle.js";
import { read } from "./store.js";

export const PART = 256 * 1024;
const PART_TIMEOUT_MS = 60_000;
// The server's answers after which the same bytes can never be taken.
const FINAL = new Set(["blob_too_large", "not_an_image", "image_too_many_pixels"]);

/** @typedef {import("./kept.js").Entry & {bytes: ArrayBuffer}} Entry */

/** What this page began to send. @type {Set<string>} */
const begun = new Set();

/** @param {string} hash */
const path = (hash) => `/api/v1/blobs/${hash}`;

/**
 * What this device never began to send is sent from its start: should the server know better, it says so.
 * @param {Entry} blob @returns {Promise<boolean>} whether it began before
 */
async function begin({ sha256: hash, bytes, begun: noted }) {
  const before = noted || begun.has(hash);
  begun.add(hash);
  // Outlives this page where it spares more than one part; a full device sends all the same.
  if (!before && bytes.byteLength > PART) await annotateBlob(hash, { begun: true }).catch(() => undefined);
  return before;
}

/**
 * Where to go on. When the server has them whole, that is the end: an empty part there makes it say
 * so under the same sha256, and tie the bytes to every step that waits for them.
 * @param {Entry} blob
 * @returns {Promise<number>}
 */
async function position(blob) {
  if (!(await begin(blob))) return 0;
  const headers = await head(path(blob.sha256));
  if (!headers) return 0;
  const offset = headers.get("Upload-Offset");
  if (offset === null) throw new Problem(0, "not_baton", t("Something else answered in place of the server."));
  const total = blob.bytes.byteLength;
  if (headers.get("Upload-Complete") === "?1") return total;
  // Another length, or more bytes than there are, can only be a mistake: start again.
  const length = headers.get("Upload-Length");
  const isOurs = (length === null || Number(length) === total) && Number(offset) <= total;
  return isOurs ? Number(offset) : 0;
}

/** @param {Entry} blob @param {number} offset @returns {Promise<any>} */
async function putPart(blob, offset) {
  const total = blob.bytes.byteLength;
  try {
    return await call("PUT", path(blob.sha256), {
      body: blob.bytes.slice(offset, Math.min(offset + PART, total)),
      headers: {
        "Content-Type": "application/octet-stream",
        // Under another sign-in these bytes would go to somebody else's organisation, and leave here.
        "Baton-Person": blob.person,
        "Upload-Offset": String(offset),
        "Upload-Length": String(total),
      },
      timeout: PART_TIMEOUT_MS,
    });
  } catch (error) {
    const { code, body } = /** @type {Problem} */ (error);
    if (code !== "offset_conflict") throw error;
    return { offset: Number(body.offset), complete: false };
  }
}

/** @param {Entry} blob @param {Problem} problem @returns {Promise<void>} rethrows what may pass */
async function setAside(blob, problem) {
  const { sha256: hash } = blob;
  const damaged = problem.code === "hash_mismatch" && (await sha256(blob.bytes)) !== hash;
  if (damaged || FINAL.has(problem.code)) return annotateBlob(hash, { trouble: problem.detail });
  const passing = problem.unreachable || problem.status === 401 || problem.code === "other_person";
  if (!passing && blob.said !== problem.detail) await annotateBlob(hash, { said: problem.detail });
  throw problem;
}

/** @param {Entry} blob @param {(offset: number) => Promise<void>} came @returns {Promise<any[]>} the step runs that the bytes belong to */
async function parts(blob, came) {
  const total = blob.bytes.byteLength;
  let offset = await position(blob);
  // Twice the number of parts: enough for any honest sequence of conflicts, and it ends.
  for (let left = 2 * Math.ceil(total / PART) + 2; left > 0; left -= 1) {
    await came(offset);
    const answer = await putPart(blob, offset);
    if (answer.complete && answer.sha256 === blob.sha256) return answer.step_runs || [];
    if (!Number.isFinite(answer.offset)) break;
    offset = answer.offset;
  }
  throw new Problem(409, "upload_stuck", t("The photo did not arrive whole yet."));
}

/**
 * Uploads one blob and frees it when the server has it whole under the same sha256.
 * @param {import("./kept.js").Entry} entry
 * @param {(offset: number) => Promise<void>} came awaited before each part: how much the server has
 * @returns {Promise<any[]>} step runs whose state changed by it
 * @throws {Problem} when it should be tried again later
 */
export async function upload(entry, came) {
  const kept = await read("blobs", entry.sha256);
  if (!kept) return []; // another page was faster
  const blob = { ...entry, bytes: kept.bytes };
  try {
    if (!blob.bytes?.byteLength) throw new Problem(422, "unreadable", t("The photo could not be read here."));
    const changed = await parts(blob, came);
    await free(blob);
    return changed;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await setAside(blob, error);
    return [];
  }
}
