// @ts-check
/** One run: its steps in order, and the one that is next with its proof at the thumb. */

import { boot } from "../app.js";
import { fixNote, stepList, track } from "../cards.js";
import { now } from "../clock.js";
import { fetchRun, me, runOf } from "../day.js";
import { byId, coalesce, h, show } from "../dom.js";
import { uuid } from "../ids.js";
import { stepPanel } from "../panel.js";
import { enqueue, NotSaved, waiting } from "../queue.js";
import { isNeeded, stepView } from "../state.js";
import { announce, events, wake, wakeLater } from "../sync.js";
import { toast } from "../toast.js";
import { fromWords, handedWords, when } from "../words.js";

/** @typedef {import("../day.js").Run} Run */
/** @typedef {import("../day.js").Step} Step */
/** @typedef {import("../state.js").Waiting} Waiting */

const runId = decodeURIComponent(location.pathname.split("/")[2] || "");
const top = h("div", null);
const list = h("section", { class: "card list" });
const middle = h("div", { "aria-live": "polite" });
/** @type {import("../panel.js").Mode} */
let mode = "proof";
/** @type {ReturnType<typeof stepPanel> | null} */
let panel = null;
let panelKey = "";
let asked = false;

/** @param {Run} run @param {Waiting} waits @returns {Step | null} the step of the address, else the next one to do */
function currentStep(run, waits) {
  const named = run.steps.find((s) => s.id === location.hash.slice(1));
  if (named) return named;
  const ordered = [...run.steps].sort((a, b) => a.position - b.position);
  return ordered.find((s) => stepView(s, run, waits, now()).act) || null;
}

/** @param {Run} run @param {Step | null} step */
function head(run, step) {
  byId("app-title").textContent = run.process;
  document.title = run.process;
  const need = step && step.mine && isNeeded(step, now()) && step.state === "open";
  return h(
    "section",
    { class: need ? "card need" : "card" },
    h(
      "div",
      { class: "card-top" },
      h("time", { class: "t", datetime: run.deadline_at }, when(run.deadline_at, now(), run.time_zone)),
      h("span", { class: "from" }, (step && fromWords(step, now())) || run.location),
    ),
    step && handedWords(step) && h("p", { class: "who" }, handedWords(step)),
    fixNote(run.fix_note),
    step && step.state !== "done" && track(step, run.time_zone, now()),
  );
}

/** @param {Step} step @param {string} person @returns {import("../panel.js").Keep} */
function keeper(step, person) {
  return async (draft, file) => {
    const command = /** @type {any} */ ({ id: uuid(), person, run: runId, step_run: step.id, attempt: step.attempt, ...draft });
    try {
      await enqueue(command, file || null);
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      return toast("This phone could not save it. Keep this page open and press again.", "need");
    }
    toast("Saved on this phone.");
    mode = "proof";
    history.replaceState(null, "", location.pathname);
    announce();
    wake();
    wakeLater();
  };
}

/** @param {import("../panel.js").Mode} next */
function turn(next) {
  mode = next;
  paint();
}

/** @param {Step} step @param {Run} run @param {Waiting} waits @param {string} person */
function open(step, run, waits, person) {
  const view = stepView(step, run, waits, now());
  // A camera or a half-written note survives every repaint: the panel changes only with its step.
  const key = [step.id, step.attempt, view.act, mode, view.act ? "" : view.said].join("|");
  if (key === panelKey) return;
  panel?.close();
  panelKey = key;
  const said = view.need || !view.act ? view.said : "";
  panel = stepPanel(step, view.act, mode, { keep: keeper(step, person), turn, said });
  show(middle, panel.element);
  byId("thumb").replaceWith(Object.assign(panel.thumb, { id: "thumb" }));
}

function rest() {
  panel?.close();
  panel = null;
  panelKey = "";
  show(middle, h("section", { class: "empty" }, h("p", null, "Nothing more to do here now.")));
  show(byId("thumb"), h("a", { class: "button big wide quiet", href: "/today" }, "Yours today"));
}

/** @param {string} words */
function nothing(words) {
  show(top, h("section", { class: "empty" }, h("p", null, words)));
  list.hidden = true;
}

/** @param {string} person @returns {Promise<Run | null>} */
async function load(person) {
  const known = await runOf(person, runId);
  if (known || asked) return known;
  asked = true;
  return fetchRun(person, runId).catch(() => null);
}

const paint = coalesce(async () => {
  const who = await me();
  if (!who) return nothing("Sign in to see this.");
  const [run, waits] = await Promise.all([load(who.person.id), waiting(who.person.id)]);
  if (!run) return nothing("This run is not on this phone. Open it again with a connection.");
  const step = currentStep(run, waits);
  show(top, head(run, step));
  list.hidden = false;
  show(list, stepList(run, waits, now(), step?.id));
  if (step) open(step, run, waits, who.person.id);
  else rest();
});

function start() {
  const back = h("p", { class: "back" }, h("a", { href: "/today" }, "Yours today"));
  byId("app").classList.add("run");
  show(byId("app"), back, top, list, middle, h("div", { class: "thumb", id: "thumb" }));
  const title = document.querySelector(".screen-top h1");
  if (title) title.id = "app-title";
  events.addEventListener("change", paint);
  addEventListener("hashchange", () => turn("proof"));
  addEventListener("pagehide", () => panel?.close());
  return paint();
}

await start();
await boot();
