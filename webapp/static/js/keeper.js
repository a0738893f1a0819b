// @ts-check
/** What somebody gave for a step: kept here before the screen goes on. A plain step can be taken back for a while. */

import { uuid } from "./ids.js";
import { enqueue, NotSaved } from "./queue.js";
import { announce, wake, wakeLater } from "./sync.js";

/** @typedef {import("./day.js").Step} Step */

/** One tap closes it: then the way back is offered. @param {Step} step @param {import("./panel.js").Done} done */
const isPlain = ({ proof }, { kind }) => kind === "complete_step" && proof.kind === "timed" && !proof.min_seconds;

/**
 * @param {Step} step
 * @param {Record<string, any>} whose person and run, and what else the command carries
 * @param {{complain: (words: string) => void, moved: () => void, back: () => void, saved?: string}} page `moved`: another step is open now; `back`: this one is again
 * @returns {import("./panel.js").Keep}
 */
export function keeper(step, whose, { complain, moved, back, saved }) {
  return async (done, file) => {
    const command = /** @type {any} */ ({ id: uuid(), step_run: step.id, attempt: step.attempt, ...whose, ...done });
    const undo = isPlain(step, done) && (await import("./undo.js").catch(() => null));
    if (undo) command.undo_until = Date.now() + undo.HELD_MS;
    try {
      await enqueue(command, file || null);
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      complain(error.message);
      return false;
    }
    moved();
    announce();
    if (undo) undo.offerUndo(command.id, back, saved);
    wake();
    wakeLater();
    return true;
  };
}
