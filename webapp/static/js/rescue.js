// @ts-check
/**
 * The rescue file: everything on this device that is not yet safe, of everybody, for the owner to take in.
 * A zip without compression (APPNOTE 4.3: local headers, central directory, end record). Making one
 * changes nothing here.
 */

import { skewMs } from "./clock.js";
import { me } from "./day.js";
import { h } from "./dom.js";
import { deviceId } from "./ids.js";
import { everything, peopleHere } from "./kept.js";
import { appVersion } from "./storage.js";
import { read } from "./store.js";

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** CRC-32 as zip wants it. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let crc = -1;
  for (let i = 0; i < bytes.length; i += 1) crc = TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Numbers of two or four bytes, least first. @param {...[2 | 4, number]} fields */
function packed(...fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return view.buffer;
}

/** @param {Date} at @returns {[number, number]} time and date as MS-DOS has them */
function dosTime(at) {
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1);
  return [time, ((at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate()];
}

const UTF8 = 0x0800;

/** Takes one entry after another; each is handed to the browser at once, so that no two lie in memory. */
export class Zip {
  /** @param {Date} at */
  constructor(at) {
    this.at = dosTime(at);
    /** @type {BlobPart[]} */
    this.parts = [];
    /** @type {BlobPart[]} */
    this.directory = [];
    this.size = 0;
    this.count = 0;
  }

  /** @param {string} name @param {Uint8Array<ArrayBuffer>} bytes */
  add(name, bytes) {
    const title = new TextEncoder().encode(name);
    /** @type {[2 | 4, number][]} from "version needed" to "extra length" */
    const facts = [[2, 20], [2, UTF8], [2, 0], [2, this.at[0]], [2, this.at[1]], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length], [2, title.length], [2, 0]];
    this.parts.push(new Blob([packed([4, 0x04034b50], ...facts), title, bytes]));
    this.directory.push(packed([4, 0x02014b50], [2, 20], ...facts, [2, 0], [2, 0], [2, 0], [4, 0], [4, this.size]), title);
    this.size += 30 + title.length + bytes.length;
    this.count += 1;
  }

  /** @returns {Blob} */
  whole() {
    const directory = new Blob(this.directory);
    const end = packed([4, 0x06054b50], [2, 0], [2, 0], [2, this.count], [2, this.count], [4, directory.size], [4, this.size], [2, 0]);
    return new Blob([...this.parts, directory, end], { type: "application/zip" });
  }
}

/** @param {Date} at by the device's clock @returns {string} */
function nameOf(at) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `baton-rescue-${day}-${two(at.getHours())}${two(at.getMinutes())}.zip`;
}

/** @param {Date} at */
async function contents(at) {
  const [{ commands, blobs }, who, names] = await Promise.all([everything(), me(), peopleHere()]);
  // Of a kiosk: where it hangs, and the sealed PINs that bear its work out.
  const [place, turns] = await Promise.all([read("meta", "kiosk"), read("meta", "turns")]);
  return {
    format: "baton-rescue",
    version: 1,
    made_at: at.toISOString(),
    skew_ms: skewMs(),
    device: await deviceId(),
    app_version: await appVersion(),
    people: Object.entries(names).map(([id, name]) => ({ id, name })),
    organisation: who?.organisation || place?.organisation || null,
    commands,
    turns: (turns || []).map(({ turn, person, started_at, sealed }) => ({ turn, person, started_at, sealed })),
    blobs: blobs.map(({ size, sha256, media_type, person, step_run, attempt, at: taken, claims = [] }) => {
      return { sha256, bytes: size, media_type, person, step_run, attempt, at: taken, claims };
    }),
  };
}

/** @returns {Promise<{name: string, file: Blob}>} */
export async function rescueFile() {
  const at = new Date();
  const zip = new Zip(at);
  const list = await contents(at);
  zip.add("baton-rescue.json", new TextEncoder().encode(JSON.stringify(list, null, 1)));
  for (const { sha256 } of list.blobs) {
    const kept = await read("blobs", sha256).catch(() => null); // one that cannot be read spoils no other
    if (kept?.bytes) zip.add(`blobs/${sha256}`, new Uint8Array(kept.bytes));
  }
  return { name: nameOf(at), file: zip.whole() };
}

/** Hands the file to the browser. @returns {Promise<string>} its name */
export async function download() {
  const { name, file } = await rescueFile();
  const href = URL.createObjectURL(file);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
  return name;
}
