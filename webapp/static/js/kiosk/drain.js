// @ts-check
/** One round at a kiosk: the board, then what everybody did here, each command with its turn, then bytes. */

import { call, Problem } from "../api.js";
import { Bytes } from "../bytes.js";
import { isFinal, Round } from "../drain.js";
import { byPerson, everything } from "../kept.js";
import { patchSteps } from "../settle.js";
import { write } from "../store.js";
import { checkTurn } from "./check.js";
import { PLACE, refreshPlace } from "./place.js";
import { going, settleTurns, told, turnsHere } from "./turns.js";

/** @typedef {import("../drain.js").Line} Line */

/** What was done here in turns and cannot be taken back any more; work from before the pairing is its person's to send. */
async function lying() {
  return (await everything()).commands.filter((command) => command.turn && isFinal(command));
}

/** @param {any[]} commands @param {Record<string, any>} about */
async function post(commands, about) {
  const named = new Set(commands.map((command) => command.turn));
  const turns = (await turnsHere()).filter((t) => named.has(t.turn)).map(told);
  const reply = await call("POST", "/api/v1/kiosk/sync", { json: { ...about, turns, commands } });
  if (reply.batch === about.batch && Array.isArray(reply.turns)) await settleTurns(reply.turns).catch(() => undefined);
  return reply;
}

/** Takes over step states that the server named in a receipt. @param {any[]} changes */
const patchPlace = (changes) => patchSteps(PLACE, changes);

/** @type {Line} */
const line = { lying, post, show: patchPlace };

/** @param {Promise<void>} work the board that is read, or a PIN @returns {Promise<Problem | null>} why it could not be done */
async function tried(work) {
  try {
    await work;
    return null;
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(422, "device", String(error));
    if (problem.status === 401) throw problem;
    return problem;
  }
}

/** @param {Round} round @param {() => void} announce @param {(progress: import("../bytes.js").Progress) => void} came */
async function bytesOfAll(round, announce, came) {
  const between = () => round.sendCommands().then(() => round.left);
  const show = (/** @type {any[]} */ changes) => patchPlace(changes).catch(() => undefined).then(announce);
  let done = 0;
  for (const person of (await byPerson()).keys()) {
    const bytes = new Bytes(person, { between, came, show });
    await bytes.send();
    done += bytes.done;
    if (bytes.failure) return { done, failure: bytes.failure };
  }
  return { done, failure: null };
}

/** @param {() => void} announce @param {(progress: import("../bytes.js").Progress) => void} came before each part */
export async function drain(announce, came) {
  const unread = await tried(refreshPlace());
  const unchecked = unread || (await tried(checkTurn(going.turn)));
  announce();
  const round = new Round(line, !unread, announce);
  await round.sendCommands();
  const { done, failure } = await bytesOfAll(round, announce, came);
  const untold = failure?.unreachable ? null : await round.report();
  const trouble = failure || untold || unchecked;
  if (trouble) throw trouble;
  if (round.left || done) await tried(refreshPlace());
  await write("meta", new Date().toISOString(), "safe_at");
  const stuck = (await lying()).find((command) => command.trouble);
  if (stuck) throw new Problem(422, "refused", stuck.trouble || "");
}
