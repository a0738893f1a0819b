// @ts-check
/** A timed check: its start and its end are the proof. The start outlives a closed page. */

import { busyButton, h, show } from "../dom.js";
import { read, remove, write } from "../store.js";
import { elapsed, hour, length } from "../words.js";

/**
 * @param {import("../day.js").Step} step
 * @param {import("./photo.js").Save} save
 * @param {import("./photo.js").Act} act
 * @returns {import("./photo.js").Control}
 */
export function timed(step, save, act) {
  const least = (step.proof.min_seconds || 0) * 1000;
  const key = `timed:${step.id}:${step.attempt}`;
  const stage = h("div", { class: "proof" });
  let ticking = 0;

  /** @param {string} started_at */
  async function finish(started_at) {
    await save({ kind: "timed", started_at, ended_at: new Date().toISOString() });
    close();
    await remove("meta", key);
  }

  function offer() {
    if (!least) {
      act(busyButton("Done", "Saving", () => finish(new Date().toISOString())));
      return;
    }
    show(stage, h("p", { class: "hint" }, `Takes at least ${least < 60_000 ? `${least / 1000} seconds` : length(least)}.`));
    act(busyButton("Start", "Starting", start));
  }

  async function start() {
    const now = new Date().toISOString();
    await write("meta", now, key);
    run(now);
  }

  /** @param {string} started */
  function run(started) {
    const clock = h("p", { class: "elapsed", role: "timer" });
    const hint = h("p", { class: "hint" });
    const done = busyButton("Done", "Saving", () => finish(started));
    const tick = () => {
      const past = Date.now() - Date.parse(started);
      clock.textContent = elapsed(past);
      hint.textContent = `${past < least ? `Not before ${elapsed(least)}. ` : ""}Started ${hour(started)}.`;
      done.disabled = past < least;
    };
    tick();
    ticking = setInterval(tick, 1000);
    show(stage, h("div", { class: "timer" }, clock, hint));
    act(done);
  }

  function close() {
    clearInterval(ticking);
  }

  read("meta", key).then((started) => (started ? run(started) : offer()), offer);
  return { element: stage, close };
}
