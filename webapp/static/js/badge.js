// @ts-check
/** The number on Baton's icon: how many steps are mine to do now, where the platform shows one. */

import { now } from "./clock.js";
import { me, runsOf } from "./day.js";
import { coalesce } from "./dom.js";
import { waiting } from "./kept.js";
import { asHere, sortRuns, stepView } from "./state.js";
import { events } from "./sync.js";

/** @returns {Promise<number>} */
async function mine() {
  const who = await me();
  if (!who?.signed_in) return 0;
  const [runs, waits] = await Promise.all([runsOf(who.person.id), waiting(who.person.id)]);
  const { need, open } = sortRuns(await asHere(runs, waits, now()), waits, now());
  return [...need, ...open].flatMap((run) => run.steps.filter((step) => stepView(step, run, waits, now()).act)).length;
}

/** Keeps the number true for as long as the page is open. */
export function keepBadge() {
  const badge = /** @type {any} */ (navigator);
  if (!badge.setAppBadge) return;
  const paint = coalesce(async () => {
    const count = await mine();
    await (count ? badge.setAppBadge(count) : badge.clearAppBadge());
  });
  const again = () => paint().catch(() => undefined); // a badge that does not come is in nobody's way
  events.addEventListener("change", again);
  again();
}
