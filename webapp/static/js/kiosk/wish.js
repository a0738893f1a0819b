// @ts-check
/** What somebody wants to do before it is known who they are: whom it is with, and whose doing counts by itself. Pure. */

import { t, tn } from "../language.js";
import { listed } from "../words.js";
import { stillOpen } from "./rows.js";

/** @typedef {import("../day.js").Run} Run */
/** @typedef {import("../day.js").Step} Step */
/** @typedef {import("../state.js").Waiting} Waiting */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {{said: string, others: string, counts: string[]}} Wish `others`: what is so for everybody else; `counts`: ids, whoever holds it first */

/** Those who have it or had it, the holder first. @param {Step} step */
function had({ chain, level }) {
  return chain.slice(0, level + 1).reverse().map((each) => each.person);
}

/** Whether what this person does here counts by itself. @param {Step} step @param {string} person */
export function onChain(step, person) {
  return had(step).some((each) => each.id === person);
}

/** @param {Run} run @param {Waiting} waits @param {number} now @returns {Wish} */
export function wishOf(run, waits, now) {
  const open = stillOpen(run, waits, now);
  const holders = new Map(open.flatMap(({ holder }) => (holder ? [[holder.id, holder.name]] : [])));
  const able = new Map(open.flatMap(had).map(({ id, name }) => [id, name]));
  const too = [...able].filter(([id]) => !holders.has(id)).map(([, name]) => name);
  const held = holders.size ? t("With %(holder)s now.", { holder: listed([...holders.values()]) }) : "";
  const also = too.length ? tn("%(names)s may close it too.", "%(names)s may close it too.", too.length, { names: listed(too) }) : "";
  const others = held && t("You can do what others hold; the owner then decides whether it counts.");
  return { said: `${held} ${also}`.trim(), others, counts: [...able.keys()] };
}

/** Where it leads this person: to their own step, else to the very one that the row was about. @param {Row} row @param {string} person */
export function wayOf({ run, step }, person) {
  const own = run.steps.some((each) => each.state === "open" && each.holder?.id === person);
  return `#${run.id}/${own || !step ? "" : step.id}`;
}
