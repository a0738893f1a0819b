// @ts-check
/** One run: the step that is next, open with its proof at the thumb, and below or beside it the others. */

import { absent, absentWords } from "../absent.js";
import { boot, calm, keepStorage, tellOpened, unsafe } from "../app.js";
import { asking } from "../asking.js";
import { engineNotices, fixNote, stepList, track } from "../cards.js";
import { now } from "../clock.js";
import { me, runOf } from "../day.js";
import { afterFrame, byId, coalesce, h, show } from "../dom.js";
import { keeper } from "../keeper.js";
import { t } from "../language.js";
import { stepPanel } from "../panel.js";
import { waiting } from "../queue.js";
import { asHere, inOrder, isNeeded, stepView } from "../state.js";
import { events, state, wake } from "../sync.js";
import { handedWords, hour, placeWords, when } from "../words.js";

/** @typedef {import("../day.js").Run} Run */
/** @typedef {import("../day.js").Step} Step */
/** @typedef {import("../state.js").Waiting} Waiting */

const runId = decodeURIComponent(location.pathname.split("/")[2] || "");
const THIS = {
  sign_in: t("Sign in to see this run."),
  later: t("There is no connection now, and this run is not on this phone yet. It shows here by itself once there is a connection."),
  gone: t("This run is not yours, or it is no longer there."),
};
/** @param {string} name */
const place = (name) => h("div", { class: name, hidden: true });
const parts = { top: place("run-head stacked"), step: place("run-step"), others: place("run-others") };
/** @type {import("../panel.js").Mode} */
let mode = "proof";
/** @type {ReturnType<typeof stepPanel> | null} */
let panel = null;
let panelKey = "";

/** @param {HTMLElement} part @param {...any} children a part without children takes no room */
function fill(part, ...children) {
  show(part, children);
  part.hidden = !part.hasChildNodes();
}

/** @param {Run} run @param {Waiting} waits @returns {Step | null} the step of the address, else the next one to do */
function currentStep(run, waits) {
  const named = run.steps.find((s) => s.id === location.hash.slice(1));
  return named || inOrder(run).find((s) => stepView(s, run, waits, now()).act) || null;
}

/** @param {Run} run @param {Step | null} step */
function head(run, step) {
  byId("title").textContent = run.process;
  document.title = run.process;
  const need = step?.mine && step.state === "open" && isNeeded(step, now());
  const chain = step && ["open", "claimed", "waiting"].includes(step.state);
  return h(
    "section",
    { class: need ? "card need" : "card" },
    h(
      "div",
      { class: "card-top" },
      h("time", { class: "t", datetime: run.deadline_at }, when(run.deadline_at, now(), run.time_zone)),
      h("span", { class: "from" }, placeWords(run, now())),
    ),
    step?.mine && handedWords(step) && h("p", { class: "who" }, handedWords(step, run.time_zone)),
    fixNote(run),
    chain && track(step, run.time_zone, now()),
  );
}

/** @param {Step} step @param {string} person @returns {import("../panel.js").Keep} */
function keep(step, person) {
  // Whoever closes what had failed is asked once what was done about it.
  const asks = mode === "proof" && step.asks_fix;
  const next = () => {
    history.replaceState(null, "", asks ? `#${step.id}` : location.pathname);
    moved(asks);
    keepStorage();
  };
  return keeper(step, { person, run: runId }, { complain, moved: next, back: () => (location.hash = step.id) });
}

/** @param {string} words */
function complain(words) {
  byId("trouble")?.remove();
  parts.step.append(h("p", { class: "notice need", role: "alert", id: "trouble" }, words));
}

/** @param {import("../panel.js").Mode} next */
function turn(next) {
  mode = next;
  paint();
}

/** @param {Step} step @param {Run} run @param {Waiting} waits @param {string} person */
function open(step, run, waits, person) {
  const view = stepView(step, run, waits, now());
  const said = !view.act || /back|held/.test(view.mark) ? view.said : "";
  // A camera or a half-written note survives every repaint: the panel changes only with its step. A fix note survives its answer too.
  const key = mode === "fix_note" ? step.id + mode : [step.id, step.attempt, view.act, mode, said].join("|");
  if (key === panelKey) return;
  panel?.close();
  panelKey = key;
  panel = stepPanel(step, view.act, mode, { keep: keep(step, person), turn, said, mark: view.mark, zone: run.time_zone });
  fill(parts.step, panel.element);
  byId("thumb").replaceWith(Object.assign(panel.thumb, { id: "thumb" }));
}

