// @ts-check
/** One person's turn: what is theirs first, then the place's other steps; and one run, step by step. */

import { fixNote, stepList, track } from "../cards.js";
import { now } from "../clock.js";
import { button, h, show, thumb } from "../dom.js";
import { draftsOf } from "../drafts.js";
import { keeper } from "../keeper.js";
import { t } from "../language.js";
import { stepPanel } from "../panel.js";
import { markSeen } from "../queue.js";
import { inOrder, isClosed, isNeeded, isOpen, sortRuns, stepView } from "../state.js";
import { announce } from "../sync.js";
import { handedWords, kindVerb, listed, when } from "../words.js";
import { awayPart } from "./away.js";
import { fixAsked } from "./fix.js";
import { stillOpen } from "./rows.js";
import { onChain } from "./wish.js";

/** @typedef {import("../day.js").Run} Run */
/** @typedef {import("../day.js").Step} Step */
/** @typedef {import("../state.js").Waiting} Waiting */
/** @typedef {{person: {id: string, name: string}, turn: import("./turns.js").Turn}} Who */

/** The place's runs as this person has them. @param {Run[]} runs @param {string} person @returns {Run[]} */
export function asTheirs(runs, person) {
  return runs.map((run) => ({ ...run, way: `#${run.id}/`, steps: run.steps.map((step) => ({ ...step, mine: step.holder?.id === person || step.answered === person })) }));
}

/** @param {Run} run @param {Waiting} waits @returns {Step[]} */
function todo(run, waits) {
  return inOrder(run).filter((step) => stepView(step, run, waits, now()).act);
}

/** Who has what is still to be done in it. @param {Run} run @param {Waiting} waits @returns {string} "Ana and Ben", or empty */
function leftTo(run, waits) {
  const open = stillOpen(run, waits, now()).flatMap(({ holder }) => holder?.name || []);
  return open.length ? listed([...new Set(open)]) : "";
}

/** Every step is closed, or done on this tablet. @param {Run} run @param {Waiting} waits */
function isDone(run, waits) {
  const here = new Set(waits.commands.filter(({ kind }) => kind === "complete_step" || kind === "not_applicable").map((command) => command.step_run));
  return run.steps.every((step) => isClosed(step) || here.has(step.id));
}

/** What is said where this person has no step. @param {Run} run @param {Waiting} waits */
function restWords(run, waits) {
  if (isDone(run, waits)) return t("This run is done.");
  const left = leftTo(run, waits);
  return [t("Nothing is left for you in this run."), left && t("What is still open is with %(names)s.", { names: left })].filter(Boolean).join(" ");
}

/** @param {Run} run @param {Waiting} waits @param {boolean} need */
function card(run, waits, need) {
  const first = todo(run, waits)[0];
  const time = h("time", { class: "t", datetime: run.deadline_at }, when(run.deadline_at, now(), run.time_zone));
  const handed = first && handedWords(first, run.time_zone);
  return h("section", { class: "stacked", "data-run": run.id }, h("div", { class: need ? "card need" : "card" }, h("div", { class: "card-top" }, time), h("h2", null, run.process), handed && h("p", { class: "who" }, handed), fixNote(run), first && track(first, run.time_zone, now())), h("div", { class: "card list" }, stepList(inOrder(run), run, waits, now())));
}

/** @param {Run[]} runs @param {Waiting} waits what the server refused or put before the owner, until it was read */
function answers(runs, waits) {
  const titles = new Map(runs.flatMap((run) => run.steps).map((step) => [step.id, step.title]));
  const open = waits.receipts.filter((r) => !r.seen && (r.status === "rejected" || r.status === "held"));
  return open.map((r) => {
    const step = titles.get(r.step_run) || t("A step");
    const lead = r.status === "held" ? t("%(step)s is held for the owner.", { step }) : t("%(step)s was not accepted.", { step });
    return h("div", { class: "notice need" }, h("p", null, `${lead} ${r.detail || t("What you did is kept.")}`), button(t("I have read this"), () => markSeen(r.id).then(announce), { class: "button plain" }));
  });
}

