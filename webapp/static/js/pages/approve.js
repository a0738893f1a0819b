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
import { t } from "../language.js";
import { backWords, notes, sentBack, stamp, whoWords, words } from "../judged.js";
import { leadOn } from "../menu.js";
import { rangeWords } from "../readings.js";
import { when } from "../words.js";

/** @typedef {any} Review the document of GET /api/v1/reviews/<step run> */

const THIS = {
  sign_in: t("Sign in to see this proof."),
  later: t("There is no connection now, and this proof is not on this phone yet. It shows here by itself once there is a connection."),
  gone: t("This proof is not yours to judge, or it is no longer there."),
};
/** @type {Record<string, {of: string, lost: string, waits: string, theirs: string}>} what is said of pictures and files */
const PICTURES = {
  photo: { of: t("Photo of %(title)s"), lost: t("The photo could not be loaded. Open this page again with a connection."), waits: t("The photo is still on the phone."), theirs: t("The photo is still on %(name)s's phone.") },
  signature: { of: t("Signature of %(title)s"), lost: t("The signature could not be loaded. Open this page again with a connection."), waits: t("The signature is still on the phone."), theirs: t("The signature is still on %(name)s's phone.") },
  file: { of: "", lost: "", waits: t("The file is still on the phone."), theirs: t("The file is still on %(name)s's phone.") },
};
const QUIET = { class: "button big wide quiet" };
const path = () => `/api/v1/reviews/${encodeURIComponent(decodeURIComponent(location.pathname.split("/")[2] || ""))}`;
/** @type {HTMLElement} */
const notice = h("div", { role: "status", hidden: true });
const back = h("p", { class: "back", hidden: true });
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

/** @param {Review} review @param {() => void} seen called when the evidence is on the screen */
function picture(review, seen) {
  const { proof, title } = review;
  const kind = PICTURES[proof.kind];
  const failed = () => say(kind.lost, "need");
  const src = `/api/v1/blobs/${proof.sha256}?size=page`;
  const image = h("img", { alt: t(kind.of, { title }), onload: seen, onerror: failed });
  image.src = src;
  return h("figure", { class: "photo" }, image, h("figcaption", { class: "stamp" }, stamp(review)));
}

/** The photo, and the earlier one that it looks like beside it: it is judged with both on the screen. @param {Review} review @param {() => void} seen */
function photos(review, seen) {
  const { like, picture: wanted } = review;
  const look = wanted && reference(wanted);
  const old = review.sent_back?.kind === "photo" && sentBack(review);
  if (!like?.sha256 && old) return [h("div", { class: "pair" }, picture(review, seen), old), look];
  if (!like?.sha256) return look ? h("div", { class: "pair wanted" }, picture(review, seen), look) : picture(review, seen);
  let loading = 2;
  const one = () => {
    if (!--loading) seen();
  };
  return [pair(picture(review, one), like, now(), one), old, look];
}

/** How it should look, to judge by. @param {{sha256: string, alt: string}} picture */
function reference({ sha256, alt }) {
  const image = h("img", { alt: alt || t("How it should look"), src: `/api/v1/blobs/${sha256}?size=page` });
  return h("figure", { class: "photo" }, image, h("figcaption", { class: "stamp" }, h("b", null, `${t("How it should look.")} `), alt));
}

/** @param {Review} review @param {() => void} seen */
function evidence(review, seen) {
  const { proof, by, requirement } = review;
  if (!proof || (proof.sha256 && proof.state === "awaiting")) {
    const { waits, theirs } = PICTURES[proof?.kind] || PICTURES.photo;
    return h("figure", { class: "photo empty" }, h("figcaption", null, by ? t(theirs, { name: by.name }) : waits));
  }
  if (proof.kind === "photo" && proof.sha256) return photos(review, seen);
  if (proof.kind === "signature" && proof.sha256) return picture(review, seen);
  if (proof.kind === "file" && proof.sha256) return fileShown(proof, stamp(review), seen);
  seen();
  const range = proof.kind === "number" && requirement ? rangeWords(requirement) : "";
  return h(
    "section",
    { class: "card" },
    h("p", { class: proof.kind === "number" ? "t" : null }, words(review)),
    range && h("p", { class: "who" }, range),
    proof.corrective && h("p", null, h("b", null, `${t("What was done:")} `), proof.corrective),
    h("p", { class: "from" }, stamp(review)),
  );
}

