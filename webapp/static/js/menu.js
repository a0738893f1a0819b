// @ts-check
/** The ways on from a proof: the menu of who reviews, the day of staff. The other shells are everybody's, and have no menu. */

import { me } from "./day.js";
import { byId, h, show } from "./dom.js";
import { t } from "./language.js";
import { events } from "./sync.js";

/** @type {[string, string][]} */
const PLACES = [["/inbox", t("Needs you")], ["/processes", t("Processes")], ["/people", t("People")], ["/locations", t("Locations")]];

/** @returns {HTMLElement} */
function menu() {
  const links = PLACES.map(([href, name]) => h("a", { href }, name));
  return h("nav", { class: "bar", "aria-label": t("Menu") }, h("div", { class: "nav" }, links));
}

/** Leads whoever looks where they may go; who is not signed in nowhere yet. @param {HTMLElement} back the way back */
export async function leadOn(back) {
  const bar = menu();

  async function lead() {
    const who = await me().catch(() => null);
    const decides = who?.signed_in && who.person.role !== "staff";
    if (!decides) bar.remove();
    else if (!bar.isConnected) byId("title").closest("header")?.before(bar);
    back.hidden = !who?.signed_in;
    show(back, who?.signed_in && (decides ? h("a", { href: "/inbox" }, t("Needs you")) : h("a", { href: "/today" }, t("Yours today"))));
  }

  events.addEventListener("change", lead);
  await lead();
}
