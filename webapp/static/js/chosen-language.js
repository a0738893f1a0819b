// @ts-check
/**
 * In which language this device speaks. It is chosen here, or follows what its person chose elsewhere;
 * what is chosen without a connection is told to the server later. Another language begins with the
 * page anew, which has it at once: everything that it needs is on the device.
 */

import { call } from "./api.js";
import { me } from "./day.js";
import { coalesce, h } from "./dom.js";
import { refresh } from "./heard.js";
import { language, t } from "./language.js";
import { read, write } from "./store.js";
import { events } from "./sync.js";
import { busy } from "./updates.js";

/** Each by its own name, as webapp/rules/languages.py has them. @type {Record<string, string>} */
const LANGUAGES = { en: "English", es: "Español", fr: "Français", de: "Deutsch", pt: "Português", ar: "العربية" };
const KEY = "baton-language";
const YEAR_S = 365 * 24 * 3600;

/** Where theme.js finds it before the next page is painted, and the server. @param {string} chosen */
function keep(chosen) {
  try {
    localStorage.setItem(KEY, chosen); // Safari lets a script's cookie live for a week
  } catch {
    // the cookie alone has it
  }
  document.cookie = `${KEY}=${chosen}; path=/; max-age=${YEAR_S}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

/** @param {string} chosen a press: it holds here at once, and everywhere as soon as the server knows */
async function choose(chosen) {
  keep(chosen);
  const who = await me().catch(() => null);
  if (who) await write("meta", { person: who.person.id, language: chosen }, "language_untold").catch(() => undefined);
  location.reload();
}

/** Tells the server what was chosen here. @param {{person: string, language: string}} untold */
async function tell(untold) {
  await call("PATCH", `/api/v1/people/${encodeURIComponent(untold.person)}`, { json: { language: untold.language } });
  await refresh();
  const now = await read("meta", "language_untold");
  if (now?.language === untold.language) await write("meta", null, "language_untold");
}

/** What its person chose elsewhere holds here too, once nobody is in the midst of something. */
async function look() {
  const who = await me();
  if (!who?.signed_in) return;
  const untold = await read("meta", "language_untold");
  if (untold?.person === who.person.id) return tell(untold);
  const theirs = who.person.language || language;
  if (theirs === language || !(theirs in LANGUAGES) || busy()) return;
  keep(theirs);
  if (document.cookie.includes(`${KEY}=${theirs}`)) location.reload();
}

/** Keeps this device at the language of its person, on the pages that are the same for everybody. */
export function followLanguage() {
  write("meta", language, "language").catch(() => undefined); // the service worker's messages follow
  if (!("shell" in document.documentElement.dataset)) return;
  const again = coalesce(() => look().catch(() => undefined));
  events.addEventListener("change", again);
  again();
}

/** @returns {HTMLElement} the choice, each language by its own name */
export function languageChoice() {
  const one = (/** @type {[string, string]} */ [code, name]) => h("label", { class: "choice" }, h("input", { type: "radio", name: "language", value: code, checked: code === language, autocomplete: "off", onchange: () => choose(code) }), " ", h("bdi", { lang: code }, name));
  return h("section", { class: "device", "aria-labelledby": "language-title" }, h("h2", { id: "language-title" }, t("Language")), h("fieldset", { class: "choices", "data-key": "language" }, h("legend", { class: "vh" }, t("Language")), Object.entries(LANGUAGES).map(one)));
}

/** A shared tablet's: it speaks to all alike, until somebody presses another. @returns {HTMLElement} */
export function languageButtons() {
  const press = (/** @type {string} */ code) => {
    keep(code);
    location.reload();
  };
  const one = (/** @type {[string, string]} */ [code, name]) => h("button", { type: "button", class: "button plain", lang: code, "aria-pressed": String(code === language), "data-key": `language-${code}`, onclick: () => press(code) }, name);
  return h("nav", { class: "kiosk-foot", "aria-label": t("Language") }, Object.entries(LANGUAGES).map(one));
}
