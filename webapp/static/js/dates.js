// @ts-check
/** Dates without a time. Pure. */

import { language, tag } from "./language.js";

/** @param {string} date a local date, "2026-11-27" @returns {string} "Friday 27 November" */
export function dateName(date) {
  const on = new Intl.DateTimeFormat(tag, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  const name = on.format(Date.parse(`${date}T12:00:00Z`));
  return language === "en" ? name.replace(",", "") : name;
}
