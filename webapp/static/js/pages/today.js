// @ts-check
/** Yours today: what needs you first, then what is open, what comes later, what others still do, and what is done. */

import { absent } from "../absent.js";
import { boot, calm, tellOpened, unsafe } from "../app.js";
import { engineNotices, fixNote, stepList, track } from "../cards.js";
import { now } from "../clock.js";
import { me, runsOf } from "../day.js";
import { byId, coalesce, h, show } from "../dom.js";
import { keepOffer } from "../install.js";
import { t, tc, tn } from "../language.js";
import { waiting } from "../queue.js";
import { asHere, inOrder, sortRuns, stepView } from "../state.js";
import { read } from "../store.js";
import { events, state, wake } from "../sync.js";
import { dayName, fromWords, handedWords, hour, isOver, kindVerb, placeWords, standInWords, when } from "../words.js";

/** @typedef {import("../day.js").Run} Run */
/** @typedef {import("../day.js").Step} Step */
/** @typedef {import("../state.js").Waiting} Waiting */

const THIS = { sign_in: t("Sign in to see what is yours."), later: t("There is no connection now, and what is yours is not on this phone yet. It shows here by itself once there is a connection.") };

/** @param {Run} run @param {Waiting} waits @returns {Step[]} what this person can do now, in order */
function todo(run, waits) {
  return inOrder(run).filter((s) => stepView(s, run, waits, now()).act);
}

/** @param {Run} run @param {Waiting} waits */
function whoWords(run, waits) {
  const steps = todo(run, waits);
  const handed = steps.find((s) => s.handed_over);
  const all = tn("%(num)s step", "%(num)s steps", run.steps.length);
  const count = `${run.location}. ${tn("%(num)s of %(all)s waits for you.", "%(num)s of %(all)s wait for you.", steps.length, { all })}`;
  return handed ? `${count} ${handedWords(handed, run.time_zone)}` : count;
}

/** @param {Run} run @param {Waiting} waits @param {boolean} need */
function card(run, waits, need) {
  const steps = todo(run, waits);
  const first = steps.find((s) => s.handed_over) || steps[0];
  const title = h("a", { href: `/run/${run.id}`, "data-key": `run-${run.id}` }, run.process);
  return [
    h(
      "section",
      { class: need ? "card need" : "card", "data-run": run.id },
      h("div", { class: "card-top" }, h("time", { class: "t", datetime: run.deadline_at }, when(run.deadline_at, now(), run.time_zone)), h("span", { class: "from" }, fromWords(first, now()))),
      h("h2", null, title),
      h("p", { class: "who" }, whoWords(run, waits)),
      fixNote(run),
      track(first, run.time_zone, now()),
    ),
    stepsOf(run, waits),
  ];
}

/** The steps of each run, by its id: they stay on the page while other things change. @type {Map<string, Element>} */
const lists = new Map();

/** @param {Run} run @param {Waiting} waits */
function stepsOf(run, waits) {
  const known = lists.get(run.id);
  const list = stepList(inOrder(run), run, waits, now(), known?.firstElementChild || undefined);
  const section = known || h("section", { class: "card list", "aria-label": t("Steps of %(process)s", { process: run.process }) }, list);
  lists.set(run.id, section);
  return section;
}

/** @param {Run} run @returns {Step[]} mine that open later */
const coming = (run) => run.steps.filter((s) => s.mine && s.state === "waiting");

/** @param {Run} run */
const isAhead = (run) => now() < Date.parse(run.opens_at);

/** @param {Run} run when it is due, or what is left of it */
const dueAt = (run) => coming(run).map((s) => s.deadline_at).sort()[0] || run.deadline_at;

/** @param {Run} run when something of it opens next; unknown while it waits for an answer */
const opensAt = (run) => (isAhead(run) ? run.opens_at : coming(run).flatMap((s) => s.later?.opens_at || []).sort()[0]);

/** @param {Run} run */
function dayOf(run) {
  return dayName(dueAt(run), now(), run.time_zone);
}

/** @param {Run} run @param {import("../state.js").View[]} views what goes on in it and what was done, in sentences */
function doneWords(run, views) {
  const past = dayOf(run) === t("Today") ? "" : `${dayOf(run)}.`;
  const said = [...views.filter((v) => !v.quiet), ...views].map((v) => v.said).filter(Boolean).map((text) => (/[.?\p{Pf}\p{Pi}\u2069]$/u.test(text) ? text : `${text}.`));
  return [`${run.location}.`, past, ...[...new Set(said)].slice(0, 2)].filter(Boolean).join(" ");
}

/** @param {Run} run */
function laterWords(run) {
  const [first] = run.steps;
  const why = first && standInWords(first);
  return why ? `${run.location}. ${why}` : run.location;
}

/** The mark of a run is that of its step that is least safe. @param {import("../state.js").View[]} views */
function doneMark(views) {
  const least = ["mark here", "mark claimed", "mark review", "mark", "mark wait"].find((mark) => views.some((v) => v.mark === mark));
  return h("span", { class: `${least || "mark done"} small`, "aria-hidden": "true" });
}

