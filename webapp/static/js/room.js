// @ts-check
/** On the page of what is mine today: that room runs out, or that the browser may clear what lies here. */

import { me } from "./day.js";
import { coalesce, h, show } from "./dom.js";
import { waiting } from "./kept.js";
import { keepWords, pressureWords, room } from "./storage.js";
import { events } from "./sync.js";

/** @returns {HTMLElement} empty while all is well; filled later, since browsers take their time to say */
export function roomNotice() {
  const place = h("section", { "aria-label": "Room on this phone" });
  const paint = coalesce(async () => {
    const who = await me();
    const [has, { count }] = await Promise.all([room(), waiting(who?.person.id || "")]);
    const pressure = pressureWords(has);
    const risk = count > 0 && keepWords(has);
    show(place, pressure && h("p", { class: "notice need" }, pressure), risk && h("p", { class: "hint" }, risk));
  });
  events.addEventListener("change", () => paint().catch(() => undefined));
  return place;
}
