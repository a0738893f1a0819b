// @ts-check
/** What a page says while it has nothing to show: why, and what to do. The same words on every page. */

import { busyButton, h } from "./dom.js";
import { t } from "./language.js";

/** @typedef {import("./api.js").Problem} Problem */
/** @typedef {{sign_in: string, later: string, gone?: string}} Thing what a page says while nobody is signed in, while there is no connection, and when what it shows is not there */

/** The way to sign in, and from there back to exactly this address. */
export function signInPath() {
  return `/sign-in?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`;
}

/** @param {Problem} problem @param {Thing} thing */
export function absentWords(problem, { sign_in, later, gone }) {
  if (problem.status === 401) return sign_in;
  if (problem.status === 404 && gone) return gone;
  if (problem.code === "device") return t("This phone could not keep it. Free some space, then try again.");
  if (!problem.unreachable) return problem.detail;
  return later;
}

/**
 * @param {Problem | null} problem why it is not here; null while it is not known yet
 * @param {Thing} thing
 * @param {() => Promise<unknown>} again asks for it once more
 */
export function absent(problem, thing, again) {
  if (!problem) return h("p", { class: "soft", id: "loading" }, t("One moment."));
  return h("section", { class: "empty" }, h("p", null, absentWords(problem, thing)), wayOut(problem, again));
}

/** @param {Problem} problem @param {() => Promise<unknown>} again */
function wayOut(problem, again) {
  if (problem.status === 401) return h("a", { class: "button big wide", href: signInPath(), "data-key": "sign-in" }, t("Sign in"));
  if (problem.status === 403 || problem.status === 404) return null;
  return busyButton(t("Try again"), t("One moment"), async () => void (await again()), { class: "button big wide quiet", "data-key": "again" });
}
