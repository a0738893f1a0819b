// @ts-check
/** Steps that open later, as this device knows them: the server's word, and what was answered here. As webapp/rules/later.py. Pure. */

/** @typedef {import("./day.js").Run} Run */
/** @typedef {import("./day.js").Step} Step */
/** @typedef {(step: string | undefined) => import("./queue.js").Command | undefined} Said what was last done here for a step */

/** @param {Run[]} runs @param {import("./state.js").Waiting} waiting @param {number} now @returns {Run[]} */
export function followed(runs, { commands }, now) {
  /** @type {Said} */
  const said = (id) => commands.filter((c) => c.step_run === id && (c.proof || c.kind === "not_applicable")).pop();
  return runs.map((run) => ({ ...run, steps: run.steps.map((step) => (step.later && step.state === "waiting" ? follow(step, step.later, said, now) : step)) }));
}

/** @param {Step} step @param {import("./day.js").Later} later @param {Said} said @param {number} now @returns {Step} */
function follow(step, later, said, now) {
  const { only_if, after } = later;
  const [answer, done] = [said(only_if?.step), said(after?.step)];
  const needed = !only_if || (answer ? isSo(only_if, answer) : later.opens_at && true);
  const opens_at = done ? plus(done.captured_at, after?.wait_minutes) : later.opens_at;
  const isOver = opens_at ? now >= Date.parse(opens_at) : !after;
  return {
    ...step,
    state: needed === false || (done && !done.proof) ? "void" : needed && isOver ? "open" : "waiting",
    mine: step.mine || Boolean(answer || done),
    answered: (answer || done)?.person,
    deadline_at: done && opens_at ? plus(opens_at, after?.due_minutes) : step.deadline_at,
    later: { ...later, opens_at },
  };
}

/** @param {string} at @param {number} [minutes] */
const plus = (at, minutes = 0) => new Date(Date.parse(at) + minutes * 60_000).toISOString();

/** @param {import("./day.js").OnlyIf} asked @param {import("./queue.js").Command} answer */
function isSo({ skipped, inside, min, max }, { proof }) {
  const value = Number(proof?.value);
  return proof ? inside === !(value < Number(min) || value > Number(max)) : skipped;
}
