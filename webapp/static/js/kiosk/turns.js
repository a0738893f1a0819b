// @ts-check
/**
 * Turns at this tablet: one person, from name and PIN until the names are shown again. The PIN is sealed
 * here (RSA-OAEP with SHA-256, to the server's key) and is never kept in the clear; without a connection
 * the seal waits with the work, and the server opens it when both arrive.
 */

import { call, Problem } from "../api.js";
import { uuid } from "../ids.js";
import { read, result, transact } from "../store.js";

/**
 * @typedef {object} Turn
 * @property {string} turn
 * @property {string} person
 * @property {string} started_at
 * @property {string} sealed
 * @property {"unverified" | "verified" | "refused"} status
 * @property {string | null} [code] why it was refused
 * @property {Record<string, any>} [answer] what the server said with that, where it was asked about this turn alone
 * @property {boolean} [worked] whether work of it lay here then
 */

/** The turn that is going on, whose PIN a connection has to bear out at once; empty while the names are shown. */
export const going = { turn: "" };

/** Nobody waits longer for the server before work begins. */
const PATIENCE_MS = 2_500;
const KEEP_MS = 24 * 3600 * 1000;

/** @param {ArrayBuffer} bytes */
function base64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

/** @param {JsonWebKey} jwk @param {string} person @param {string} pin @returns {Promise<Turn>} */
async function sealed(jwk, person, pin) {
  const way = { name: "RSA-OAEP", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, way, false, ["encrypt"]);
  const turn = uuid();
  const at = new Date().toISOString();
  const content = new TextEncoder().encode(JSON.stringify({ person, pin, turn, at }));
  return { turn, person, started_at: at, sealed: base64(await crypto.subtle.encrypt(way, key, content)), status: "unverified" };
}

/** @param {Turn} turn what the server is told of it */
export function told({ turn, person, started_at, sealed: seal }) {
  return { turn, person, started_at, sealed: seal };
}

/** Keeps it before any work is done in it, and forgets those that no work needs any more. @param {Turn} turn */
function keep(turn) {
  return transact(["meta", "commands"], "readwrite", async ({ meta, commands }) => {
    const needed = new Set((await result(commands.getAll())).map((command) => command.turn));
    const known = /** @type {Turn[]} */ ((await result(meta.get("turns"))) || []);
    const young = (/** @type {Turn} */ t) => Date.now() - Date.parse(t.started_at) < KEEP_MS;
    meta.put([...known.filter((t) => needed.has(t.turn) || young(t)), turn], "turns");
  }, "strict");
}

/** @returns {Promise<Turn[]>} */
export async function turnsHere() {
  return (await read("meta", "turns")) || [];
}

/** @param {(Partial<Turn> & {status?: string})[]} said what the server knows of them now */
export function settleTurns(said) {
  const byId = new Map(said.filter((each) => each.status !== "unknown").map((each) => [each.turn, each]));
  return transact(["meta"], "readwrite", async ({ meta }) => {
    const known = /** @type {Turn[]} */ ((await result(meta.get("turns"))) || []);
    meta.put(known.map((t) => ({ ...t, ...byId.get(t.turn) })), "turns");
  });
}

/**
 * Begins a turn; without an answer in time it goes on, and is verified when its work is sent.
 * @param {JsonWebKey} jwk @param {string} person @param {string} pin
 * @returns {Promise<Turn>}
 * @throws {Problem} when the server says no
 */
export async function beginTurn(jwk, person, pin) {
  const turn = await sealed(jwk, person, pin);
  try {
    await call("POST", "/api/v1/kiosk/turns", { json: told(turn), timeout: PATIENCE_MS });
    turn.status = "verified";
  } catch (error) {
    if (!(error instanceof Problem) || (!error.unreachable && error.status < 500)) throw error;
  }
  await keep(turn);
  return turn;
}
