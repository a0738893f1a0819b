// @ts-check
/** Brings files to the server: several at a time where the line is quick, and one that fails holds up no other. */

import { Problem } from "./api.js";
import { entries, everything } from "./kept.js";
import { PART, upload } from "./upload.js";

/** @typedef {import("./kept.js").Blob_} Blob_ */
/** @typedef {import("./kept.js").Entry} Entry */

/**
 * How far the bytes have come: files and bytes in all, and of the file on its way. In bytes, of `items` files.
 * @typedef {{done: number, items: number, sent: number, bytes: number, now: {sha256: string, offset: number, length: number}}} Progress
 */

/**
 * What is done besides.
 * @typedef {object} Besides
 * @property {() => Promise<number>} between awaited before each part; how many commands have left the device so far
 * @property {(progress: Progress) => void} came before each part
 * @property {(changes: any[]) => Promise<void>} show tells the screens of step runs that changed
 */

// Files at once, where the line brings a part of each in ten seconds: shared, a slower one would bring none in time.
const LANES = 3;
const QUICK = (LANES * PART) / 10_000;
// Writing a long day anew for each photo would take longer than sending it.
const SHOW_MS = 1000;

/** Small ones first, and of about the same size the oldest. @param {Blob_} a @param {Blob_} b */
function byWeight(a, b) {
  return Math.ceil(a.size / PART) - Math.ceil(b.size / PART) || (a.at < b.at ? -1 : 1);
}

/** Bytes with a command that has its receipt, and that the server may still take, in the order to send. @param {string} person @returns {Promise<Entry[]>} */
async function blobsToSend(person) {
  const { blobs, commands } = await everything();
  const late = entries(blobs, commands, person).filter((b) => b.late);
  return [...new Map(late.map((b) => [b.sha256, b])).values()].sort(byWeight);
}

/** How often the bytes failed while this page is open: what failed goes last. @type {Map<string, number>} */
const failures = new Map();

export class Bytes {
  /** @param {string} person @param {Besides} besides */
  constructor(person, besides) {
    this.person = person;
    this.besides = besides;
    /** Files of this round. @type {Set<string>} */
    this.tried = new Set();
    /** @type {Entry[]} what is to be sent, as it was when somebody looked */
    this.queue = [];
    this.stale = true;
    /** How far each file on its way has come. @type {Map<Entry, number>} */
    this.under = new Map();
    this.left = 0;
    this.done = 0;
    this.sent = 0;
    this.lanes = 1;
    /** How many were without any answer, one after the other. */
    this.silent = 0;
    this.over = false;
    /** Steps that the screens were not told of. @type {any[]} */
    this.changes = [];
    this.shown = performance.now();
    /** @type {Problem | null} the first failure that should be tried again */
    this.failure = null;
  }

  /** Sends all that can go; two in a row without any answer end it, and so does another sign-in. */
  async send() {
    /** @type {Set<Promise<void>>} */
    const running = new Set();
    while (await this.next(running)) await Promise.race(running);
    await this.show();
  }

  /** Starts as many as may be on their way. @param {Set<Promise<void>>} running @returns {Promise<number>} how many are */
  async next(running) {
    if (this.stale) await this.look();
    while (!this.over && running.size < this.lanes && this.queue.length) {
      const file = this.file(/** @type {Entry} */ (this.queue.shift())).finally(() => running.delete(file));
      running.add(file);
    }
    return running.size;
  }

  async look() {
    this.stale = false;
    const often = (/** @type {Entry} */ b) => failures.get(b.sha256) || 0;
    const all = await blobsToSend(this.person);
    this.queue = all.filter((b) => !this.tried.has(b.sha256)).sort((a, b) => often(a) - often(b));
  }

  /** @param {Entry} blob @returns {Promise<void>} */
  async file(blob) {
    this.tried.add(blob.sha256);
    this.under.set(blob, 0);
    const began = performance.now();
    try {
      this.changes.push(...(await upload(blob, (offset) => this.part(blob, offset))));
      this.arrived(blob, performance.now() - began);
    } catch (error) {
      // One that cannot even be read here stays, and holds up no other.
      this.failed(blob, error instanceof Problem ? error : new Problem(422, "device", String(error)));
    }
    this.under.delete(blob);
    if (performance.now() - this.shown > SHOW_MS) await this.show();
  }

  /** @param {Entry} blob @param {number} took ms */
  arrived({ sha256, size }, took) {
    failures.delete(sha256);
    this.done += 1;
    this.sent += size;
    this.silent = 0;
    this.lanes = size / took > QUICK ? Math.min(LANES, this.lanes + 1) : 1;
  }

  /** @param {Entry} blob @param {Problem} problem */
  failed({ sha256 }, problem) {
    failures.set(sha256, (failures.get(sha256) || 0) + 1);
    this.failure = this.failure || problem;
    this.silent = problem.unreachable ? this.silent + 1 : 0;
    if (problem.unreachable) this.lanes = 1;
    this.over = this.over || this.silent > 1 || problem.status === 401 || problem.code === "other_person";
  }

  /** Between two parts. @param {Entry} blob @param {number} offset */
  async part(blob, offset) {
    const { sha256, size: length } = blob;
    this.under.set(blob, offset);
    const ahead = [...this.queue, ...this.under.keys()];
    const bytes = ahead.reduce((sum, b) => sum + b.size, this.sent);
    const sent = [...this.under.values()].reduce((sum, n) => sum + n, this.sent);
    this.besides.came({ done: this.done, items: this.done + ahead.length, sent, bytes, now: { sha256, offset, length } });
    const left = await this.besides.between();
    this.stale = this.stale || left > this.left; // their bytes may go now
    this.left = left;
  }

  async show() {
    this.shown = performance.now();
    await this.besides.show(this.changes.splice(0));
  }
}
