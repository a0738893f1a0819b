// @ts-check
/** What lies on this tablet of everybody, as the screens show it on top of what the server said. */

import { byPerson } from "../kept.js";
import { readAll } from "../store.js";

/** @typedef {import("../state.js").Waiting} Waiting */

/** @param {string} [person] whose receipts are shown: nobody reads another's @returns {Promise<Waiting>} */
export async function waitingHere(person) {
  const [all, receipts] = await Promise.all([byPerson(), person ? readAll("receipts") : []]);
  const each = [...all.values()];
  const commands = each.flatMap((lies) => lies.commands).sort((a, b) => a.seq - b.seq);
  return { commands, blobs: each.flatMap((lies) => lies.blobs), receipts: receipts.filter((r) => r.person === person) };
}
