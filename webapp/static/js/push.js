// @ts-check
/** Messages to this device when something becomes mine: asked for by a press, explained in words, and tried out. */

import { me } from "./day.js";
import { busyButton, coalesce, h, show } from "./dom.js";
import { install, keepOffer, offered } from "./install.js";
import { t } from "./language.js";
import { askLater, reasonToAsk } from "./reach/moment.js";
import { abilityOf, deviceWord, facts } from "./reach/platform.js";
import { isBlocked, refusalWords } from "./reach/refusal.js";
import { subscribe, subscribed } from "./reach/subscription.js";
import { lostWords, tryOut } from "./reach/trial.js";
import { checks, wayOf } from "./reach/ways.js";
import { events } from "./sync.js";

/** What the person is shown, in all places of this page. @type {{standing: "asked" | "told" | "refused" | "unknown", trouble: string, why: string, open: boolean, blocked: boolean, trial: null | "waiting" | import("./reach/trial.js").Outcome}} */
const shown = { standing: "asked", trouble: "", why: "", open: false, blocked: false, trial: null };
/** @type {Set<HTMLElement>} the quiet places, at the end of pages */
const places = new Set();
/** @type {HTMLElement | null} where it is asked, above the work */
let asking = null;

/** Tells the server the address again: browsers change or drop it without a word. */
export async function renewSubscription() {
  const who = await me();
  if (who?.signed_in && (await subscribed())) {
    shown.standing = await subscribe().then((told) => (told ? "told" : "refused"), () => "unknown");
  }
  await paint();
}

/** By what this device is called. */
const TOLD = {
  phone: t("The test message came. This phone is told."),
  tablet: t("The test message came. This tablet is told."),
  computer: t("The test message came. This computer is told."),
};

/** What it would be good for, by what this device is called. */
const GOOD_FOR = {
  phone: t("This phone can tell you at once when a step becomes yours, also while Baton is closed."),
  tablet: t("This tablet can tell you at once when a step becomes yours, also while Baton is closed."),
  computer: t("This computer can tell you at once when a step becomes yours, also while Baton is closed."),
};

const STANDING = {
  asked: t("One moment."),
  told: t("This device is told when something becomes yours."),
  unknown: t("Messages are turned on here. Whether they come through shows with a connection."),
};

/** This browser as it has answered so far. */
const known = () => (shown.blocked ? { ...facts(), permission: "denied" } : facts());

/** The press: where the browser can be asked it is, elsewhere the way there is shown. */
async function ask() {
  const before = shown.open;
  Object.assign(shown, { trouble: "", blocked: false });
  const told = abilityOf(facts()) === "ready" && (await allowed()) && (await taken());
  shown.open = abilityOf(known()) !== "ready";
  if (told) return tryNow();
  if (before && abilityOf(known()) === "denied") shown.trouble = t("Messages are still blocked here.");
  await paint();
}

/** @returns {Promise<boolean>} whether the person allows it */
async function allowed() {
  const answer = await Notification.requestPermission();
  if (answer === "default") shown.trouble = t("Nothing was chosen. Press again, and then Allow. Where no question shows, press the bell beside the address.");
  return answer === "granted";
}

/** @returns {Promise<boolean>} whether this device is told from now on */
async function taken() {
  /** @type {unknown} */
  let refusal = null;
  const told = await subscribe().catch((error) => {
    refusal = error;
    return false;
  });
  if (told) shown.standing = "told";
  shown.blocked = isBlocked(refusal);
  shown.trouble = told || shown.blocked ? "" : refusalWords(refusal);
  return told;
}

async function tryNow() {
  shown.trial = "waiting";
  await paint();
  shown.trial = await tryOut();
  await paint();
}

/** @param {string[]} steps */
const inOrder = (steps) => steps.length > 0 && h("ol", null, steps.map((step) => h("li", null, step)));

/** What to do in this browser; where it is allowed by then, the press asks again. @param {import("./reach/ways.js").Way} way */
function wayThere(way) {
  const again = abilityOf(known()) === "denied" && busyButton(t("Try again"), t("One moment"), ask, { class: "button quiet", "data-key": "tell" });
  return h("div", { class: "stack" }, h("div", { role: "status" }, h("p", null, way.lead), inOrder(way.steps), way.tail && h("p", null, way.tail)), again && h("div", { class: "buttons" }, again));
}

