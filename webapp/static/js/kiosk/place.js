// @ts-check
/** What this tablet knows of its place: the last board that the server gave, as every kiosk screen shows it. */

import { call } from "../api.js";
import { read, readAll, result, transact } from "../store.js";

/** @typedef {import("../day.js").Run} Run */
/** @typedef {{id: string, name: string, initials: string, has_pin: boolean, away: boolean}} Somebody */
/**
 * @typedef {object} Place
 * @property {{id: string, name: string}} kiosk
 * @property {{id: string, name: string}} organisation
 * @property {{id: string, name: string, time_zone: string, opens: string | null, closes: string | null}} location
 * @property {Somebody[]} people
 * @property {JsonWebKey} seal_key
 * @property {number} sign_out_after_s
 * @property {string} at when the server said so, by this tablet's clock
 */

/** Whose the runs are in storage: the place's. */
export const PLACE = "kiosk";

/** @returns {Promise<Place | null>} null: never paired */
export async function placeHere() {
  return (await read("meta", "kiosk")) || null;
}

/** @returns {Promise<Run[]>} */
export async function runsHere() {
  const rows = await readAll("runs");
  return rows.filter((row) => row.person === PLACE).map((row) => row.run);
}

/** @param {Run[]} runs @param {Place} place */
function keep(runs, place) {
  return transact(["meta", "runs", "commands"], "readwrite", async (s) => {
    const needed = new Set((await result(s.commands.getAll())).map((command) => command.run));
    for (const old of await result(s.runs.getAll())) {
      // A run with unsent work is never forgotten.
      if (old.person === PLACE && !needed.has(old.id)) s.runs.delete([PLACE, old.id]);
    }
    for (const run of runs) s.runs.put({ person: PLACE, id: run.id, run, at: place.at, listed: true });
    s.meta.put(place, "kiosk");
  });
}

/** Asks the server for the board. @returns {Promise<void>} */
export async function refreshPlace() {
  const { runs, server_time, languages, ...place } = await call("GET", "/api/v1/kiosk");
  await keep(runs, { ...place, at: new Date().toISOString() });
  import("../pictures.js").then((pictures) => pictures.keepPictures()).catch(() => undefined);
}

/** Another place may be next: nothing of this one is shown any more. Unsent work stays. */
export function forgetPlace() {
  return transact(["meta", "runs"], "readwrite", async (s) => {
    s.meta.delete("kiosk");
    for (const old of await result(s.runs.getAll())) if (old.person === PLACE) s.runs.delete([PLACE, old.id]);
  });
}
