// @ts-check
/** On the page of what is mine today: that room runs out, or that the browser may clear what lies here. */

import { me } from "./day.js";
import { coalesce, h, show } from "./dom.js";
import { waiting } from "./kept.js";
import { keepWords, pressureWords, room } from "./storage.js";
import { events } from "./sync.js";

/** @param {HTMLElement} place empty while all is well */
export function watchRoom(place) {
  const paint = coalesce(async () => {
    const who = await me();
    const [has, { count }] = await Promise.all([room(), waiting(who?.person.id || "")]);
    const pressure = pressureWords(has);
    const risk = count > 0 && keepWords(has);
    show(place, pressure && h("p", { class: "notice need" }, pressure), risk && h("p", { class: "hint" }, risk));
  });
  const look = () => paint().catch(() => undefined);
  events.addEventListener("change", look);
  look();
}