/** @param {Run} run what to say when no step is to be done now */
function restWords(run) {
  const later = run.state === "planned" && Date.parse(run.opens_at) > now();
  return later ? t("This run opens at %(time)s.", { time: when(run.opens_at, now(), run.time_zone) }) : t("Nothing is left for you in this run.");
}

/** @param {Run} run */
function rest(run) {
  panel?.close();
  panel = null;
  panelKey = "";
  fill(parts.step, h("p", { class: "lead", tabindex: "-1", "data-key": "rest" }, restWords(run)));
  show(byId("thumb"), h("a", { class: "button big wide quiet", href: "/today" }, t("Yours today")));
}

/** @param {import("../api.js").Problem | null} problem why the run is not here */
function nothing(problem) {
  const again = () => Promise.all([wake(), asked.ask()]);
  fill(parts.top, absent(problem, THIS, again));
  [parts.step, parts.others].forEach((part) => fill(part));
}

/** Today's list comes by itself; any other run is asked for. */
async function fetchUnlisted() {
  const who = await me();
  if (!who || (await runOf(who.person.id, runId))?.listed) return;
  const { fetchRun } = await import("../heard.js");
  await fetchRun(who.person.id, runId);
}

/** What this phone keeps of a run that the server no longer gives out. @param {boolean} listed */
function goneNotice(listed) {
  const problem = asked.problem();
  if (listed || problem?.status !== 404) return null;
  return h("p", { class: "notice need" }, `${absentWords(problem, THIS)} ${t("This is how this phone saw it last.")}`);
}

const heading = h("h2", { id: "others" });
const list = h("ol", { class: "steps" });
const section = h("section", { class: "stacked", "aria-labelledby": "others" }, heading, h("div", { class: "card list" }, list));

/** @param {Step | null} step the one that is open on the page @param {Run} run @param {Waiting} waits */
function others(step, run, waits) {
  const steps = inOrder(run).filter((s) => s !== step);
  if (!steps.length) return null;
  show(heading, step ? t("The other steps") : t("The steps"));
  stepList(steps, run, waits, now(), list);
  return section;
}

const paint = coalesce(async () => {
  const who = await me();
  if (!who) return nothing(state.problem);
  const [known, waits] = await Promise.all([runOf(who.person.id, runId), waiting(who.person.id)]);
  if (!known) return nothing(asked.problem());
  const { listed } = known;
  const [run] = await asHere([known.run], waits, now());
  const step = currentStep(run, waits);
  fill(parts.top, goneNotice(listed), engineNotices(who), head(run, step));
  fill(parts.others, others(step, run, waits));
  if (step) open(step, run, waits, who.person.id);
  else rest(run);
  tellOpened([run]);
});

const asked = asking(fetchUnlisted, () => paint().catch(() => undefined));

/** Another step is open now: whoever reads or listens goes on there. @param {any} [asks] it asks for a fix note */
function moved(asks) {
  mode = asks === true ? "fix_note" : "proof";
  paint().then(() => {
    scrollTo({ top: 0 });
    parts.step.scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement | null} */ (parts.step.querySelector("[tabindex]"))?.focus({ preventScroll: true });
  });
}

/** The row that is pressed answers at once; its step is opened when that was seen. @param {MouseEvent} event */
async function press(event) {
  const row = /** @type {Element} */ (event.target).closest("a");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  row.setAttribute("aria-busy", "true");
  await afterFrame();
  row.removeAttribute("aria-busy");
  location.hash = row.hash;
}

const back = h("p", { class: "back" }, h("a", { href: "/today" }, t("Yours today")));
const board = h("div", { class: "board" }, h("div", { class: "stacked" }, parts.top, parts.step), parts.others);
show(byId("app"), back, board, h("div", { class: "thumb", id: "thumb" }));
events.addEventListener("change", paint);
addEventListener("hashchange", moved);
list.addEventListener("click", press);
addEventListener("pagehide", () => panel?.close());
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  panelKey = ""; // its camera was closed: it begins anew with what is kept
  paint();
});
/** Whole above the thumb, also where the screen is low. */
const inView = () => parts.step.scrollIntoView({ block: "nearest" });
const painted = paint();
hour(new Date().toISOString()); // the first time that is put in words takes long: meanwhile storage opens
const booted = boot();
await painted.catch(unsafe);
inView();
asked.ask().then(inView);
await calm;
import("../begun.js").then(({ leadBack }) => leadBack());
await booted;
