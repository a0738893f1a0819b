// @ts-check
/** The end of a session: nothing on this device changes before the server has ended it. */

import { call, Problem } from "./api.js";
import { t } from "./language.js";

/** The server did not end the session, or could not be asked whether it has. */
export class NotEnded extends Error {}

/** @throws {NotEnded} with what to do */
export async function endSession() {
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
