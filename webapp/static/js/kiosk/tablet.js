// @ts-check
/** This tablet: what it is, what lies on it, and what to do when it cannot send. */

import { busyButton, h } from "../dom.js";
import { byPerson } from "../kept.js";
import { rescueButton } from "../rescue-button.js";
import { appVersion, keepWords, pressureWords, room, sizeWords } from "../storage.js";
import { read } from "../store.js";
import { state, wake } from "../sync.js";
import { counted, when } from "../words.js";
import { fullScreenButton } from "./awake.js";

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", null, h("dt", null, name), h("dd", null, value));
}

/** What lies here, by whose it is. @param {import("./place.js").Place} place */
async function lyingWords({ people }) {
  const names = new Map(people.map((each) => [each.id, each.name]));
  const all = [...(await byPerson())].filter(([, { count }]) => count);
  const safeAt = await read("meta", "safe_at");
  if (!all.length) return h("p", { class: "lead" }, safeAt ? `Nothing waits here. Safe on the server ${when(safeAt, Date.now())}.` : "Nothing waits here.");
  const rows = all.map(([id, { count, oldest }]) => h("li", null, `${counted(count, "thing")} of ${names.get(id) || "another person"}, oldest ${when(oldest || "", Date.now())}`));
  return h("section", null, h("h2", null, "Not yet on the server"), h("ul", null, rows), state.problem && h("p", { class: "notice need" }, state.problem.unreachable ? "The server does not answer. Everything is kept here and sent as soon as it does." : state.problem.detail));
}

/** @param {import("./place.js").Place} place @param {HTMLElement} back */
export async function tabletView(place, back) {
  const [lies, has, version] = await Promise.all([lyingWords(place), room(), appVersion()]);
  const { used, free } = has;
  const space = used === null || free === null ? "The browser does not say" : `${sizeWords(used)} used, ${sizeWords(free)} left`;
  return h(
    "div",
    { class: "device stacked" },
    h("p", null, back),
    lies,
    h("div", { class: "buttons" }, busyButton("Send now", "Sending", wake, { class: "button", "data-key": "send" }), fullScreenButton()),
    rescueButton(),
    h("dl", { class: "facts" }, fact("Name", place.kiosk.name), fact("Location", `${place.location.name}, ${place.organisation.name}`), fact("Version of the app", version || "Not known"), fact("Room for Baton", space), fact("Heard from the server", when(place.at, Date.now()))),
    pressureWords(has) && h("p", { class: "notice need" }, pressureWords(has)),
    keepWords(has) && h("p", { class: "hint" }, keepWords(has)),
  );
}
