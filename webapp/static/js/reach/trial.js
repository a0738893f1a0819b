// @ts-check
/** A test message to this very device: sent by the server, and waited for until the device itself says that it came. */

import { call, Problem } from "../api.js";
import { deviceId } from "../ids.js";
import { t } from "../language.js";

const PATIENCE_MS = 60_000;
const LOOK_MS = 2_000;
const NOWHERE = ["no_device", "refused", "expired"];

/** @typedef {{came: boolean, state: string, trouble?: string}} Outcome `state`: how far it came; `trouble`: why it was not sent */

/** @returns {Promise<Outcome>} after a minute at the latest */
export async function tryOut() {
  const until = Date.now() + PATIENCE_MS;
  try {
    const [{ id }, device] = await Promise.all([call("POST", "/api/v1/test-messages"), deviceId()]);
    return await arrival(id, device, until);
  } catch (error) {
    const busy = error instanceof Problem && error.status === 429;
    const trouble = busy ? t("A test message was sent just now. Wait a minute, then try again.") : t("The test message could not be sent now. Try again with a connection.");
    return { came: false, state: "unsent", trouble };
  }
}

/** @param {string} id @param {string} device @param {number} until @returns {Promise<Outcome>} */
async function arrival(id, device, until) {
  for (let state = "queued"; ; await new Promise((wake) => setTimeout(wake, LOOK_MS))) {
    const said = await call("GET", `/api/v1/test-messages/${id}`).catch(() => null); // a gap in the line is no answer
    if (said?.reached_on.includes(device)) return { came: true, state: said.state };
    state = said?.state || state;
    if (NOWHERE.includes(state) || Date.now() > until) return { came: false, state };
  }
}

/** @param {string} state @returns {string} what became of one that did not come */
export function lostWords(state) {
  if (state === "queued") return t("Nothing arrived within a minute: the server has not sent it yet, which is not this device's fault. Try again in some minutes.");
  if (NOWHERE.includes(state)) return t("Nothing arrived: the push service takes no messages for this device. Load the page again and press the button once more.");
  return t("Nothing arrived within a minute. What to check:");
}
