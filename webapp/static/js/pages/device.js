// @ts-check
/** This device: what lies here and is not yet safe, what to do about it, and the way to forget the device. */

import { call } from "../api.js";
import { boot, unsafe } from "../app.js";
import { me } from "../day.js";
import { busyButton, button, byId, coalesce, h, show } from "../dom.js";
import { byPerson, peopleHere } from "../kept.js";
import { rescueButton } from "../rescue-button.js";
import { appVersion, keepWords, pressureWords, room, sizeWords } from "../storage.js";
import { read, write } from "../store.js";
import { announce, events, state, wake } from "../sync.js";
import { counted, hour, kindWord, when } from "../words.js";

/** @typedef {import("../kept.js").Lying} Lying */
/** @typedef {{at: string, about?: import("../kept.js").About, kind: string, size: number, trouble?: string, mark: string, words: string}} Item */

/** @type {Record<string, string>} */
const KINDS = { cannot_do: "handed on", not_applicable: "not applicable", fix_note: "fix note" };

/** @param {import("../kept.js").Command} command @returns {Item} */
function commandItem({ captured_at: at, about, kind, proof, trouble }) {
  const words = trouble ? `The server could not take it yet: ${trouble}` : "Waits to be sent.";
  return { at, about, kind: KINDS[kind] || kindWord(proof?.kind || ""), size: proof?.bytes || 0, trouble, mark: "mark here", words };
}

/** @param {import("../kept.js").Entry} blob @returns {Item} */
function blobItem({ at, about, media_type, size, sha256, trouble, said }) {
  const kind = /^image/.test(media_type) ? "photo" : "file";
  const now = state.phase === "sending" && state.progress?.now;
  const came = now && now.sha256 === sha256 ? `Sending, ${Math.floor((100 * now.offset) / now.length)} % is on the server.` : "";
  const words = trouble ? `Not accepted: ${trouble}` : came || (said ? `Not taken yet, tried again: ${said}` : "Its step is told; the file waits to be sent.");
  return { at, about, kind, size, trouble: trouble || said, mark: trouble ? "mark held" : "mark claimed", words };
}

/** @param {Item} item */
function row({ at, about, kind, size, trouble, mark, words }) {
  const title = about ? `${about.process}: ${about.step}` : "A step";
  const what = size ? `${kind}, ${sizeWords(size)}` : kind;
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
  const waits = !mine && lying.count > 0 && h("p", null, `Sent when ${name} signs in on this phone.`);
  const title = mine ? "Yours, not yet on the server" : `Not yet on the server, of ${name}`;
  const items = itemsOf(lying);
  return items.length && h("section", null, h("h2", null, title), waits, h("div", { class: "card list" }, h("ol", { class: "steps" }, items.map(row))));
}

/** What is on the way, in all. @returns {string} */
function progressWords() {
  const { phase, progress } = state;
  if (phase !== "sending" || !progress) return "";
  const { done, items, sent, bytes } = progress;
  return `Sending ${done + 1} of ${items}: ${counted(items - done, "file")} and ${sizeWords(bytes - sent)} left.`;
}

/** How the last press ended, where that was not well: what lies here stays, and nobody has to watch over it. @returns {string} */
function notSentWords() {
  const { phase, problem } = state;
  if (phase === "signed_out") return "Not sent: nobody is signed in on this device. Sign in, and it is sent.";
  if (!problem) return "";
  const why = problem.status ? problem.message : "the server does not answer";
  return `Not sent at ${hour(new Date().toISOString())}: ${why.replace(/[.]$/, "")}. Everything is kept here. It is tried again by itself within five minutes, and as soon as there is a connection.`;
}

async function sendNow() {
  notSent.hidden = true;
  await wake();
  notSent.textContent = notSentWords();
  notSent.hidden = !notSent.textContent;
}

const notSent = h("p", { class: "notice need", role: "alert", hidden: true });
const send = busyButton("Send now", "Sending", sendNow);
const parts = { lying: h("div", { class: "device stacked" }), act: h("div", { class: "device stacked act" }), room: h("section", { class: "device" }) };

const paintLying = coalesce(async () => {
  const [who, all, names] = await Promise.all([me(), byPerson(), peopleHere()]);
  const mine = (/** @type {string} */ id) => id === who?.person.id;
  const people = [...all].sort(([a], [b]) => Number(mine(b)) - Number(mine(a)));
  const sections = people.map(([id, lying]) => section(names[id] || "another person", lying, mine(id))).filter(Boolean);
  const safeAt = await read("meta", "safe_at");
  const calm = safeAt ? `Nothing waits here. Safe on the server ${when(safeAt, Date.now())}.` : "Nothing waits here.";
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
  const promise = persisted === null ? "The browser does not say" : persisted ? "Yes" : "Not yet";
  const space = used === null || free === null ? "The browser does not say" : `${sizeWords(used)} used, ${sizeWords(free)} left`;
  const pressure = pressureWords(has);
  show(
    parts.room,
    h("h2", null, "Room and safety"),
    pressure && h("p", { class: "notice need" }, pressure),
    h("dl", { class: "facts" }, fact("Name of this device", h("bdi", null, name || "Not known yet"), " ", h("a", { class: "row-link", href: `/devices#device-${id}` }, "Rename")), fact("Device", id?.slice(0, 8) || "Not known yet"), fact("Room for Baton", space), fact("Kept by the browser", promise), fact("Version of the app", version || "Not known")),
    keepWords(has) && h("p", { class: "hint" }, keepWords(has)),
    persisted === false && button("Ask the browser to keep it", ask, { class: "button quiet", "data-key": "keep" }),
  );
});

const panel = h("div");
const messages = h("section", { class: "device", "aria-labelledby": "messages" }, h("h2", { id: "messages" }, "Messages on this device"), panel);
import("../push.js").then(({ pushPanel }) => pushPanel(panel));
show(parts.act, send, notSent, rescueButton());
const back = h("p", { class: "back" }, h("a", { href: "/today" }, "Yours today"));
const kiosk = h("p", null, h("a", { class: "button plain", href: "/kiosk" }, "Use this as a kiosk"));
show(byId("app"), back, parts.lying, parts.act, messages, parts.room, kiosk);
["change", "progress"].forEach((name) => events.addEventListener(name, paintLying));
events.addEventListener("change", paintRoom);
await Promise.all([paintLying(), paintRoom()]).catch(unsafe);
import("../forget.js").then(({ forgetPanel }) => byId("app").append(forgetPanel()));
await boot();
await askName().catch(() => undefined);
