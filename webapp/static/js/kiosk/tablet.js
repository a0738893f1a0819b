// @ts-check
/** This tablet: what it is, what lies on it, and what to do when it cannot send. */

import { now, trued } from "../clock.js";
import { busyButton, h } from "../dom.js";
import { byPerson } from "../kept.js";
import { row, t, tn } from "../language.js";
import { rescueButton } from "../rescue-button.js";
import { appVersion, keepWords, pressureWords, room, sizeWords } from "../storage.js";
import { read } from "../store.js";
import { state, wake } from "../sync.js";
import { when } from "../words.js";
import { fullScreenButton } from "./awake.js";

/** @param {string} name @param {string} value */
function fact(name, value) {
  return h("div", null, h("dt", null, name), h("dd", null, value));
}

/** What lies here, by whose it is. @param {import("./place.js").Place} place */
async function lyingWords({ people, location }) {
  const names = new Map(people.map((each) => [each.id, each.name]));
  const all = [...(await byPerson())].filter(([, { count }]) => count);
  const safeAt = await read("meta", "safe_at");
  const time = (/** @type {string} */ at) => when(trued(at), now(), location.time_zone);
  if (!all.length) return h("p", { class: "lead" }, safeAt ? t("Nothing waits here. Safe on the server %(time)s.", { time: time(safeAt) }) : t("Nothing waits here."));
  const rows = all.map(([id, { count, oldest }]) => h("li", null, tn("%(num)s thing of %(name)s, oldest %(time)s", "%(num)s things of %(name)s, oldest %(time)s", count, { name: names.get(id) || t("another person"), time: time(oldest || "") })));
  return h("section", null, h("h2", null, t("Not yet on the server")), h("ul", null, rows), state.problem && h("p", { class: "notice need" }, state.problem.unreachable ? t("The server does not answer. Everything is kept here and sent as soon as it does.") : state.problem.detail));
}

/** @param {import("./place.js").Place} place @param {HTMLElement} back */
export async function tabletView(place, back) {
  const [lies, has, version] = await Promise.all([lyingWords(place), room(), appVersion()]);
  const { used, free } = has;
  const space = used === null || free === null ? t("The browser does not say") : t("%(used)s used, %(free)s left", { used: sizeWords(used), free: sizeWords(free) });
  return h(
    "div",
    { class: "device stacked" },
    h("p", null, back),
    lies,
    h("div", { class: "buttons" }, busyButton(t("Send now"), t("Sending"), wake, { class: "button", "data-key": "send" }), fullScreenButton()),
    rescueButton(),
    h("dl", { class: "facts" }, fact(t("Name"), place.kiosk.name), fact(t("Location"), row(place.location.name, place.organisation.name)), fact(t("Version of the app"), version || t("Not known")), fact(t("Room for Baton"), space), fact(t("Heard from the server"), when(trued(place.at), now(), place.location.time_zone))),
    pressureWords(has) && h("p", { class: "notice need" }, pressureWords(has)),
    keepWords(has) && h("p", { class: "hint" }, keepWords(has)),
  );
}
