// @ts-check
/** Parts that several screens share: the track, the fix note, the list of steps. */

import { now as clock } from "./clock.js";
import { h, show } from "./dom.js";
import { t, tc } from "./language.js";
import { dueWords, stepView } from "./state.js";
import { chainWords, fixWords, kindWord, stations } from "./words.js";

/** @typedef {import("./day.js").Step} Step */
/** @typedef {import("./day.js").Run} Run */

/** The four stations, with a sentence beside them. @param {Step} step @param {string} zone @param {number} now */
export function track(step, zone, now) {
  if (!step.chain.length) return null; // a planned run: its chain is frozen when it opens
  const dots = stations(step).map(({ state, words }) => h("li", { class: state || null }, h("span", { class: "vh" }, words)));
  return h(
    "div",
    { class: "chain" },
    h("ol", { class: "track", "aria-label": t("Who holds it") }, dots),
    h("p", { class: "chain-words" }, chainWords(step, zone, now)),
  );
}

/** What the server said of its engine while a part of it is silent; owners and managers hear it. @param {import("./day.js").Me} who */
export function engineNotices(who) {
  return (who.engine?.silent || []).map((words) => h("p", { class: "notice need", role: "alert" }, words));
}

/** @param {Pick<Run, "fix_note" | "time_zone">} run */
export function fixNote({ fix_note: note, time_zone: zone }) {
  const words = fixWords(note, clock(), zone);
  return words && h("div", { class: words.need ? "note need" : "note" }, h("p", null, h("b", null, words.lead), words.rest));
}

/** What each row of a list says, and the row. @type {WeakMap<Element, Map<string, Element>>} */
const rows = new WeakMap();

/**
 * Steps in order, each a way to itself. In a list that was shown before, a row that says the same stays.
 * @param {Step[]} steps
 * @param {Run} run
 * @param {import("./state.js").Waiting} waiting
 * @param {number} now
 * @param {Element} [list]
 */
export function stepList(steps, run, waiting, now, list = h("ol", { class: "steps" })) {
  const before = rows.get(list);
  const after = new Map(
    steps.map((step) => {
      const facts = rowFacts(step, run, waiting, now);
      const said = JSON.stringify(facts);
      return [said, before?.get(said) || stepRow(facts)];
    }),
  );
  rows.set(list, after);
  show(list, [...after.values()]);
  return list;
}

/** @param {Step} step @param {Run} run @param {import("./state.js").Waiting} waiting @param {number} now */
function rowFacts(step, run, waiting, now) {
  const { mark, said, side, quiet, due } = stepView(step, run, waiting, now);
  return { id: step.id, href: quiet ? null : `${run.way || `/run/${run.id}#`}${step.id}`, mark, title: step.title, said: said || tc("state", "Open"), due, side: side || kindWord(step.proof.kind) };
}

/** @param {ReturnType<typeof rowFacts>} facts */
function stepRow({ id, href, mark, title, said, due, side }) {
  const props = { class: href ? "step" : "step quiet", href, "data-key": id, "data-step": id };
  return h(
    "li",
    null,
    h(
      href ? "a" : "div",
      props,
      h("span", { class: mark, "aria-hidden": "true" }),
      h("span", { class: "step-what" }, h("b", null, title), h("span", { class: "said", "data-due": due }, said)),
      h("span", { class: "step-side" }, side),
    ),
  );
}

/** The minutes left go on counting while nothing else changes; whoever reads is not disturbed. @param {number} now */
function count(now) {
  document.querySelectorAll("[data-due]").forEach((said) => {
    const due = said.getAttribute("data-due") || "";
    if (now < Date.parse(due)) said.textContent = dueWords(due, now);
  });
}

setInterval(() => count(clock()), 30_000);
