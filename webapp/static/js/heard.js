// @ts-check
/** Asks the server for the day, or one run, and keeps what it says for the dark. */

import { call, Problem } from "./api.js";
import { calm } from "./app.js";
import { uuid } from "./ids.js";
import { t } from "./language.js";
import { result, transact } from "./store.js";

/** @typedef {import("./day.js").Me} Me */
/** @typedef {import("./day.js").Run} Run */

/** The name of this stay, which ends when somebody signs out here or the device is forgotten. @returns {Promise<string>} */
function stay() {
  return transact(["meta"], "readwrite", async ({ meta }) => {
    const known = await result(meta.get("stay"));
    const name = known || uuid();
    if (!known) meta.put(name, "stay");
    return name;
  });
}

/** What was asked for in a stay that is over is not kept. @param {any} stores @param {string} since */
async function goesOn({ meta }, since) {
  if ((await result(meta.get("stay"))) !== since) throw new Problem(401, "sign_in_required", t("Sign in first."));
}

// How long a run stays that was opened without being on today's list.
const VISITED_MS = 24 * 3600 * 1000;

/** @param {any} today @param {string} at @param {string} since */
function keep(today, at, since) {
  const { person, organisation, away, engine, runs } = today;
  return transact(["meta", "runs", "commands"], "readwrite", async (s) => {
    await goesOn(s, since);
    const commands = await result(s.commands.getAll());
    const needed = new Set(commands.filter((c) => c.person === person.id).map((c) => c.run));
    for (const old of await result(s.runs.getAll())) {
      // Another person's runs are never shown here; a run with unsent work is never forgotten.
      const visited = !old.listed && Date.parse(at) - Date.parse(old.at) < VISITED_MS;
      const kept = old.person === person.id && (needed.has(old.id) || visited);
      if (!kept) s.runs.delete([old.person, old.id]);
    }
    for (const run of runs) s.runs.put({ person: person.id, id: run.id, run, at, listed: true });
    s.meta.put({ person, organisation, away, engine, at, signed_in: true }, "me");
  });
}

/** The pictures of what lies here now; in nobody's way. */
function keepPictures() {
  calm.then(() => import("./pictures.js")).then((pictures) => pictures.keepPictures()).catch(() => undefined);
}

/** Asks the server what is mine, and who I am. @returns {Promise<Me>} */
export async function refresh() {
  const since = await stay();
  const today = await call("GET", "/api/v1/today");
  const at = new Date().toISOString();
  await keep(today, at, since);
  keepPictures();
  return { person: today.person, organisation: today.organisation, away: today.away, engine: today.engine, at, signed_in: true };
}

/** Fetches one run that today's list does not carry. @param {string} person @param {string} id @returns {Promise<Run>} */
export async function fetchRun(person, id) {
  const since = await stay();
  const run = await call("GET", `/api/v1/runs/${encodeURIComponent(id)}`);
  await transact(["meta", "runs"], "readwrite", async (s) => {
    await goesOn(s, since);
    s.runs.put({ person, id: run.id, run, at: new Date().toISOString(), listed: false });
  });
  keepPictures();
  return run;
}
