// @ts-check
/**
 * How long a check has run, whatever happens to the device's clock or to the page. Pure.
 *
 * The clock is believed when it goes forward: a phone sleeps, and a page is closed, without any other
 * sign. When it goes back, the time that the page itself has seen counts; never less than before.
 */

/**
 * @typedef {object} Reading
 * @property {number} ran milliseconds that had passed at `at`
 * @property {number} at the device's clock, in ms
 */

/** Clocks are set right by moments all the time. */
const SLACK_MS = 2_000;

/** @param {number} clock the device's clock, in ms @returns {Reading} */
export function begun(clock) {
  return { ran: 0, at: clock };
}

/**
 * @param {Reading} last
 * @param {number} clock the device's clock now, in ms
 * @param {number} seen milliseconds that this page has seen go by since `last`, by a clock that nobody can set
 * @returns {Reading}
 */
export function goneOn(last, clock, seen) {
  const told = clock - last.at;
  const believed = told >= seen - SLACK_MS ? Math.max(told, 0) : Math.round(seen);
  return { ran: last.ran + believed, at: clock };
}

/**
 * Start and end, both as the device's clock says now.
 * @param {Reading} reading
 */
export function spanOf({ ran, at }) {
  return { started_at: new Date(at - ran).toISOString(), ended_at: new Date(at).toISOString() };
}
