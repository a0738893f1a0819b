// @ts-check
/** A timed check: its start and its end are the proof. The start outlives a closed page and a moved clock. */

import { trued } from "../clock.js";
import { busyButton, h, show } from "../dom.js";
import { t, tn } from "../language.js";
import { elapsed } from "../readings.js";
import { hour, length } from "../words.js";
import { begun, goneOn, spanOf } from "./stopwatch.js";

/** How often a running check is written down: as much is lost when a clock goes back while the page is closed. */
const KEEP_MS = 10_000;

/** @param {import("./index.js").Work} work @returns {import("./index.js").Control} */
export function control({ step, zone, kept, draft, save, act }) {
  const least = (step.proof.min_seconds || 0) * 1000;
  const stage = h("div", { class: "proof" });
  let ticking = 0;

  /** @param {import("./stopwatch.js").Reading} reading */
  async function finish(reading) {
    if (await save({ kind: "timed", ...spanOf(reading) })) close();
  }

  function offer() {
    if (!least) return act(busyButton(t("Done"), t("Saving"), () => finish(begun(Date.now()))));
    show(stage, h("p", { class: "hint" }, t("Takes at least %(time)s.", { time: least < 60_000 ? tn("%(num)s second", "%(num)s seconds", least / 1000) : length(least) })));
    act(busyButton(t("Start"), t("Starting"), start));
  }

  async function start() {
    const timer = begun(Date.now());
    await draft.write({ timer });
    run(timer);
  }

  /** @param {import("./stopwatch.js").Reading} from */
  function run(from) {
    let reading = from;
    let seen = performance.now();
    let written = from.ran;
    const clock = h("p", { class: "elapsed", role: "timer" });
    const hint = h("p", { class: "hint" });
    const now = () => {
      const page = performance.now();
      reading = goneOn(reading, Date.now(), page - seen);
      seen = page;
      return reading;
    };
    const done = busyButton(t("Done"), t("Saving"), () => finish(now()));
    const tick = () => {
      const { ran } = now();
      clock.textContent = elapsed(ran);
      const early = ran < least && t("Not before %(time)s.", { time: elapsed(least) });
      hint.textContent = [early, t("Started %(time)s.", { time: hour(trued(spanOf(reading).started_at), zone) })].filter(Boolean).join(" ");
      done.disabled = ran < least;
      if (ran - written < KEEP_MS) return;
      written = ran;
      draft.write({ timer: reading });
    };
    seen = performance.now();
    reading = goneOn(from, Date.now(), 0);
    tick();
    ticking = setInterval(tick, 1000);
    show(stage, h("div", { class: "timer" }, clock, hint));
    act(done);
  }

  function close() {
    clearInterval(ticking);
  }

  if (kept?.timer) run(kept.timer);
  else offer();
  return { element: stage, close };
}
