// @ts-check
/** One proof to judge. The decision names the exact proof on the screen; another one is never approved unseen. */

import { absent } from "../absent.js";
import { pair } from "../alike.js";
import { call, Problem } from "../api.js";
import { boot } from "../app.js";
import { asking } from "../asking.js";
import { now } from "../clock.js";
import { busyButton, button, byId, field, h, show, thumb } from "../dom.js";
import { fileShown } from "../file.js";
import { notes, stamp, whoWords, words } from "../judged.js";
import { menu } from "../menu.js";
import { kindWord, rangeWords, when } from "../words.js";

/** @typedef {any} Review the document of GET /api/v1/reviews/<step run> */

const THIS = { name: "this proof", gone: "This proof is not yours to judge, or it is no longer there." };
const QUIET = { class: "button big wide quiet" };
const path = () => `/api/v1/reviews/${encodeURIComponent(decodeURIComponent(location.pathname.split("/")[2] || ""))}`;
/** @type {HTMLElement} */
const notice = h("div", { role: "status", hidden: true });
const back = h("p", { class: "back" }, h("a", { href: "/inbox" }, "Needs you"));
/** @type {Review | null} the one on the screen */
let shown = null;
let sendsBack = new URLSearchParams(location.search).get("do") === "send_back";

/** @param {string} words @param {"" | "need"} [tone] */
function say(words, tone = "") {
  show(notice, words && h("p", { class: `notice ${tone}`.trim() }, words));
  notice.hidden = !words;
}

/** @param {...any} children what is judged, between the notice and the buttons */
function stage(...children) {
  const app = byId("app");
  show(app, back, notice, children, byId("thumb"));
}

/** @param {...HTMLElement} buttons */
function actions(...buttons) {
  const bottom = Object.assign(thumb(...buttons), { id: "thumb" });
  byId("thumb").replaceWith(bottom);
}

/** How long the page offers to take a decision back; the server takes it for ten seconds at least. */
const UNDO_MS = 8_000;

/** @param {Review} review @param {() => void} seen called when the evidence is on the screen */
function picture(review, seen) {
  const { proof, title } = review;
  const kind = kindWord(proof.kind);
  const failed = () => say(`The ${kind} could not be loaded. Open this page again with a connection.`, "need");
  const src = `/api/v1/blobs/${proof.sha256}?size=page`;
  const image = h("img", { alt: `${kind.charAt(0).toUpperCase()}${kind.slice(1)} of ${title}`, onload: seen, onerror: failed });
  image.src = src;
  return h("figure", { class: "photo" }, image, h("figcaption", { class: "stamp" }, stamp(review)));
}

/** The photo, and the earlier one that it looks like beside it: it is judged with both on the screen. @param {Review} review @param {() => void} seen */
function photos(review, seen) {
  const { like, picture: wanted } = review;
  const look = wanted && reference(wanted);
  if (!like?.sha256) return look ? h("div", { class: "pair wanted" }, picture(review, seen), look) : picture(review, seen);
  let loading = 2;
  const one = () => {
    if (!--loading) seen();
  };
  return [pair(picture(review, one), like, now(), one), look];
}

/** How it should look, to judge by. @param {{sha256: string, alt: string}} picture */
function reference({ sha256, alt }) {
  const image = h("img", { alt: alt || "How it should look", src: `/api/v1/blobs/${sha256}?size=page` });
  return h("figure", { class: "photo" }, image, h("figcaption", { class: "stamp" }, h("b", null, "How it should look. "), alt));
}

