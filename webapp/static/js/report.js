// @ts-check
/** What this device tells the server of itself: that it is there, and what it still holds. */

import { byPerson } from "./kept.js";
import { read, write } from "./store.js";
import { appVersion, room } from "./storage.js";

const EVERY_MS = 5 * 60_000;
const MOST = 500;

/** @typedef {{waiting: number, bytes: number, oldest: string | null, seqs: number[], steps: string[], persisted: boolean | null, free_bytes: number | null, version: string}} DeviceState */

/** @returns {Promise<DeviceState>} of everybody who works here; `oldest` by the device's clock, `steps` are what the work is for */
export async function deviceState() {
  const [all, { persisted, free }, version] = await Promise.all([byPerson(), room(), appVersion()]);
  const each = [...all.values()];
  const sizes = new Map(each.flatMap(({ blobs }) => blobs.filter((b) => !b.trouble).map((b) => [b.sha256, b.size])));
  return {
    waiting: each.reduce((sum, { count }) => sum + count, 0),
    bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0),
    oldest: each.flatMap(({ oldest }) => oldest || []).sort()[0] || null,
    seqs: each.flatMap(({ commands }) => commands.map((c) => c.seq)).sort((a, b) => a - b).slice(0, MOST),
    steps: [...new Set(each.flatMap(({ commands, blobs }) => [...commands, ...blobs.filter((b) => b.late)].map((b) => b.step_run)))].slice(0, MOST),
    persisted,
    free_bytes: free,
    version,
  };
}

/** @param {DeviceState} state */
const gist = ({ waiting, bytes, seqs }) => JSON.stringify([waiting, bytes, seqs]);

/** Whether the server should hear it again. @param {DeviceState} state */
export async function isDue(state) {
  const last = await read("meta", "reported");
  return last?.gist !== gist(state) || Math.abs(Date.now() - last.at) >= EVERY_MS;
}

/** @param {DeviceState} state what the server has heard */
export function reported(state) {
  return write("meta", { at: Date.now(), gist: gist(state) }, "reported").catch(() => undefined);
}
