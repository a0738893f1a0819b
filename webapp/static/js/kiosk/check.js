// @ts-check
/** The PIN of a turn that began without a connection: the server looks at it as soon as there is one. */

import { call, Problem } from "../api.js";
import { everything } from "../kept.js";
import { t } from "../language.js";
import { refusalWords } from "./pin.js";
import { settleTurns, told, turnsHere } from "./turns.js";

/** @typedef {import("./turns.js").Turn} Turn */

/** The answers that end a turn; after any other it is asked again with the next round. */
const REFUSALS = new Set(["pin_wrong", "pin_locked", "kiosk_locked", "pin_missing", "not_found"]);

/** @param {Turn} turn @returns {Promise<Partial<Turn>>} what the server knows of it */
async function asked(turn) {
  try {
    await call("POST", "/api/v1/kiosk/turns", { json: told(turn) });
    return { status: "verified" };
  } catch (error) {
    if (!(error instanceof Problem) || !REFUSALS.has(error.code)) throw error;
    return { status: "refused", code: error.code, answer: error.body };
  }
}

/** @param {string} id of the turn that is going on; empty: nobody's @throws {Problem} when the server cannot say */
export async function checkTurn(id) {
  const turn = (await turnsHere()).find((each) => each.turn === id);
  if (turn?.status !== "unverified") return;
  const known = await asked(turn);
  const worked = (await everything()).commands.some((command) => command.turn === id);
  await settleTurns([{ turn: id, ...known, worked }]);
}

/** As at the keys if nothing was done in it. @param {Turn} turn @param {string} name @param {string} zone of the place */
function endedWords({ code, answer, worked }, name, zone) {
  if (answer && !(worked && code === "pin_wrong")) return refusalWords(new Problem(0, code || "", "", answer), name, zone);
  return t("The PIN of %(name)s did not fit. What was done under this name is kept, and the owner decides about it.", { name });
}

/**
 * The server said meanwhile that the PIN was wrong: whoever it was is no longer taken for that person.
 * @param {import("./work.js").Who} who whose turn is brought up to date @param {import("./place.js").Place} place
 * @returns {Promise<string>} why it is over; empty: it goes on
 */
export async function whyOver(who, { location }) {
  const known = (await turnsHere()).find((each) => each.turn === who.turn.turn);
  if (!known) return "";
  who.turn = known;
  return known.status === "refused" ? endedWords(known, who.person.name, location.time_zone) : "";
}
