// @ts-check
/** Why a browser that was asked is not told after all. Pure. */

import { Problem } from "../api.js";
import { t } from "../language.js";

/** The browser itself says no, whatever it said of its permission: Chromium's private windows do, as an AbortError. @param {unknown} error */
export function isBlocked(error) {
  return error instanceof DOMException && (error.name === "NotAllowedError" || /permission denied/i.test(error.message));
}

/** @param {unknown} error what `subscribe` ended with; none: the push service takes nothing for this device @returns {string} */
export function refusalWords(error) {
  if (!error) return t("The push service takes no messages for this device now. Press again in a minute.");
  if (error instanceof Problem && !error.unreachable) return error.detail;
  if (error instanceof DOMException) return t("This browser's own push service did not answer. Try again in a minute or on another network. Where it never answers, open Baton in another browser: some have none.");
  return t("It did not work now. Try again with a connection.");
}
