// @ts-check
/** The menu of who reviews: they have more than this page. The other shells are everybody's, and have none. */

import { h } from "./dom.js";

/** @type {[string, string][]} */
const PLACES = [["/inbox", "Needs you"], ["/processes", "Processes"], ["/people", "People"], ["/locations", "Locations"]];

/** @returns {HTMLElement} */
export function menu() {
  const links = PLACES.map(([href, name]) => h("a", { href }, name));
  return h("nav", { class: "bar", "aria-label": "Menu" }, h("div", { class: "nav" }, links));
}
