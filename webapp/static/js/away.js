// @ts-check
/** On the page of what is mine today: that I am away and who holds my work. */

import { call, Problem } from "./api.js";
import { refresh } from "./heard.js";
import { dateName } from "./dates.js";
import { busyButton, h } from "./dom.js";
import { t, tn } from "./language.js";
import { announce } from "./sync.js";
import { dateOf, listed } from "./words.js";

/** @typedef {import("./day.js").Me} Me */

/** Why the last press did not work; it is read until the next one, however often the page is drawn. */
let trouble = "";

/**
 * Until when somebody is away, and who holds their work.
 * @param {{until: string, held_by: string[]}} away `until` is a local date
 * @param {number} now ms
 */
export function awayWords({ until, held_by }, now) {
  const lead = until === dateOf(now) ? t("You are away today.") : t("You are away until %(day)s.", { day: dateName(until) });
  const holders = held_by.length ? tn("%(names)s holds your work.", "%(names)s hold your work.", held_by.length, { names: listed(held_by) }) : "";
  return `${lead} ${holders}`.trim();
}

/** What is said first while somebody is away. @param {Me} who @param {number} now ms */
export function awayNotice({ away }, now) {
  if (!away) return null;
  return h(
    "section",
    { class: "card", "aria-label": t("You are away") },
    h("p", { class: "lead" }, awayWords(away, now)),
    busyButton(t("I am back"), t("One moment"), () => comeBack(away.absences), { "data-key": "back" }),
    h("p", { class: "error", id: "back-error", role: "alert", hidden: !trouble }, trouble),
  );
}

/** @param {string[]} absences those that cover today */
async function comeBack(absences) {
  say("");
  try {
    for (const id of absences) await call("DELETE", `/api/v1/absences/${encodeURIComponent(id)}`);
    await refresh();
    announce();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.unreachable ? t("There is no connection. Press again when there is one.") : error.detail);
  }
}

/** @param {string} words empty: nothing is wrong */
function say(words) {
  trouble = words;
  const said = document.getElementById("back-error");
  if (!said) return;
  said.textContent = words;
  said.hidden = !words;
}
