// @ts-check
/** The kiosk: not paired, the board, a PIN, a person's turn, this tablet. One page, so that it survives the dark. */

import { always } from "../api.js";
import { calm, keepStorage, registerWorker, unsafe } from "../app.js";
import { loadSkew, now } from "../clock.js";
import { actAs } from "../day.js";
import { byId, coalesce, h, show } from "../dom.js";
import { pruneDrafts } from "../drafts.js";
import { here } from "../here.js";
import { deviceId } from "../ids.js";
import { row, t } from "../language.js";
import { asHere } from "../state.js";
import { events, start, state, wake, ways } from "../sync.js";
import { awayView } from "../kiosk/away.js";
import { stayAwake } from "../kiosk/awake.js";
import { boardView, dayTitle } from "../kiosk/board.js";
import { whyOver } from "../kiosk/check.js";
import { watchIdle } from "../kiosk/idle.js";
import { keepKioskLight } from "../kiosk/light.js";
import { pinView } from "../kiosk/pin.js";
import { forgetPlace, placeHere, runsHere } from "../kiosk/place.js";
import { going } from "../kiosk/turns.js";
import { waitingHere } from "../kiosk/waits.js";
import { wayOf } from "../kiosk/wish.js";
import { asTheirs, listParts, RunView } from "../kiosk/work.js";
import { hour } from "../words.js";

/** @typedef {import("../kiosk/place.js").Place} Place */
/** @typedef {import("../kiosk/place.js").Somebody} Somebody */

const EVERY_MS = 30_000;
const app = byId("app");

/** What is on the screen. @type {"" | "pairing" | "board" | "pin" | "turn" | "tablet"} */
let view = "";
/** @type {{person: Somebody, turn: import("../kiosk/turns.js").Turn} | null} */
let who = null;
/** @type {RunView | null} */
let opened = null;
let stop = () => {};
/** What somebody pressed who has not said yet who they are. @type {{row: import("../kiosk/rows.js").Row, at: number} | null} */
let wanted = null;
let all = false;
/** @type {string[]} */
let notes = [];

const board = boardView({
  choose,
  want: (row) => {
    wanted = { row, at: Date.now() };
    all = false;
    paint().then(() => {
      board.heading.scrollIntoView({ block: "nearest" });
      board.heading.focus({ preventScroll: true });
    });
  },
  tablet: () => showTablet(),
  more: () => {
    all = true;
    paint();
  },
});

/** @param {string} title @param {string} [over] @param {string} [clock] the time of day, where it is the first thing to know */
function name(title, over = "", clock = "") {
  show(byId("title"), clock && h("span", { class: "clock" }, clock), title);
  byId("over").textContent = over;
  byId("over").hidden = !over;
  document.title = title;
}

/** What was just done may still be taken back: that stays, whoever's turn it is. @param {...any} children */
function fill(...children) {
  show(app, byId("undo"), children);
}

/** The server does not know this tablet (any more). */
function unpaired() {
  const code = state.problem?.code;
  return code === "kiosk_unknown" || code === "kiosk_revoked" ? code : "";
}

/** @param {Place | null} place */
async function showPairing(place) {
  if (view === "pairing") return;
  endTurn();
  view = "pairing";
  name(place ? t("This tablet is signed off") : t("Use this as a kiosk"));
  const { pairingView } = await import("../kiosk/pairing.js");
  if (view !== "pairing") return;
  stop = pairingView(app, { revoked: Boolean(place), name: place?.kiosk.name || "" }, paired);
}

async function paired() {
  stop();
  await forgetPlace();
  Object.assign(state, { problem: null, phase: "sending" });
  view = "";
  keepStorage();
  await wake();
  await paint();
}

/** @param {Somebody} person */
async function choose(person) {
  const place = await placeHere();
  if (!place) return;
  import("../undo.js").then(({ endOffer }) => endOffer(), () => undefined); // somebody else is next
  endTurn(); // theirs may be over
  view = "pin";
  notes = [];
  name(person.name, wanted?.row.run.process);
  fill(pinView(place, person, (turn) => begin(place, person, turn), toBoard));
}

/** @param {Place} place @param {Somebody} person @param {import("../kiosk/turns.js").Turn} turn */
function begin(place, person, turn) {
  actAs({ person: { ...person, role: "" }, organisation: place.organisation, at: place.at, signed_in: true });
  who = { person, turn };
  going.turn = turn.turn;
  if (turn.status !== "verified") wake(); // the light says why
  view = "turn";
  history.replaceState(null, "", wanted ? wayOf(wanted.row, person.id) : location.pathname);
  wanted = null;
  stop = watchIdle(person.name, place.sign_out_after_s * 1000, toBoard);
  byId("turn").hidden = false;
  show(byId("turn"), h("button", { type: "button", class: "button quiet", onclick: toBoard, "data-key": "done" }, t("Done here")));
  paint().then(() => byId("title").focus());
}

