// @ts-check
/** The board: the day as one calm list, and beside it the names. What says the same again stays on the page. */

import { calm } from "../app.js";
import { track } from "../cards.js";
import { h, show } from "../dom.js";
import { row, t } from "../language.js";
import { format } from "../words.js";
import { fullScreenButton } from "./awake.js";
import { rowsOf } from "./rows.js";
import { wishOf } from "./wish.js";

/** @typedef {import("./place.js").Place} Place */
/** @typedef {import("./place.js").Somebody} Somebody */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {{choose: (who: Somebody) => void, want: (row: Row) => void, tablet: () => void, more: () => void}} Acts */

const FIRST = 7;
/** Of so many letters a name no longer fits a tile beside another. */
const LONG = 30;

/** @param {Place} place @param {number} now @returns {string} "Downtown, Monday" */
export function dayTitle({ location }, now) {
  return row(location.name, format("weekday", now, location.time_zone));
}

/** @param {Row} row @param {Acts} acts @param {number} now */
function item(row, acts, now) {
  const { run, step, part, time, day, said, mark } = row;
  const press = part === "need" || part === "open";
  const label = part === "need" ? t("Do it") : t("Open");
  return h(
    "li",
    { class: part === "open" ? "item" : `item ${part}`, "data-run": run.id },
    h("time", { class: "t", datetime: run.deadline_at }, time, day && h("span", { class: "day" }, day)),
    h("div", { class: "what" }, h("h2", null, mark && h("span", { class: `${mark} small`, "aria-hidden": "true" }), h("bdi", null, run.process)), h("p", { class: "who" }, said), step && track(step, run.time_zone, now)),
    press && h("button", { type: "button", class: part === "need" ? "button big" : "button big quiet", onclick: () => acts.want(row), "data-key": `do-${run.id}` }, label, h("span", { class: "vh" }, `: ${run.process}`)),
  );
}

/** @param {Somebody} who @param {Acts} acts */
function tile(who, acts) {
  return h("button", { type: "button", class: who.name.length > LONG ? "tile long" : "tile", onclick: () => acts.choose(who), "data-key": `who-${who.id}` }, h("span", { class: "initials", "aria-hidden": "true" }, who.initials), h("span", { class: "name" }, who.name, who.away && h("span", { class: "said" }, t("away today"))));
}

/** @param {Acts} acts @param {string} words */
function moreTile(acts, words) {
  return h("button", { type: "button", class: "tile", onclick: acts.more, "data-key": "more" }, h("span", { class: "initials", "aria-hidden": "true" }, "+"), h("span", { class: "name" }, words));
}

/** @param {Somebody[]} people @returns {Somebody[]} those at work first, then by name */
function inTiles(people) {
  return [...people].sort((a, b) => Number(a.away) - Number(b.away) || a.name.localeCompare(b.name));
}

/**
 * The names that are shown: of a wish first those whose doing counts, else those at work.
 * @param {Somebody[]} all @param {boolean} isAll @param {string[]} counts ids
 */
function shownTiles(all, isAll, counts) {
  const able = counts.flatMap((id) => all.filter((who) => who.id === id));
  if (able.length && !isAll) return able;
  const sorted = inTiles(all);
  return isAll || sorted.length <= FIRST + 1 ? sorted : sorted.slice(0, FIRST);
}

/** @param {string[]} notes @param {HTMLElement} home */
function shownNotes(notes, home) {
  show(home, notes.map((words) => h("p", { class: "notice", role: "status" }, words)));
}

/** The parts of the board, which stay while it is repainted. */
export function boardView(/** @type {Acts} */ acts) {
  const list = h("ol", { class: "list" });
  const empty = h("p", { class: "lead", hidden: true });
  const tiles = h("div", { class: "tiles" });
  const heading = h("h2", { id: "who", tabindex: "-1", "aria-describedby": "who-can" });
  const can = h("p", { id: "who-can", hidden: true });
  const notices = h("div", { class: "stacked" });
  const foot = h("div", { class: "kiosk-foot" });
  const speech = h("div");
  calm.then(() => import("../chosen-language.js")).then(({ languageButtons }) => show(speech, languageButtons()), () => undefined);
  const people = h("section", { class: "kiosk-people", "aria-labelledby": "who" }, heading, can, tiles, h("p", { class: "hint" }, t("Tap your name, then your PIN. You are signed out by yourself after two minutes.")), foot, speech);
  const element = h("div", { class: "kiosk-board" }, h("section", { class: "kiosk-day", "aria-label": t("The day") }, notices, list, empty), people);
  let saidList = "";
  let saidTiles = "";

  /** @param {Row[]} rows @param {number} now */
  function paintList(rows, now) {
    const said = JSON.stringify([rows.map(({ run, step, ...facts }) => [run.id, run.process, step, facts])]);
    if (said === saidList) return;
    saidList = said;
    show(list, rows.map((row) => item(row, acts, now)));
    empty.textContent = t("Nothing is planned here in the next days.");
    empty.hidden = rows.length > 0;
  }

  /** @param {Somebody[]} all @param {boolean} isAll @param {string[]} counts */
  function paintTiles(all, isAll, counts) {
    const said = JSON.stringify([all, isAll, counts]);
    if (said === saidTiles) return;
    saidTiles = said;
    const some = shownTiles(all, isAll, counts);
    const more = counts.length ? t("Somebody else") : t("More");
    show(tiles, some.map((who) => tile(who, acts)), some.length < all.length && moreTile(acts, more), !all.length && h("p", null, t("Nobody works here yet. The owner adds people on their page People.")));
  }

  /** @param {Place} place @param {import("../day.js").Run[]} runs @param {import("../state.js").Waiting} waits @param {{now: number, all: boolean, wanted: Row | null, notes: string[]}} more */
  function paint(place, runs, waits, { now, all, wanted, notes }) {
    shownNotes(notes, notices);
    paintList(rowsOf(runs, waits, now), now);
    const wish = wanted && wishOf(runs.find(({ id }) => id === wanted.run.id) || wanted.run, waits, now);
    paintTiles(place.people, all, wish?.counts || []);
    heading.textContent = wanted ? t("%(process)s: who are you?", { process: wanted.run.process }) : t("Who are you?");
    can.textContent = wish ? [wish.said, all && wish.others].filter(Boolean).join(" ") : "";
    can.hidden = !can.textContent;
    const tablet = h("button", { type: "button", class: "button plain", onclick: acts.tablet, "data-key": "tablet" }, t("This tablet"));
    if (!foot.hasChildNodes() || Boolean(document.fullscreenElement) === Boolean(foot.querySelector("[data-key=full]"))) show(foot, fullScreenButton(), tablet);
  }

  return { element, heading, paint };
}