/** @param {Review} review @param {() => void} seen */
function evidence(review, seen) {
  const { proof, by, requirement } = review;
  if (!proof || (proof.sha256 && proof.state === "awaiting")) {
    return h("figure", { class: "photo empty" }, h("figcaption", null, `The ${kindWord(proof?.kind || "photo")} is still on ${by ? `${by.name}'s` : "the"} phone.`));
  }
  if (proof.kind === "photo" && proof.sha256) return photos(review, seen);
  if (proof.kind === "signature" && proof.sha256) return picture(review, seen);
  if (proof.kind === "file") return fileShown(proof, stamp(review), seen);
  seen();
  const range = proof.kind === "number" && requirement ? rangeWords(requirement) : "";
  return h(
    "section",
    { class: "card" },
    h("p", { class: proof.kind === "number" ? "t" : null }, words(review)),
    range && h("p", { class: "who" }, range),
    proof.corrective && h("p", null, h("b", null, "What was done: "), proof.corrective),
    h("p", { class: "from" }, stamp(review)),
  );
}

/** What was sent back is not shown as if it were still to come. @param {Review} review */
function kept(review) {
  const way = h("p", { class: "back" }, h("a", { href: `/runs/${review.run}` }, "See the whole run"));
  return [h("p", null, "The step is open again. The old proof is kept."), way];
}

/** @param {Review} review */
function decided(review) {
  const { decision, by, at, reason } = review.decided;
  const lead = decision === "approve" ? "Approved" : "Sent back";
  say(`${lead} by ${by.name}, ${when(at, now(), review.time_zone)}.${reason ? ` “${reason}”` : ""}`);
  const next = review.next && h("a", { class: "button big wide", href: `/approve/${review.next}` }, "Next proof");
  actions(...[next, h("a", { class: "button big wide quiet", href: "/inbox" }, "Needs you")].filter(Boolean));
}

/** Takes the decision back; the proof waits again. */
async function undo() {
  try {
    paint(await call("DELETE", path()));
    say("Taken back. The proof waits for you again.");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(`${error.detail}`, "need");
  }
}

/** Offered for as long as the server surely takes it, and one is still on this proof. */
function offerUndo() {
  const offer = busyButton("Undo", "Taking it back", undo);
  offer.classList.add("quiet");
  byId("thumb").prepend(offer);
  offer.focus({ preventScroll: true });
  setTimeout(() => offer.remove(), UNDO_MS);
}

/** @param {Review} review @param {"approve" | "send_back"} decision @param {string | null} reason */
async function decide(review, decision, reason) {
  try {
    const after = await call("POST", path(), { json: { decision, seen: review.proof.evidence, reason } });
    paint(after);
    offerUndo();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await refused(error);
  }
}

/** @param {Problem} problem */
async function refused(problem) {
  if (problem.code === "proof_replaced" || problem.code === "already_decided") {
    shown = null;
    await asked.ask();
    if (shown && problem.code === "proof_replaced") say("The proof was replaced meanwhile. This is the new one.", "need");
  } else {
    say(problem.status === 401 ? "Sign in to decide. Nothing was decided." : `${problem.detail} Nothing was decided.`, "need");
  }
}

/** @param {Review} review */
function sendBack(review) {
  const reason = field({ id: "reason", label: `What should ${review.by?.name || "the person"} do again?`, hint: "Only this step opens again. The old proof is kept." });
  const form = h("div", { class: "card", id: "send-back" }, reason.element);
  const send = async () => {
    const text = reason.control.value.trim();
    if (!text) return reason.complain("Write a reason, so that it can be done right.");
    await decide(review, "send_back", text);
  };
  byId("send-back")?.remove();
  byId("thumb").before(form);
  actions(busyButton("Send back", "Sending back", send), button("Keep it", () => choices(review, true), QUIET));
  reason.control.focus({ preventScroll: true });
  form.scrollIntoView({ block: "start" });
}

/** @param {Review} review @param {boolean} shown whether the proof is on the screen */
function choices(review, shown) {
  byId("send-back")?.remove();
  const approve = busyButton("Approve", "Approving", () => decide(review, "approve", null));
  approve.disabled = !shown;
  actions(approve, button("Send back with a reason", () => sendBack(review), QUIET));
  return approve;
}

/** @param {Review} review */
function paint(review) {
  say("");
  heading(review);
  let shown = false;
  /** @type {any} */
  let approve = null;
  const seen = () => {
    shown = true;
    if (approve) approve.disabled = false;
  };
  const shows = review.decided && !review.proof ? kept(review) : evidence(review, seen);
  stage(h("p", { class: "who" }, whoWords(review)), shows, notes(review));
  if (review.decided) return decided(review);
  approve = choices(review, shown);
}

/** @param {Review} review */
function heading(review) {
  byId("title").textContent = review.title;
  document.title = review.title;
  const over = document.getElementById("over");
  if (!over) return;
  over.textContent = review.of ? `Proof to review, ${review.position} of ${review.of}` : "Proof to review";
  over.hidden = false;
}

/** A proof that is being judged is never exchanged unasked. */
async function load() {
  if (shown) return;
  /** @type {Review} */
  const review = await call("GET", path());
  shown = review;
  paint(review);
  if (sendsBack && !review.decided) sendBack(review);
  sendsBack = false;
}

function missing() {
  if (shown) return;
  say("");
  stage(absent(asked.problem(), THIS, asked.ask));
  actions();
}

byId("title").closest("header")?.before(menu());
const asked = asking(load, missing);
show(byId("app"), back, notice, h("div", { class: "thumb", id: "thumb" }));
missing();
await asked.ask();
await boot();