/** What this person began here and did not use yet. @param {Run[]} runs @param {Waiting} waits @param {string} person */
async function begun(runs, waits, person) {
  const open = new Map(runs.flatMap((run) => inOrder(run).map((step) => [step.id, { run, step }])));
  const drafts = (await draftsOf(person)).filter((d) => {
    const at = open.get(d.step_run);
    return at && at.step.attempt === d.attempt && (d.bytes || d.timer || d.strokes || Object.values(d.words || {}).some(Boolean)) && !waits.commands.some((c) => c.step_run === d.step_run);
  });
  return drafts.map((d) => h("p", { class: "notice" }, `${t("You began %(step)s.", { step: d.title })} `, h("a", { href: `#${d.run}/${d.step_run}`, class: "button plain" }, t("Go on with it"))));
}

/** @param {Run[]} runs @param {Waiting} waits @param {Who} who @param {boolean} away */
export async function listParts(runs, waits, who, away) {
  const { person } = who;
  const { need, open, later } = sortRuns(runs, waits, now());
  const mine = [...need, ...open];
  const isLeft = (/** @type {Run} */ run) => run.steps.some((each) => each.state === "open" || each.state === "waiting");
  const others = runs.filter((run) => !mine.includes(run) && !later.includes(run) && run.state === "open" && isLeft(run)).sort((a, b) => Date.parse(a.deadline_at) - Date.parse(b.deadline_at));
  const first = mine[0];
  const step = first && todo(first, waits)[0];
  const next = step && h("a", { class: "button big wide", href: `#${first.id}/${step.id}`, "data-key": "next" }, kindVerb(step.proof.kind), h("span", { class: "vh" }, `: ${step.title}`));
  const none = !mine.length && h("p", { class: "lead" }, [t("Nothing is yours right now, %(name)s.", { name: person.name }), others.length && t("You can do what others hold; the owner then decides whether it counts.")].filter(Boolean).join(" "));
  const rest = others.length > 0 && h("section", { class: "stacked" }, h("h2", null, t("Also open here")), others.map((run) => card(run, waits, false)));
  const left = h("div", { class: "stacked" }, answers(runs, waits), away && awayPart(who, true), await begun(runs, waits, person.id), none, need.map((run) => card(run, waits, true)), open.map((run) => card(run, waits, false)));
  return [h("div", { class: "board" }, left, h("div", { class: "stacked" }, rest, !away && awayPart(who, false))), next && thumb(next)];
}

/** One run at a kiosk; it stays while its page is repainted, so that a camera or half a note does. */
export class RunView {
  /** @param {Who} who @param {string} runId @param {{moved: () => void, back: (hash: string) => void}} acts another step is open now, or one that was taken back */
  constructor(who, runId, acts) {
    this.who = who;
    this.runId = runId;
    this.acts = acts;
    /** @type {import("../panel.js").Mode} */
    this.mode = "proof";
    /** What is asked of a step that had failed and was just closed. @type {HTMLElement | null} */
    this.question = null;
    /** @type {ReturnType<typeof stepPanel> | null} */
    this.panel = null;
    this.key = "";
    this.parts = { top: h("div", { class: "run-head stacked" }), step: h("div", { class: "run-step" }), others: h("div", { class: "run-others" }) };
    this.list = h("ol", { class: "steps" });
    this.thumb = thumb();
    const board = h("div", { class: "board" }, h("div", { class: "stacked" }, this.parts.top, this.parts.step), this.parts.others);
    this.children = [h("p", { class: "back" }, h("a", { href: "#" }, t("%(name)s's steps", { name: who.person.name }))), board, this.thumb];
  }