/** What was sent back is not shown as if it were still to come. @param {Review} review */
function kept(review) {
  const way = h("p", { class: "back" }, h("a", { href: `/runs/${review.run}` }, t("See the whole run")));
  return [h("p", null, t("The step is open again. The old proof is kept.")), way];
}

/** @param {Review} review */
function decided(review) {
  const { undo_until: until, decided } = review;
  const { decision, by, at, reason } = decided;
  const values = { name: by.name, time: when(at, now(), review.time_zone) };
  const lead = decision === "approve" ? t("Approved by %(name)s, %(time)s.", values) : t("Sent back by %(name)s, %(time)s.", values);
  say(`${lead}${reason ? ` ${t("“%(text)s”", { text: reason })}` : ""}`);
  const next = review.next && h("a", { class: "button big wide", href: `/approve/${review.next}` }, t("Next proof"));
  actions(...[until && undoOffer(until), next, h("a", { class: "button big wide quiet", href: "/inbox" }, t("Needs you"))].filter(Boolean));
}

/** Takes the decision back; the proof waits again. */
async function undo() {
  try {
    paint(await call("DELETE", path()));
    say(t("Taken back. The proof waits for you again."));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(`${error.detail}`, "need");
  }
}

/** Offered for as long as the server takes it. @param {string} until */
function undoOffer(until) {
  const left = Date.parse(until) - now();
  if (left <= 0) return null;
  const offer = busyButton(t("Undo"), t("Taking it back"), undo, { ...QUIET, id: "take-back" });
  setTimeout(() => offer.remove(), left);
  return offer;
}

/** @param {Review} review @param {"approve" | "send_back"} decision @param {string | null} reason */
async function decide(review, decision, reason) {
  try {
    const after = await call("POST", path(), { json: { decision, seen: review.proof.evidence, reason } });
    paint(after);
    document.getElementById("take-back")?.focus({ preventScroll: true });
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
    if (shown && problem.code === "proof_replaced") say(t("The proof was replaced meanwhile. This is the new one."), "need");
  } else {
    say(problem.status === 401 ? t("Sign in to decide. Nothing was decided.") : `${problem.detail} ${t("Nothing was decided.")}`, "need");
  }
}

/** @param {Review} review */
function sendBack(review) {
  const reason = field({ id: "reason", label: review.by ? t("What should %(name)s do again?", { name: review.by.name }) : t("What should the person do again?"), hint: t("Only this step opens again. The old proof is kept.") });
  const form = h("div", { class: "card", id: "send-back" }, reason.element);
  const send = async () => {
    const text = reason.control.value.trim();
    if (!text) return reason.complain(t("Write a reason, so that it can be done right."));
    await decide(review, "send_back", text);
  };
  byId("send-back")?.remove();
  byId("thumb").before(form);
  actions(busyButton(t("Send back"), t("Sending back"), send), button(t("Not now"), () => choices(review, true), QUIET));
  reason.control.focus({ preventScroll: true });
  form.scrollIntoView({ block: "start" });
}

/** @param {Review} review @param {boolean} shown whether the proof is on the screen */
function choices(review, shown) {
  byId("send-back")?.remove();
  const approve = busyButton(t("Approve"), t("Approving"), () => decide(review, "approve", null));
  approve.disabled = !shown;
  actions(approve, button(t("Send back with a reason"), () => sendBack(review), QUIET));
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
  stage(h("p", { class: "who" }, whoWords(review)), review.proof && review.sent_back && backWords(review), shows, notes(review));
  if (review.decided) return decided(review);
  approve = choices(review, shown);
}

/** @param {Review} review */
function heading(review) {
  byId("title").textContent = review.title;
  document.title = review.title;
  const over = document.getElementById("over");
  if (!over) return;
  over.textContent = review.position ? t("Proof to review, %(num)s of %(all)s", { num: review.position, all: review.of }) : t("Proof to review");
  over.hidden = Boolean(review.decided);
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

const asked = asking(load, missing);
show(byId("app"), back, notice, h("div", { class: "thumb", id: "thumb" }));
missing();
await Promise.all([leadOn(back), asked.ask()]);
await boot();
