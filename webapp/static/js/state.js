// @ts-check
/** What a step is for the person at this device: the server's state with this device's own work on top. Pure. */

import { ofHere } from "./here.js";
import { number, row, t } from "./language.js";
import { hour, kindWord, length } from "./words.js";

/** @typedef {import("./day.js").Step} Step */
/** @typedef {import("./day.js").Run} Run */
/** @typedef {{commands: import("./queue.js").Command[], blobs: import("./queue.js").Blob_[], receipts: import("./queue.js").Receipt[]}} Waiting */
/** @typedef {{mark: string, said: string, side: string, act: boolean, need: boolean, quiet: boolean, due?: string, receipt?: import("./queue.js").Receipt}} View `due`: `said` counts the minutes until then */

const CLOSING = new Set(["complete_step", "cannot_do", "not_applicable"]);
const CLOSED = new Set(["done", "skipped", "void"]);
const SOON_MS = { least: 30 * 60_000, most: 24 * 3_600_000 };

/** @param {Step} step @param {Run} run @param {number} now whether it can be worked on */
export function isOpen(step, run, now) {
  // A device that was offline overnight still has the step as waiting: the plan says when it opens.
  return step.state === "open" || (step.state === "waiting" && !step.later && now >= Date.parse(run.opens_at));
}

/**
 * The runs as this device knows them: what was answered here opens what waits for it, also in the dark.
 * @param {Run[]} runs @param {Waiting} waiting @param {number} now @returns {Promise<Run[]>}
 */
export async function asHere(runs, waiting, now) {
  if (!runs.some((run) => run.steps.some((step) => step.later))) return runs;
  return (await import("./later.js")).followed(runs, waiting, now);
}

/** @param {Run} run @returns {Step[]} */
export function inOrder(run) {
  return [...run.steps].sort((a, b) => a.position - b.position);
}

/** @param {Step} step */
export function isClosed(step) {
  return CLOSED.has(step.state);
}

/** @typedef {string | (() => string)} Words as they are, or found when they are read: times take long to put in words */

/** @param {Partial<Omit<View, "said" | "side">> & {said?: Words, side?: Words}} view @returns {View} */
function view({ mark = "mark", said = "", side = "", act = false, need = false, quiet = false, due, receipt }) {
  const read = (/** @type {Words} */ words) => (typeof words === "function" ? words() : words);
  return { mark, act, need, quiet, due, receipt, get said() { return read(said); }, get side() { return read(side); } };
}

/** @param {Step} step @param {Waiting} waiting @param {string} zone @returns {View | null} */
function onThisDevice(step, waiting, zone) {
  const command = waiting.commands.filter((c) => c.step_run === step.id && CLOSING.has(c.kind)).pop();
  if (!command) return null;
  const saved = ofHere(t("Saved on this phone"), t("Saved on this tablet"));
  const words = command.trouble ? `${saved}. ${t("The server could not take it yet: %(why)s", { why: command.trouble })}` : saved;
  return view({ mark: "mark here", said: words, side: () => hour(command.captured_at, zone), need: Boolean(command.trouble) });
}

/** @param {Step} step @param {Waiting} waiting @returns {View | null} what the server refused or put before the owner */
function answered(step, waiting) {
  const receipts = waiting.receipts.filter((r) => r.step_run === step.id && r.attempt === step.attempt && r.kind !== "fix_note");
  const receipt = receipts.sort((a, b) => (a.at < b.at ? -1 : 1)).pop();
  const act = step.mine && step.state !== "claimed";
  if (receipt?.status === "held") {
    return view({ mark: "mark held", said: t("Held for the owner: %(why)s", { why: receipt.detail || t("the proof is kept.") }), act, need: true, receipt });
  }
  if (receipt?.status === "rejected") {
    return view({ mark: "mark held", said: t("Not accepted: %(why)s", { why: receipt.detail || t("do it again.") }), act, need: true, receipt });
  }
  return null;
}

/** What is said of bytes that were refused, and of those on their way. @type {Record<string, [string, string]>} */
const BYTES = {
  photo: [t("The photo was not accepted: %(why)s"), t("Received. The photo is on its way.")],
  signature: [t("The signature was not accepted: %(why)s"), t("Received. The signature is on its way.")],
  file: [t("The file was not accepted: %(why)s"), t("Received. The file is on its way.")],
};

/** @param {Step} step @param {Waiting} waiting @returns {View | null} */
function bytesOnTheWay(step, waiting) {
  const blob = waiting.blobs.find((b) => b.step_run === step.id && b.attempt === step.attempt);
  if (!blob) return null;
  const [refused, coming] = BYTES[step.proof.kind] || BYTES.file;
  if (blob.trouble) return view({ mark: "mark held", said: t(refused, { why: blob.trouble }), act: true, need: true });
  return view({ mark: "mark claimed", said: coming });
}

/** @param {Step} step @param {Run} run @param {number} now @returns {View} */
function onTheServer(step, run, now) {
  const side = () => hour(step.closed?.captured_at || step.closed?.at || "", run.time_zone);
  switch (step.state) {
    case "claimed":
      return view({ mark: "mark claimed", said: t("Received. The proof is on its way.") });
    case "in_review":
      return view({ mark: "mark review", said: step.review_words || t("Received. Waiting for approval.") });
    case "done":
      return view({ mark: "mark done", said: closedWords(step), side, quiet: true });
    case "skipped":
      return view({ mark: "mark skipped", said: laterWords(step) || [t("Not applicable"), step.closed?.words].filter(Boolean).join(": "), side, quiet: true });
    case "void":
      return view({ mark: "mark skipped", said: t("No longer needed"), quiet: true });
    default:
      return openStep(step, run, now);
  }
}

