// @ts-check
/**
 * The page of an invitation. Its secret sits in the address after "#", which no server and no link
 * scanner ever sees; it is taken out of the address bar at once and sent only by the form.
 */

import { call } from "./api.js";
import { t } from "./language.js";

const EXPIRED = t("This invitation was used or has expired. Ask for a new one.");
/** @type {Record<string, string>} */
const ROLES = { staff: t("staff"), manager: t("manager"), owner: t("owner") };

/** @param {string} secret @returns {Promise<string>} who it is for */
async function peek(secret) {
  const { person, organisation, role } = await call("POST", "/api/v1/invitations/peek", { json: { secret } });
  const name = (/** @type {any} */ value) => (typeof value === "string" ? value : value?.name);
  return t("For %(name)s, %(role)s at %(organisation)s.", { name: name(person), role: ROLES[role] || role, organisation: name(organisation) });
}

/** @param {string} secret @returns {Promise<{text: string, ended: boolean}>} */
async function words(secret) {
  if (!secret) return { text: t("Open the link of your invitation again: its last part is missing."), ended: true };
  try {
    return { text: await peek(secret), ended: false };
  } catch (error) {
    const { status, detail } = /** @type {any} */ (error);
    const ended = status === 404 || status === 410;
    return { text: ended ? EXPIRED : detail, ended };
  }
}

/** A link that leads nowhere asks for no password. */
function end() {
  const heading = document.querySelector("h1");
  if (heading) heading.textContent = t("This invitation does not work");
  for (const id of ["join-form", "join-after"]) document.getElementById(id)?.setAttribute("hidden", "");
  document.getElementById("join-ended")?.removeAttribute("hidden");
}

const input = /** @type {HTMLInputElement | null} */ (document.getElementById("join-secret"));
const line = document.getElementById("join-words");
if (input && line) {
  // A form shown again after a mistake still has its secret; the address has it only the first time.
  const secret = decodeURIComponent(location.hash.slice(1)) || input.value;
  input.value = secret;
  history.replaceState(null, "", location.pathname + location.search);
  const { text, ended } = await words(secret);
  line.textContent = text;
  if (ended) end();
}