/** Nothing of whoever was here is on the screen any more; what they began is kept. */
function endTurn() {
  stop();
  stop = () => {};
  opened?.close();
  opened = who = null;
  going.turn = "";
  actAs(null);
  byId("turn").hidden = true;
  history.replaceState(null, "", location.pathname);
}

function toBoard() {
  const before = who?.person.name;
  endTurn();
  view = "board";
  all = false;
  wanted = null;
  fill();
  paint().then(() => before && board.heading.focus({ preventScroll: true }));
}

async function showTablet() {
  const place = await placeHere();
  if (!place) return;
  view = "tablet";
  name(t("This tablet"));
  const { tabletView } = await import("../kiosk/tablet.js");
  const back = h("button", { type: "button", class: "button quiet", onclick: toBoard, "data-key": "back" }, t("Back to the board"));
  fill(await tabletView(place, back), byId("look"));
  byId("look").hidden = false;
  byId("title").focus();
}

/** @param {import("../kiosk/work.js").Who} now_ @param {Place} place */
async function paintTurn(now_, place) {
  const { person, turn } = now_;
  const [kept, waits] = await Promise.all([runsHere(), waitingHere(person.id)]);
  const runs = await asHere(kept, waits, now());
  if (who !== now_) return; // whose turn it was has gone meanwhile
  const theirs = asTheirs(runs, person.id);
  const [runId, step] = decodeURIComponent(location.hash.slice(1)).split("/");
  const run = theirs.find((each) => each.id === runId);
  const over = turn.status === "verified" ? "" : t("Unverified until this tablet has a connection");
  if (!run) {
    opened?.close();
    opened = null;
    name(person.name, over);
    if (runId === "away") return fill(awayView(now_, () => (location.hash = "")));
    const isAway = place.people.some((each) => each.id === person.id && each.away);
    const parts = await listParts(theirs, waits, now_, isAway);
    return who === now_ && fill(parts);
  }
  if (opened?.runId !== runId) {
    opened?.close();
    const back = (/** @type {string} */ hash) => who === now_ && (location.hash = hash);
    opened = new RunView(now_, runId, { moved: movedOn, back });
  }
  name(`${person.name}: ${run.process}`, over);
  opened.paint(run, waits, step);
  fill(opened.children);
}

/** A step was saved: the next one is open now. */
function movedOn() {
  history.replaceState(null, "", location.hash.replace(/\/.*/, "/"));
  paint().then(() => opened?.focus());
}

const paint = coalesce(async () => {
  const place = await placeHere();
  if (unpaired() || !place) return unpaired() && showPairing(place);
  if (view === "pairing") {
    if (state.phase !== "idle" || state.problem) return;
    endTurn(); // it was let in again
  }
  const over = who && (await whyOver(who, place));
  if (over) {
    notes = [over];
    return toBoard();
  }
  if (view === "turn" && who) return paintTurn(who, place);
  if (view === "pin" || view === "tablet") return;
  view = "board";
  const [kept, waits] = await Promise.all([runsHere(), waitingHere()]);
  const runs = await asHere(kept, waits, now());
  if (view !== "board") return; // somebody tapped their name meanwhile
  if (wanted && Date.now() - wanted.at > place.sign_out_after_s * 1000) wanted = null; // they went away
  name(dayTitle(place, now()), row(place.kiosk.name, place.organisation.name), hour(new Date(now()).toISOString(), place.location.time_zone));
  board.paint(place, runs, waits, { now: now(), all, wanted: wanted?.row || null, notes });
  fill(board.element);
});

function hashMoved() {
  if (!who) return;
  if (location.hash === "#pin") return choose(who.person);
  if (opened) opened.mode = "proof";
  paint().then(() => (opened ? opened.focus() : byId("title").focus()));
}

always["Baton-Kiosk"] = "1";
here.word = "tablet";
Object.assign(ways, { drain: () => import("../kiosk/drain.js"), signedOut: async () => {} });
byId("look").hidden = true;
history.replaceState(null, "", location.pathname);
events.addEventListener("change", paint);
addEventListener("hashchange", hashMoved);
addEventListener("pagehide", () => opened?.close());
document.addEventListener("fullscreenchange", paint);
setInterval(() => document.visibilityState === "visible" && wake(), EVERY_MS);
hour(new Date().toISOString()); // the first time that is put in words takes long: meanwhile storage opens
await loadSkew().catch(() => undefined);
const sending = start();
await paint().catch(unsafe);
keepKioskLight();
stayAwake();
pruneDrafts(Date.now()).catch(() => undefined);
await Promise.all([calm, deviceId().catch(() => undefined)]);
await Promise.allSettled([registerWorker(), sending]);