/** @returns {any} what became of the test message */
function trialWords() {
  const { trial } = shown;
  if (!trial) return null;
  if (trial === "waiting") return h("p", { role: "status" }, t("A test message is on its way to this device."));
  const word = deviceWord(facts());
  if (trial.came) return h("p", { class: "lead", role: "status" }, t(TOLD[word]));
  const words = trial.trouble || lostWords(trial.state);
  return h("div", { class: "notice need", role: "alert" }, h("p", null, words), trial.state === "accepted" && h("ul", null, checks(facts()).map((each) => h("li", null, each))));
}

/** @returns {any} installed, the browser keeps messages on; offered where the browser offers it */
function installButton() {
  const take = () => install().then(() => paint());
  return offered() && busyButton(t("Install Baton"), t("One moment"), take, { class: "button quiet", "data-key": "install" });
}

/** @param {boolean} told @param {string} look the class of the button @returns {any[]} */
function content(told, look) {
  const way = wayOf(known());
  const shut = shown.trial !== "waiting";
  if (told) {
    return [
      shown.standing !== "refused" && h("p", { class: "hint" }, STANDING[shown.standing]),
      trialWords(),
      h("div", { class: "buttons" }, shown.standing === "told" && shut && busyButton(t("Send a test message here"), t("Sending"), tryNow, { class: "button quiet", "data-key": "try" }), installButton()),
    ];
  }
  if (way && !way.steps.length) return [h("p", { class: "hint" }, way.lead)];
  const press = busyButton(t("Tell me when something becomes mine"), t("One moment"), ask, { class: look, "data-key": "tell" });
  return [
    shown.trouble && h("p", { class: "notice", role: "alert" }, shown.trouble),
    way && shown.open ? wayThere(way) : h("div", { class: "buttons" }, press, installButton()),
  ];
}

/** @param {boolean} told */
function question(told) {
  const later = () => askLater().then(() => end());
  const end = () => {
    shown.why = "";
    return paint();
  };
  const done = told && shown.trial !== "waiting";
  return h(
    "section",
    { class: "card stack", "aria-labelledby": "ask-title" },
    h("h2", { id: "ask-title" }, t("Be told when something becomes yours")),
    !told && h("p", null, `${shown.why} ${GOOD_FOR[deviceWord(facts())]}`),
    content(told, "button"),
    shown.trial !== "waiting" && h("div", { class: "buttons" }, busyButton(done ? t("Close this") : t("Not now"), t("One moment"), done ? end : later, { class: "button plain", "data-key": "later" })),
  );
}

/** Shows it as it is now, in each place; one that looks the same is left alone. */
const paint = coalesce(async () => {
  const told = shown.standing !== "refused" && (await subscribed());
  if (asking) show(asking, shown.why && question(told));
  for (const place of places) show(place, !(asking && shown.why) && content(told, "button quiet"));
});

/** @param {string} why asks at the moment that makes sense, and not where nothing can come of it */
async function consider(why) {
  const may = ["ready", "install", "safari"].includes(abilityOf(facts()));
  if (!why || shown.why || !may || (await subscribed())) return;
  shown.why = why;
  await paint();
}

/** @param {HTMLElement} place asks here, once there is a reason to */
export function askAt(place) {
  asking = place;
  const look = coalesce(async () => {
    const who = await me();
    if (who?.signed_in) await consider(await reasonToAsk(who.person.id));
  });
  const again = () => look().catch(() => undefined);
  events.addEventListener("change", again);
  again();
}

/** @returns {HTMLElement} the button, or the words for why there is none */
export function pushPanel(place = h("section", { "aria-label": t("Messages") })) {
  places.add(place);
  paint();
  return place;
}

/** The person may change it in the settings meanwhile, and the browser may offer to install. */
function watch() {
  const changed = () => {
    Object.assign(shown, { trouble: "", blocked: false });
    return paint();
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && changed());
  ["beforeinstallprompt", "appinstalled"].forEach((name) => addEventListener(name, () => paint()));
  navigator.permissions?.query({ name: "notifications" }).then((permission) => permission.addEventListener("change", changed), () => undefined);
}

/** Fills `[data-push]` on pages that the server renders, and keeps the number on the icon. */
export async function mountPush() {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.type === "subscription" && renewSubscription());
  for (const place of document.querySelectorAll("[data-push]")) place.append(pushPanel());
  keepOffer();
  watch();
  const { keepBadge } = await import("./badge.js");
  keepBadge();
}
