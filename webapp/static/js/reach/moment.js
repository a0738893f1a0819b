// @ts-check
/** When it makes sense to ask whether this device should be told: after the first step, or the first handoff. */

import { runsOf } from "../day.js";
import { waiting } from "../kept.js";
import { t } from "../language.js";
import { read, write } from "../store.js";

const REST_MS = 7 * 24 * 3600 * 1000;

/** @param {string} person @returns {Promise<string>} why now; "" while it would only be in the way */
export async function reasonToAsk(person) {
  if (Date.now() < ((await read("meta", "ask_later")) || 0)) return "";
  const [runs, waits] = await Promise.all([runsOf(person), waiting(person)]);
  const steps = runs.flatMap((run) => run.steps);
  const handed = steps.find((step) => step.mine && step.handed_over && step.state === "open");
  if (handed) return t("“%(step)s” came to you from %(name)s.", { step: handed.title, name: handed.handed_over?.from?.name });
  const own = steps.some((step) => step.closed?.by.id === person);
  const here = waits.commands.length || waits.receipts.some((r) => r.status === "applied");
  return own || here ? t("Your first step is done.") : "";
}

/** Not now: it is asked again after a week. */
export function askLater() {
  return write("meta", Date.now() + REST_MS, "ask_later");
}