/** @param {Step} step @returns {string} "Approved. Ben, photo", "Missed. Received. Ben, photo" */
function closedWords({ closed, missed_at, proof }) {
  if (!closed) return t("Received.");
  const lead = closed.approved ? t("Approved.") : t("Received.");
  return `${missed_at ? `${t("Missed")}. ` : ""}${lead} ${row(closed.by?.name, provedWords(shorten(closed.words || ""), proof))}`;
}

/** @param {string} words @param {Step["proof"]} proof @returns {string} "timed check", "38.5 °F", "“All well.”" */
function provedWords(words, { kind, unit }) {
  if (kind === "number") return [number(words), words && unit].filter(Boolean).join(" ");
  if (kind === "note") return words && t("“%(text)s”", { text: words });
  return kindWord(kind);
}

/** @param {string} words */
function shorten(words) {
  return words.length > 80 ? `${words.slice(0, 79)}…` : words;
}

/** @param {Step} step @param {Run} run @param {number} now @returns {View} */
function openStep(step, run, now) {
  if (!isOpen(step, run, now)) return view({ mark: "mark wait", said: () => laterWords(step) || t("Opens at %(time)s", { time: hour(step.later?.opens_at || run.opens_at, run.time_zone) }) });
  if (!step.mine) return view({ said: step.holder ? t("With %(holder)s now", { holder: step.holder.name }) : "" });
  if (step.sent_back) {
    const { by, reason } = step.sent_back;
    return view({ mark: "mark back", said: t("Sent back by %(name)s: %(reason)s", { name: by.name, reason }), act: true, need: true });
  }
  if (step.missed_at || step.handed_over) return view({ mark: "mark moved", said: movedWords(step), act: true, need: true });
  const deadline = Date.parse(step.deadline_at);
  if (now > deadline) return view({ mark: "mark late", said: () => t("Late since %(time)s", { time: hour(step.deadline_at, run.time_zone) }), act: true, need: true });
  if (now < soonFrom(run, deadline)) return view({ act: true });
  return view({ mark: "mark soon", said: dueWords(step.deadline_at, now), act: true, due: step.deadline_at });
}

/** What it waits for, or why nobody has to do it; empty for any other, and once its time is known. @param {Step} step */
function laterWords({ closed, later }) {
  return closed || !later || later.opens_at ? "" : later.said.map(({ text, values }) => t(text, values)).join(". ");
}

/** A tenth of the time that it is open, at least half an hour and at most a day; as webapp/rules/standing.py. @param {Run} run @param {number} deadline ms */
function soonFrom({ opens_at }, deadline) {
  const tenth = (deadline - Date.parse(opens_at)) / 10;
  return deadline - Math.min(Math.max(tenth, SOON_MS.least), SOON_MS.most);
}

/** @param {string} deadline @param {number} now ms @returns {string} "Due in 12 minutes" */
export function dueWords(deadline, now) {
  return t("Due in %(time)s", { time: length(Date.parse(deadline) - now) });
}

/** @param {Step} step @returns {string} */
function movedWords({ missed_at, handed_over }) {
  if (!handed_over) return t("Missed");
  return missed_at ? t("Missed, moved to you") : t("Moved to you");
}

/** Late, or handed over by somebody: it comes first. @param {Step} step @param {number} now */
export function isNeeded(step, now) {
  return Boolean(step.missed_at || step.handed_over || step.sent_back || now > Date.parse(step.deadline_at));
}

/**
 * @param {Step} step
 * @param {Run} run
 * @param {Waiting} waiting
 * @param {number} now ms
 * @returns {View}
 */
export function stepView(step, run, waiting, now) {
  const saved = onThisDevice(step, waiting, run.time_zone);
  if (saved) return saved;
  if (isClosed(step)) return onTheServer(step, run, now);
  const open = isOpen(step, run, now) || step.state === "claimed";
  return (open && (answered(step, waiting) || bytesOnTheWay(step, waiting))) || onTheServer(step, run, now);
}

/**
 * The day in five parts; what others still have to do is `rest` once mine is done.
 * @param {Run[]} runs
 * @param {Waiting} waiting
 * @param {number} now
 * @returns {Record<"need" | "open" | "later" | "rest" | "done", Run[]>}
 */
export function sortRuns(runs, waiting, now) {
  /** @type {Record<"need" | "open" | "later" | "rest" | "done", Run[]>} */
  const parts = { need: [], open: [], later: [], rest: [], done: [] };
  for (const run of runs) if (run.state !== "void") parts[partOf(run, waiting, now)].push(run);
  for (const list of Object.values(parts)) list.sort((a, b) => Date.parse(a.deadline_at) - Date.parse(b.deadline_at));
  return parts;
}

/** @param {Run} run @param {Waiting} waiting @param {number} now */
function partOf(run, waiting, now) {
  const views = run.steps.map((step) => ({ step, view: stepView(step, run, waiting, now) }));
  const todo = views.filter(({ view }) => view.act);
  if (todo.some(({ view }) => view.need)) return "need";
  if (todo.length) return "open";
  if (run.state === "planned" && now < Date.parse(run.opens_at)) return "later";
  const left = views.filter(({ view }) => view.mark === "mark" || view.mark === "mark wait");
  if (left.some(({ step }) => step.mine)) return "later";
  return left.length ? "rest" : "done";
}
