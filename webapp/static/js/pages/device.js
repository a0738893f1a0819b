// @ts-check
/** This device: what lies here and is not yet safe, what to do about it, and the way to forget the device. */

import { call } from "../api.js";
import { boot, unsafe } from "../app.js";
import { me } from "../day.js";
import { busyButton, button, byId, coalesce, h, show } from "../dom.js";
import { byPerson, peopleHere } from "../kept.js";
import { row, t, tn } from "../language.js";
import { rescueButton } from "../rescue-button.js";
import { appVersion, keepWords, pressureWords, room, sizeWords } from "../storage.js";
import { read, write } from "../store.js";
import { announce, events, state, wake } from "../sync.js";
import { hour, kindWord, when } from "../words.js";

/** @typedef {import("../kept.js").Lying} Lying */
/** @typedef {{at: string, about?: import("../kept.js").About, kind: string, size: number, trouble?: string, mark: string, words: string}} Item */

/** @type {Record<string, string>} */
const KINDS = { cannot_do: t("handed on"), not_applicable: t("not applicable"), fix_note: t("fix note") };

/** @param {import("../kept.js").Command} command @returns {Item} */
function commandItem({ captured_at: at, about, kind, proof, trouble }) {
  const words = trouble ? t("The server could not take it yet: %(why)s", { why: trouble }) : t("Waits to be sent.");
  return { at, about, kind: KINDS[kind] || kindWord(proof?.kind || ""), size: proof?.bytes || 0, trouble, mark: "mark here", words };
}

/** @param {import("../kept.js").Entry} blob @returns {Item} */
function blobItem({ at, about, media_type, size, sha256, trouble, said }) {
  const kind = kindWord(/^image/.test(media_type) ? "photo" : "file");
  const now = state.phase === "sending" && state.progress?.now;
  const came = now && now.sha256 === sha256 ? t("Sending, %(share)s is on the server.", { share: `${Math.floor((100 * now.offset) / now.length)} %` }) : "";
  const words = trouble ? t("Not accepted: %(why)s", { why: trouble }) : came || (said ? t("Not taken yet, tried again: %(why)s", { why: said }) : t("Its step is told; the file waits to be sent."));
  return { at, about, kind, size, trouble: trouble || said, mark: trouble ? "mark held" : "mark claimed", words };
}

/** @param {Item} item */
function itemRow({ at, about, kind, size, trouble, mark, words }) {
  const title = about ? `${about.process}: ${about.step}` : t("A step");
  const what = row(kind, size && sizeWords(size));
  const said = h("span", { class: "step-what" }, h("b", null, title), h("span", { class: "said" }, `${what}. ${words}`));
  const time = h("time", { class: "step-side", datetime: at }, when(at, Date.now(), about?.time_zone));
  return h("li", null, h("div", { class: trouble ? "step need" : "step" }, h("span", { class: mark, "aria-hidden": "true" }), said, time));
}

