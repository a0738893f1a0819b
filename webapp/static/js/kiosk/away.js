// @ts-check
/** "I am not here today", said in a turn: what is theirs goes to the next at once, until they say that they are back. */

import { call, Problem } from "../api.js";
import { busyButton, h } from "../dom.js";
import { t } from "../language.js";
import { announce, state, wake } from "../sync.js";
import { checkTurn } from "./check.js";

/** @typedef {import("./work.js").Who} Who */

/** Why the last press did not work, and whose that was; it is read until the next one, however often the page is drawn. */
/** @type {{turn: string, problem: Problem | null}} */
let trouble = { turn: "", problem: null };

/** @param {Problem} problem */
function words({ unreachable, detail }) {
  if (!unreachable) return detail;
  if (state.phase === "idle") return t("There is a connection again. Nobody has heard of it yet, so press again.");
  return t("There is no connection, so nobody would hear of it. Press again when there is one, or tell whoever comes next.");
}

/** @param {Who} who @param {boolean} away @returns {Promise<boolean>} whether it is so now */
async function say({ turn }, away) {
  trouble = { turn: "", problem: null };
  try {
    await checkTurn(turn.turn); // it may have begun without a connection
    await call("PUT", "/api/v1/kiosk/away", { json: { turn: turn.turn, at: new Date().toISOString(), away } });
    await wake();
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    trouble = { turn: turn.turn, problem: error };
    if (error.unreachable) wake();
    announce();
    return false;
  }
}

/** With the way to the PIN where that is what is missing. @param {Who} who */
function troubleOf({ turn, person }) {
  const { problem } = trouble;
  if (!problem || trouble.turn !== turn.turn) return null;
  const again = problem.code === "turn_over" && h("a", { class: "button big", href: "#pin", "data-key": "pin" }, person.name);
  return h("div", { class: "notice need", role: "alert" }, h("p", null, words(problem)), again);
}

/** The way there, in a turn's list; or that it is so, with the way back. @param {Who} who @param {boolean} away */
export function awayPart(who, away) {
  if (!away) return h("p", null, h("a", { class: "button plain", href: "#away", "data-key": "away" }, t("I am not here today")));
  return h("section", { class: "card", "aria-label": t("You are away") }, h("p", { class: "lead" }, t("You are away today. What is yours goes to the next in line.")), troubleOf(who), busyButton(t("I am back"), t("One moment"), async () => void (await say(who, false)), { class: "button big", "data-key": "back" }));
}

/** What it does, before it is done. @param {Who} who @param {() => void} done */
export function awayView(who, done) {
  const press = async () => void ((await say(who, true)) && done());
  return [
    h("p", { class: "back" }, h("a", { href: "#" }, t("%(name)s's steps", { name: who.person.name }))),
    h("section", { class: "stacked" }, h("p", { class: "lead" }, t("Are you sick, or do you have to leave?")), h("p", null, t("What is yours today goes to whoever is next in line, and they are told at once. When you say that you are back, what was not missed comes back to you.")), troubleOf(who)),
    h("div", { class: "thumb" }, busyButton(t("I am away today"), t("One moment"), press, { "data-key": "go" }), h("a", { class: "button big wide quiet", href: "#" }, t("I stay"))),
  ];
}
