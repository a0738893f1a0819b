// @ts-check
/** Identifiers and hashes made on the device. */

import { read, transact, result } from "./store.js";

/** @param {ArrayBuffer | Uint8Array} bytes */
function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** A random UUID (version 4); Chrome 91 and Safari 15.0 have no crypto.randomUUID. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @param {ArrayBuffer} bytes @returns {Promise<string>} lower-case hexadecimal */
export async function sha256(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

/** The id of this browser, made once. @returns {Promise<string>} */
export async function deviceId() {
  const known = await read("meta", "device");
  if (known) return known;
  const made = uuid();
  return transact(["meta"], "readwrite", async ({ meta }) => {
    const other = await result(meta.get("device"));
    if (!other) meta.put(made, "device");
    return other || made;
  });
}
