// @ts-check
/** The parts of the style guide that screens make in the browser, by the very functions that make them. */

import { fixNote, stepList, track } from "../js/cards.js";
import { button, byId, h, show } from "../js/dom.js";
import { lightWords } from "../js/light.js";
import { stepPanel } from "../js/panel.js";

const ZONE = "America/Chicago";
const NOW = Date.parse("2026-11-23T13:06:00Z");
/** @param {number} minutes from now */
const at = (minutes) => new Date(NOW + minutes * 60_000).toISOString();
const PEOPLE = ["Ana", "Ben", "Fay", "Mara"].map((name) => ({ id: name, name }));
const ROLES = ["assignee", "backup", "fallback", "owner"];

/** @param {string} id @param {Record<string, any>} more @returns {any} */
function step(id, more) {
  const chain = ROLES.map((role, index) => ({ role, person: PEOPLE[index], wait_minutes: 10, passed_over: null }));
  const proof = { kind: "photo", unit: null, min: null, max: null, if_outside: null, min_seconds: 0 };
  const plain = { id, run: "run", position: 1, title: id, instructions: null, proof, state: "open", mine: true, attempt: 1, level: 0, holder: PEOPLE[0], deadline_at: at(90), escalate_at: at(100), missed_at: null, chain, handed_over: null, sent_back: null, closed: null, may_skip: true };
  return { ...plain, ...more };
}

const moved = { from: PEOPLE[0], at: at(-6), reason: "missed", words: null };
const closed = { by: PEOPLE[0], at: at(-8), words: null, approved: true };
const STEPS = [
  step("Open", {}),
  step("Due soon", { deadline_at: at(12) }),
  step("Late", { deadline_at: at(-5) }),
  step("Missed and moved", { deadline_at: at(-11), missed_at: at(-6), level: 1, handed_over: moved }),
  step("With somebody else", { mine: false, holder: PEOPLE[2] }),
  step("Sent back", { sent_back: { reason: "The corner is not on it.", by: PEOPLE[3], at: at(-3) } }),
  step("Saved here", {}),
  step("Held", {}),
  step("Claimed", { state: "claimed" }),
  step("In review", { state: "in_review" }),
  step("Done", { state: "done", closed }),
  step("Skipped", { state: "skipped", closed: { ...closed, words: "closed for snow" } }),
];
/** @type {any} */
const RUN = { id: "run", process: "Opening check", location: "Downtown", time_zone: ZONE, opens_at: at(-60), deadline_at: at(9), state: "open", fix_note: null, steps: STEPS };
/** @type {any} */
const WAITS = {
  commands: [{ step_run: "Saved here", kind: "complete_step", captured_at: at(-1) }],
  blobs: [],
  receipts: [{ step_run: "Held", attempt: 1, kind: "complete_step", status: "held", at: at(-2), detail: "It was done on a device that was signed off." }],
};

const LIGHTS = [{}, { count: 3, oldest: at(-20) }, { phase: "waiting" }, { count: 3, oldest: at(-20), signedIn: false }];

/** @param {Record<string, any>} facts */
function light(facts) {
  const { tone, text, link } = lightWords({ signedIn: true, count: 0, oldest: null, safeAt: at(-1), phase: "idle", progress: null, now: NOW, ...facts });
  return h("p", { class: tone }, h("i", { "aria-hidden": "true" }), h("span", null, text, link));
}

/** @param {any} each */
function card(each) {
  const need = each.handed_over ? "card need" : "card";
  return h("div", { class: need }, h("p", { class: "t" }, "07:15"), h("h3", null, "Opening check"), fixNote({ time_zone: ZONE, fix_note: { text: "Moved the key to the hook.", by: PEOPLE[0], at: at(0), step: "Gate latch", held: each.handed_over ? false : null } }), track(each, ZONE, NOW));
}

/** @param {any} more */
const panel = (more) => stepPanel(step("reading", { title: "Fridge temperature", instructions: "The display on the door.", ...more }), true, "proof", { keep: async () => false, turn() {}, said: "", mark: "mark soon" });

const number = panel({ proof: { kind: "number", unit: "°F", min: 33, max: 41, if_outside: "Move the food.", min_seconds: 0 } });
show(
  byId("guide"),
  LIGHTS.map(light),
  card(STEPS[0]),
  card(STEPS[3]),
  h("div", { class: "card list" }, stepList(STEPS, RUN, WAITS, NOW)),
  number.element,
  button("Save the reading", () => undefined),
);
