// @ts-check
/** The form of a location: the regions of the country that is chosen, and the holidays to come. */

import { call, Problem } from "../api.js";
import { byId, h } from "../dom.js";
import { t, tn } from "../language.js";
import { dateName } from "../dates.js";

const country = /** @type {HTMLSelectElement} */ (byId("holidays"));
const region = /** @type {HTMLSelectElement} */ (byId("region"));
const coming = byId("holidays-coming");

/** @param {{code: string, name: string}[]} regions */
function offer(regions) {
  const whole = h("option", { value: "" }, t("The whole country"));
  region.replaceChildren(whole, ...regions.map((each) => h("option", { value: each.code }, each.name)));
  byId("region-field").hidden = !regions.length;
}

/** @param {{on: string, name: string}[]} holidays */
function told([first, ...others]) {
  if (!first) return t("No public holiday is known for the next twelve months.");
  const count = tn("%(num)s public holiday in the next twelve months.", "%(num)s public holidays in the next twelve months.", others.length + 1);
  return `${count} ${t("The next is %(name)s, %(day)s.", { name: first.name, day: dateName(first.on) })}`;
}

/** @param {string} words nothing: nothing is to be told */
function tell(words) {
  coming.textContent = words;
  coming.hidden = !words;
}

/** @param {string} place "US" or "US-IL" @param {boolean} isNew whether the country was chosen just now */
async function look(place, isNew) {
  if (!place) {
    offer([]);
    tell("");
    return;
  }
  try {
    const found = await call("GET", `/api/v1/holidays?place=${encodeURIComponent(place)}`);
    if (isNew) offer(found.regions);
    tell(told(found.holidays));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    tell(error.detail);
  }
}

country.addEventListener("change", () => look(country.value, true));
region.addEventListener("change", () => look([country.value, region.value].filter(Boolean).join("-"), false));
