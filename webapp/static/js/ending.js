// @ts-check
/** The end of a session: nothing on this device changes before the server has ended it. */

import { call, Problem } from "./api.js";
import { t } from "./language.js";
import { alone } from "./sync.js";

/** A drainer that takes longer is not waited for: what it asked for before is not kept. */
const PATIENCE_MS = 5_000;
/** Until this page is gone no window asks who is signed in: the server could still say it is this person. */
const LEAVING_MS = 10_000;

/** The server did not end the session, or could not be asked whether it has. */
export class NotEnded extends Error {}

/** @throws {NotEnded} with what to do */
async function endSession() {
  // It answers with another page, which is no answer here: whether it is so is asked after it.
  await call("POST", "/sign-out").catch(() => undefined);
  try {
    await call("GET", "/api/v1/today");
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return;
    throw new NotEnded(t("It needs a connection: the server has to sign this device out first. Nothing was changed. Press again when there is one."));
  }
  throw new NotEnded(t("The server did not sign this device out. Nothing was changed. Press again."));
}

/**
 * Ends the session while no window sends or asks, does what belongs to it, and leaves this page.
 * @param {() => Promise<void>} work on this device, once the server has ended it
 * @throws {NotEnded} with what to do; and whatever `work` throws
 */
export async function leaveBy(work) {
  const go = async () => {
    await endSession();
    await work();
    location.replace("/sign-in");
    await new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
  };
  const late = new AbortController();
  setTimeout(() => late.abort(), PATIENCE_MS);
  await alone(go, late.signal).catch((error) => {
    if (error.name !== "AbortError") throw error;
    return go();
  });
}
