// @ts-check
/** What messages say that this service worker makes by itself, in the language of the pages here. */

import { file } from "/sw/caches.js";
import { read } from "/static/js/store.js";

/** @returns {Promise<Record<string, string>>} by the English sentence; none: English is said */
async function words() {
  try {
    const language = (await read("meta", "language")) || "en";
    return language === "en" ? {} : await (await file(new Request(`/static/words/${language}.json`))).json();
  } catch {
    return {};
  }
}

/** @param {string} msgid in English @returns {Promise<string>} */
export async function t(msgid) {
  return (await words())[msgid] || msgid;
}
