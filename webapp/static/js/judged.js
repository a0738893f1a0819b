// @ts-check
/** What the page of a proof to judge says in words. */

import { alikeWords } from "./alike.js";
import { now } from "./clock.js";
import { h } from "./dom.js";
import { number, row, t } from "./language.js";
import { elapsed } from "./readings.js";
import { hour, kindWord, placeWords, when } from "./words.js";

/** @typedef {any} Review the document of GET /api/v1/reviews/<step run> */

/** @type {Record<string, string>} facts that the proof gate noted for the reviewer */
const NOTES = {
  photo_used_before: t("This photo has proved another step before."),
  photo_like_before: t("This photo looks like an earlier one."),
  photo_of_reference: t("This is the picture of how it should look, not a photo of today."),
  from_rescue_file: t("It came in a rescue file."),
  file_used_before: t("This file has proved another step before."),
  signature_used_before: t("This signature has proved another step before."),
  outside_range: t("The reading is outside its range."),
  risk_first_time: t("It is the first time that this person does this step."),
  risk_near_edge: t("The reading is at the edge of its range."),
  risk_same_number: t("The reading is the same as the last two."),
  risk_too_quick: t("It came sooner after their last step than the work takes."),
  risk_unproven: t("When it was done is not proven."),
  risk_handed_over: t("The step was handed over before."),
  risk_sample: t("Nothing is unusual. One in ten is looked at."),
  risk_signal: t("Nothing is unusual by itself. Proofs like it looked too regular lately: one in three is looked at."),
  scan_not_checked: t("The code of the scan could not be checked."),
};

const LIKE = /^photo_(used|like)_before$/;

/** @param {Review} review when it was taken, by whose clock, and when it came */
export function stamp({ proof, time_zone: zone }) {
  const { device, received, trust } = proof.captured || {};
  const parts = [device && t("%(time)s by the phone", { time: hour(device, zone) }), received && t("received %(time)s", { time: when(received, now(), zone) })];
  return row(...parts, trust === "unproven" && t("time not proven"));
}

/** @param {Review} review @returns {string} the proof in words */
export function words({ proof, requirement, time_zone: zone }) {
  if (proof.kind === "number") return [number(proof.value), requirement?.unit].filter(Boolean).join(" ");
  if (proof.kind !== "timed") return proof.text || proof.code || kindWord(proof.kind);
  const length = elapsed(Date.parse(proof.ended_at) - Date.parse(proof.started_at));
  return t("%(length)s minutes, from %(time)s", { length, time: hour(proof.started_at, zone) });
}

/** @param {Review} review */
export function notes(review) {
  const { like, proof } = review;
  const known = (proof?.notes || []).map((/** @type {string} */ note) => (like && LIKE.test(note) ? alikeWords(like, now()) : NOTES[note])).filter(Boolean);
  return known.map((/** @type {string} */ text) => h("div", { class: "note need" }, h("p", null, text)));
}

/** @param {Review} review */
export function whoWords({ by, location: place, proof, time_zone: zone, took_over_from: before, process }) {
  const at = proof?.captured?.estimated || proof?.captured?.received;
  const over = before ? ` ${t("Took over from %(name)s.", { name: before.name })}` : "";
  return `${row(by?.name, process, placeWords({ location: place, time_zone: zone }, now()), at && when(at, now(), zone))}.${over}`;
}

/** The photo that was sent back, to see what is better now. @param {Review} review */
export function sentBack({ sent_back: { sha256, captured_at: at }, title, time_zone: zone }) {
  const taken = when(at, now(), zone);
  const image = h("img", { alt: t("Photo of %(title)s", { title: `${title}, ${taken}` }), src: `/api/v1/blobs/${sha256}?size=page` });
  return h("figure", { class: "photo" }, image, h("figcaption", { class: "stamp" }, h("b", null, `${t("Earlier:")} `), taken));
}

/** Why it was sent back before this proof. @param {Review} review */
export function backWords({ sent_back: { by, at, reason }, time_zone: zone }) {
  const lead = t("Sent back by %(name)s, %(time)s.", { name: by.name, time: when(at, now(), zone) });
  return h("p", { class: "notice" }, `${lead} ${t("“%(text)s”", { text: reason })}`);
}