/** @param {Run} run @param {Waiting} waits @param {"later" | "done"} part */
function row(run, waits, part) {
  // What was missed says most of a run that is over: who did it then.
  const steps = part === "later" ? coming(run) : [...run.steps].sort((a, b) => Number(!a.missed_at) - Number(!b.missed_at));
  const views = steps.map((s) => stepView(s, run, waits, now()));
  const said = part === "later" && isAhead(run) ? laterWords(run) : doneWords(run, views);
  const mark = part === "done" && doneMark(views);
  const title = h("a", { href: `/run/${run.id}`, "data-key": `run-${run.id}` }, run.process);
  const time = h("time", { class: "t", datetime: dueAt(run) }, hour(dueAt(run), run.time_zone));
  return h("li", { class: `item ${part}`, "data-run": run.id }, time, h("div", { class: "what" }, h("h3", null, mark, title), h("p", { class: "who" }, said)));
}

/** @param {string} title @param {Run[]} runs @param {Waiting} waits @param {"later" | "done"} part */
function rows(title, runs, waits, part) {
  if (!runs.length) return null;
  return h("section", null, h("h2", null, title), h("ol", { class: "list tight" }, runs.map((run) => row(run, waits, part))));
}

/** What comes, day by day. @param {Run[]} runs @param {Waiting} waits */
function laterRows(runs, waits) {
  const days = [...new Set(runs.map(dayOf))];
  return days.map((day) => rows(day === t("Today") ? t("Later today") : day, runs.filter((run) => dayOf(run) === day), waits, "later"));
}

/** Said once, where the clock of a place is another than this device's. @param {Run[]} runs */
function zoneWords(runs) {
  const places = new Set(runs.filter((run) => placeWords(run, now()) !== run.location).map((run) => placeWords(run, now())));
  return places.size ? h("p", { class: "soft small" }, `${[...places].join("; ")}.`) : null;
}

/** @param {Run[]} later */
function empty(later) {
  const next = later.find(opensAt);
  const words = next ? t("Next is %(process)s. It opens at %(time)s.", { process: next.process, time: when(/** @type {string} */ (opensAt(next)), now(), next.time_zone) }) : t("When something becomes yours, it shows here.");
  return h("section", { class: "empty" }, h("h2", null, t("Nothing is yours right now.")), h("p", null, words));
}

/** @param {Run[]} runs @param {Waiting} waits the one next thing, at the thumb */
function next(runs, waits) {
  const [step] = runs.flatMap((run) => todo(run, waits));
  return step && h("div", { class: "thumb" }, h("a", { class: "button big wide", href: `/run/${step.run}#${step.id}`, "data-key": "next" }, kindVerb(step.proof.kind), h("span", { class: "vh" }, `: ${step.title}`)));
}

/** What is mine now, and below or beside it what comes and what is done. */
const mine = h("div", { class: "stacked" });
const others = h("div");
const board = h("div", { class: "board" }, mine, others);
const push = h("section", { "aria-label": t("Messages") });
const ask = h("section");
keepOffer();
const room = h("section", { "aria-label": t("Room on this phone") });
/** @type {import("../drafts.js").Draft[]} */
let begun = [];
/** @type {typeof import("../begun.js").begunNotices} */
let begunNotices = () => [];

const paint = coalesce(async () => {
  const app = byId("app");
  const asked = me();
  const person = asked.then((known) => known?.person.id || "");
  const [who, runs, waits, off] = await Promise.all([asked, runsOf(person), waiting(person), read("meta", "signed_off")]);
  if (!who) return show(app, absent(state.problem, THIS, wake));
  const parts = sortRuns(await asHere(runs, waits, now()), waits, now());
  const { need, open, later, rest, done } = parts;
  const away = who.away && !isOver(who.away.until, now());
  const notice = away ? await import("../away.js").catch(() => null) : null;
  const said = waits.receipts.length ? await import("../answers.js").catch(() => null) : null;
  show(mine, need.map((run) => card(run, waits, true)), open.map((run) => card(run, waits, false)), !need.length && !open.length && empty(later), ask);
  show(others, laterRows(later, waits), rows(t("Your part is done"), rest, waits, "done"), rows(tc("heading", "Done"), done, waits, "done"));
  show(
    app,
    engineNotices(who),
    off && h("p", { class: "notice need", role: "alert" }, t("This device was signed off. What you do on it now is held for the owner, who can let it in again.")),
    said?.answers(runs, waits),
    room,
    begunNotices(begun, [...need, ...open].flatMap((run) => todo(run, waits).map((step) => ({ step, zone: run.time_zone })))),
    notice?.awayNotice(who, now()),
    zoneWords(Object.values(parts).flat()),
    board,
    !away && h("p", null, h("a", { class: "button plain", href: "/away", "data-key": "away" }, t("I am away"))),
    push,
    next([...need, ...open], waits),
  );
  tellOpened([...need, ...open]);
});

events.addEventListener("change", paint);
const painted = paint();
hour(new Date().toISOString()); // the first time that is put in words takes long: meanwhile storage opens
await painted.catch(unsafe);
const booted = boot();
await calm;
import("../begun.js").then(async (ways) => {
  begun = await ways.leadBack();
  begunNotices = ways.begunNotices;
  if (begun.length) paint();
});
import("../push.js").then(({ askAt, pushPanel }) => [askAt(ask), pushPanel(push)]);
import("../room.js").then(({ watchRoom }) => watchRoom(room));
await booted;
