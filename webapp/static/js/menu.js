// @ts-check
/** The menu of who reviews: they have more than this page. The other shells are everybody's, and have none. */

import { h } from "./dom.js";
import { t } from "./language.js";

/** @type {[string, string][]} */
const PLACES = [["/inbox", t("Needs you")], ["/processes", t("Processes")], ["/people", t("People")], ["/locations", t("Locations")]];

/** @returns {HTMLElement} */
export function menu() {
  const links = PLACES.map(([href, name]) => h("a", { href }, name));
  return h("nav", { class: "bar", "aria-label": t("Menu") }, h("div", { class: "nav" }, links));
}
