// @ts-check
/** The day at a place as facts: one row per run, what is due first. Pure. */

import { t, tn } from "../language.js";
import { dueWords, inOrder, isClosed, isNeeded, isOpen, stepView } from "../state.js";
import { dayName, handedWords, hour, when } from "../words.js";

/** @typedef {import("../day.js").Run} Run */
/** @typedef {import("../day.js").Step} Step */
/** @typedef {import("../state.js").Waiting} Waiting */
/** @typedef {{part: "need" | "open" | "later" | "done", run: Run, step: Step | null, time: string, day: string, said: string, mark: string}} Row */

const SOON_MS = 30 * 60_000;

/** @param {Run} run @param {number} now */
function dayOf({ deadline_at, time_zone }, now) {
  return dayName(deadline_at, now, time_zone);
}

/** @param {Run} run @param {number} now */
function isToday(run, now) {
  return dayOf(run, now) === dayName(new Date(now).toISOString(), now, run.time_zone);
}

/** What is still to be done in it, whoever's, and not done on this tablet. @param {Run} run @param {Waiting} waits @param {number} now */
export function stillOpen(run, waits, now) {
  const here = new Set(waits.commands.map((command) => command.step_run));
  return inOrder(run).filter((step) => !isClosed(step) && !["claimed", "in_review"].includes(step.state) && !here.has(step.id) && isOpen(step, run, now));
}

/** @param {Run} run @param {Step} step @param {number} left @param {number} now */
function openWords(run, step, left, now) {
  const count = tn("%(left)s of %(num)s step open.", "%(left)s of %(num)s steps open.", run.steps.length, { left });
  const holder = step.holder?.name;
  const due = Date.parse(run.deadline_at) - now;
  const soon = due > 0 && due < SOON_MS ? ` ${dueWords(run.deadline_at, now)}.` : "";
  if (!holder) return count + soon;
  // Whose phone is not heard from is nothing for the wall.
  if (step.handed_over) return `${count} ${handedWords({ ...step, handed_over: { ...step.handed_over, dark_since: undefined } }, run.time_zone, holder)}`;
  const isLate = now > Date.parse(step.deadline_at);
  const has = isLate ? t("With %(holder)s, late since %(time)s.", { holder, time: hour(step.deadline_at, run.time_zone) }) : t("With %(holder)s.", { holder });
  return `${count} ${has}${soon}`;
}

/** @param {Run} run @param {Waiting} waits @param {number} now */
function doneWords(run, waits, now) {
  const received = `${t("Received.")} `;
  const said = inOrder(run).map((step) => stepView(step, run, waits, now).said).filter(Boolean);
  return [...new Set(said.map((words) => (words.startsWith(received) ? words.slice(received.length) : words)))].slice(0, 2).join(". ");
}

/** @param {Run} run @param {Waiting} waits @param {number} now */
function doneMark(run, waits, now) {
  const marks = run.steps.map((step) => stepView(step, run, waits, now).mark);
  return ["mark here", "mark held", "mark claimed", "mark review"].find((mark) => marks.includes(mark)) || "mark done";
}

/** When it opens, or what it waits for. @param {Step} step @param {Run} run @param {Waiting} waits @param {number} now */
function waitWords(step, run, waits, now) {
  if (step.later) return `${step.title}. ${stepView(step, run, waits, now).said}.`;
  return t("Opens at %(time)s.", { time: when(run.opens_at, now, run.time_zone) });
}

/** @param {Run} run @param {Waiting} waits @param {number} now @returns {Row} */
export function rowOf(run, waits, now) {
  const open = stillOpen(run, waits, now);
  const step = open.find((each) => isNeeded(each, now)) || open[0] || null;
  const time = hour(run.deadline_at, run.time_zone);
  const day = isToday(run, now) ? "" : dayOf(run, now);
  if (step) return { part: isNeeded(step, now) ? "need" : "open", run, step, time, day, said: openWords(run, step, open.length, now), mark: "" };
  const next = inOrder(run).find((each) => each.state === "waiting" && !isOpen(each, run, now));
  if (next) return { part: "later", run, step: null, time, day, said: waitWords(next, run, waits, now), mark: "" };
  return { part: "done", run, step: null, time, day, said: doneWords(run, waits, now), mark: doneMark(run, waits, now) };
}

const ORDER = ["need", "open", "later", "done"];

/**
 * The day: all that is due or was done today; of what comes later only today's, or the next day's where today has none.
 * @param {Run[]} runs @param {Waiting} waits @param {number} now @returns {Row[]}
 */
export function rowsOf(runs, waits, now) {
  const rows = runs.filter((run) => run.state !== "void").map((run) => rowOf(run, waits, now));
  rows.sort((a, b) => ORDER.indexOf(a.part) - ORDER.indexOf(b.part) || Date.parse(a.run.deadline_at) - Date.parse(b.run.deadline_at));
  const first = rows.find((row) => row.part === "later");
  const near = (/** @type {Row} */ { part, run }) => isToday(run, now) || (part === "later" && first && dayOf(run, now) === dayOf(first.run, now));
  return rows.filter((row) => row.part === "need" || row.part === "open" || near(row));
}