  /** @param {Run} run @param {Waiting} waits @param {string} named the step of the address */
  paint(run, waits, named) {
    const step = run.steps.find((each) => each.id === named) || todo(run, waits)[0] || null;
    const time = h("time", { class: "t", datetime: run.deadline_at }, when(run.deadline_at, now(), run.time_zone));
    const need = step && step.state === "open" && isNeeded(step, now());
    const chain = step && ["open", "claimed", "waiting"].includes(step.state);
    show(this.parts.top, this.question, h("section", { class: need ? "card need" : "card" }, h("div", { class: "card-top" }, time), step?.mine && handedWords(step) && h("p", { class: "who" }, handedWords(step, run.time_zone)), fixNote(run), chain && track(step, run.time_zone, now())));
    const others = inOrder(run).filter((each) => each !== step);
    stepList(others, run, waits, now(), this.list);
    show(this.parts.others, others.length > 0 && h("section", { class: "stacked" }, h("h2", null, step ? t("The other steps") : t("The steps")), h("div", { class: "card list" }, this.list)));
    if (step) this.open(step, run, waits);
    else this.rest(run, waits);
  }

  /** It stands above the next step until it is answered, or that one is done. @param {Step} step */
  ask(step) {
    this.question = fixAsked(step, (write) => {
      this.question = null;
      this.mode = write ? "fix_note" : "proof";
      if (write) history.replaceState(null, "", `#${this.runId}/${step.id}`);
      announce();
    });
  }

  /** @param {Step} step @param {Run} run @param {Waiting} waits */
  open(step, run, waits) {
    const view = stepView(step, run, waits, now());
    const { person } = this.who;
    const free = !step.mine && step.state !== "claimed" && isOpen(step, run, now()) && !/here|held/.test(view.mark);
    const others = free && !onChain(step, person.id) ? t("With %(holder)s now. What you do here is kept, and the owner decides whether it counts.", { holder: step.holder?.name || t("somebody else") }) : "";
    const said = others || (!view.act || /back|held/.test(view.mark) ? view.said : "");
    const act = view.act || free;
    const key = [step.id, step.attempt, act, this.mode, said].join("|");
    if (key === this.key) return;
    this.panel?.close();
    this.key = key;
    const turn = (/** @type {import("../panel.js").Mode} */ next) => {
      this.mode = next;
      announce();
    };
    this.panel = stepPanel(step, act, this.mode, { keep: this.keeper(step, run), turn, said, mark: view.mark, zone: run.time_zone });
    show(this.parts.step, this.panel.element);
    this.panel.thumb.id = "";
    this.thumb.replaceWith(this.panel.thumb);
    this.children[2] = this.thumb = this.panel.thumb;
  }

  /** @param {Run} run @param {Waiting} waits */
  rest(run, waits) {
    this.panel?.close();
    this.panel = null;
    this.key = "";
    show(this.parts.step, h("p", { class: "lead", tabindex: "-1", "data-key": "rest" }, restWords(run, waits)));
    show(this.thumb, h("a", { class: "button big wide quiet", href: "#" }, t("%(name)s's steps", { name: this.who.person.name })));
  }

  /** Each command carries its person and turn. @param {Step} step @param {Run} run @returns {import("../panel.js").Keep} */
  keeper(step, run) {
    const { person, turn } = this.who;
    const about = { process: run.process, step: step.title, time_zone: run.time_zone };
    const moved = () => {
      this.question = null;
      if (this.mode === "proof" && step.asks_fix) this.ask(step);
      this.mode = "proof";
      this.acts.moved();
    };
    const back = () => {
      this.question = null;
      this.acts.back(`#${run.id}/${step.id}`);
    };
    const saved = t("%(step)s, done by %(name)s, is saved on this tablet.", { step: step.title, name: person.name });
    return keeper(step, { person: person.id, turn: turn.turn, run: run.id, about }, { complain: (words) => this.complain(words), moved, back, saved });
  }

  /** @param {string} words */
  complain(words) {
    this.parts.step.querySelector("#trouble")?.remove();
    this.parts.step.append(h("p", { class: "notice need", role: "alert", id: "trouble" }, words));
  }

  focus() {
    scrollTo({ top: 0 });
    /** @type {HTMLElement | null} */ (this.parts.step.querySelector("[tabindex]"))?.focus({ preventScroll: true });
  }

  close() {
    this.panel?.close();
  }
}
