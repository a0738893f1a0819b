// @ts-check
/** What the server did not take as it was, told on the day until it was read. */

import { button, h } from "./dom.js";
import { t } from "./language.js";
import { markSeen } from "./queue.js";
import { isClosed } from "./state.js";
import { announce } from "./sync.js";

/** @typedef {import("./day.js").Run} Run */
/** @typedef {import("./state.js").Waiting} Waiting */

/** What the server refused or put before the owner, until it was read. @param {Run[]} runs @param {Waiting} waits */
export function answers(runs, waits) {
  const steps = runs.flatMap((r) => r.steps);
  return waits.receipts.map((r) => {
    const known = steps.find((s) => s.id === r.step_run);
    const held = r.status === "held";
    // Once the step is closed somebody has decided: it waits for nobody any more.
    if (r.seen || (held ? known && isClosed(known) : r.status !== "rejected")) return null;
    const step = known?.title || t("A step");
    const lead = held ? t("%(step)s is held for the owner.", { step }) : t("%(step)s was not accepted.", { step });
    const seen = () => markSeen(r.id).then(announce);
    return h("div", { class: "notice need" }, h("p", null, `${lead} ${r.detail || t("What you did is kept.")}`), button(t("I have read this"), seen, { class: "button plain" }));
  });
}