/** @param {Lying} lying @returns {Item[]} oldest first */
function itemsOf({ commands, blobs }) {
  const items = [...commands.map(commandItem), ...blobs.filter((b) => b.late || b.trouble).map(blobItem)];
  return items.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** @param {string} name @param {Lying} lying @param {boolean} mine */
function section(name, lying, mine) {
  const waits = !mine && lying.count > 0 && h("p", null, t("Sent when %(name)s signs in on this phone.", { name }));
  const title = mine ? t("Yours, not yet on the server") : t("Not yet on the server, of %(name)s", { name });
  const items = itemsOf(lying);
  return items.length && h("section", null, h("h2", null, title), waits, h("div", { class: "card list" }, h("ol", { class: "steps" }, items.map(itemRow))));
}

/** What is on the way, in all. @returns {string} */
function progressWords() {
  const { phase, progress } = state;
  if (phase !== "sending" || !progress) return "";
  const { done, items, sent, bytes } = progress;
  const left = { file: done + 1, all: items, size: sizeWords(bytes - sent) };
  return tn("Sending %(file)s of %(all)s: %(num)s file and %(size)s left.", "Sending %(file)s of %(all)s: %(num)s files and %(size)s left.", items - done, left);
}

/** How the last press ended, where that was not well: what lies here stays, and nobody has to watch over it. @returns {string} */
function notSentWords() {
  const { phase, problem } = state;
  if (phase === "signed_out") return t("Not sent: nobody is signed in on this device. Sign in, and it is sent.");
  if (!problem) return "";
  const why = problem.status ? problem.message : t("the server does not answer");
  const values = { time: hour(new Date().toISOString()), why: why.replace(/[.]$/, "") };
  return t("Not sent at %(time)s: %(why)s. Everything is kept here. It is tried again by itself within five minutes, and as soon as there is a connection.", values);
}

async function sendNow() {
  notSent.hidden = true;
  await wake();
  notSent.textContent = notSentWords();
  notSent.hidden = !notSent.textContent;
}

const notSent = h("p", { class: "notice need", role: "alert", hidden: true });
const send = busyButton(t("Send now"), t("Sending"), sendNow);
const parts = { lying: h("div", { class: "device stacked" }), act: h("div", { class: "device stacked act" }), room: h("section", { class: "device" }) };

const paintLying = coalesce(async () => {
  const [who, all, names] = await Promise.all([me(), byPerson(), peopleHere()]);
  const mine = (/** @type {string} */ id) => id === who?.person.id;
  const people = [...all].sort(([a], [b]) => Number(mine(b)) - Number(mine(a)));
  const sections = people.map(([id, lying]) => section(names[id] || t("another person"), lying, mine(id))).filter(Boolean);
  const safeAt = await read("meta", "safe_at");
  const calm = safeAt ? t("Nothing waits here. Safe on the server %(time)s.", { time: when(safeAt, Date.now()) }) : t("Nothing waits here.");
  show(parts.lying, h("p", { role: "status" }, progressWords()), sections.length ? sections : h("p", { class: "lead" }, calm));
  notSent.hidden = notSent.hidden || !state.problem;
  send.hidden = !(who?.signed_in && all.get(who.person.id)?.count);
  parts.act.hidden = !sections.length;
});

/** @param {string} name @param {...(string | HTMLElement)} value */
function fact(name, ...value) {
  return h("div", null, h("dt", null, name), h("dd", null, value));
}

/** What the server calls it, as it said last. */
async function askName() {
  const id = await read("meta", "device");
  const { name } = await call("GET", `/api/v1/devices/${id}`);
  if (name === (await read("meta", "device_name"))) return;
  await write("meta", name, "device_name");
  await paintRoom();
}

async function ask() {
  await navigator.storage.persist();
  await paintRoom();
  announce();
}

const paintRoom = coalesce(async () => {
  const [has, version, id, name] = await Promise.all([room(), appVersion(), read("meta", "device"), read("meta", "device_name")]);
  const { used, free, persisted } = has;
  const promise = persisted === null ? t("The browser does not say") : persisted ? t("Yes") : t("Not yet");
  const space = used === null || free === null ? t("The browser does not say") : t("%(used)s used, %(free)s left", { used: sizeWords(used), free: sizeWords(free) });
  const pressure = pressureWords(has);
  show(
    parts.room,
    h("h2", null, t("Room and safety")),
    pressure && h("p", { class: "notice need" }, pressure),
    h("dl", { class: "facts" }, fact(t("Name of this device"), h("bdi", null, name || t("Not known yet")), " ", h("a", { class: "row-link", href: `/devices#device-${id}` }, t("Rename"))), fact(t("Device"), id?.slice(0, 8) || t("Not known yet")), fact(t("Room for Baton"), space), fact(t("Kept by the browser"), promise), fact(t("Version of the app"), version || t("Not known"))),
    keepWords(has) && h("p", { class: "hint" }, keepWords(has)),
    persisted === false && button(t("Ask the browser to keep it"), ask, { class: "button quiet", "data-key": "keep" }),
  );
});

const panel = h("div");
const messages = h("section", { class: "device", "aria-labelledby": "messages" }, h("h2", { id: "messages" }, t("Messages on this device")), panel);
import("../push.js").then(({ pushPanel }) => pushPanel(panel));
show(parts.act, send, notSent, rescueButton());
const back = h("p", { class: "back" }, h("a", { href: "/today" }, t("Yours today")));
const kiosk = h("p", null, h("a", { class: "button plain", href: "/kiosk" }, t("Use this as a kiosk")));
const speech = h("div");
import("../chosen-language.js").then(({ languageChoice }) => show(speech, languageChoice()));
["change", "progress"].forEach((name) => events.addEventListener(name, paintLying));
events.addEventListener("change", paintRoom);
const painted = Promise.all([paintLying(), paintRoom()]);
await painted.catch(() => undefined); // what is here stands at its place before anything is shown
show(byId("app"), back, parts.lying, parts.act, parts.room, messages, kiosk, speech);
painted.catch(unsafe);
import("../forget.js").then(({ forgetPanel }) => byId("app").append(forgetPanel()));
await boot();
await askName().catch(() => undefined);
