// @ts-check
/** Signing out: refused while something of this person is unsent, with what can be done about it. */

import { forgetMe, me } from "./day.js";
import { busyButton, button, h } from "./dom.js";
import { leaveBy, NotEnded } from "./ending.js";
import { waiting } from "./kept.js";
import { t, tn } from "./language.js";
import { rescueButton } from "./rescue-button.js";
import { wake } from "./sync.js";

/** @returns {Promise<number>} how much of who is signed in waits here */
async function unsent() {
  const who = await me();
  return who ? (await waiting(who.person.id)).count : 0;
}

/** @param {HTMLFormElement} form what sends the sign-out @param {...any} children */
function say(form, ...children) {
  document.getElementById("sign-out-words")?.remove();
  const notice = h("section", { class: "notice need", role: "alert", id: "sign-out-words" }, children);
  form.closest("nav, header")?.before(notice);
  notice.scrollIntoView({ block: "center" });
  return notice;
}

/** @param {HTMLFormElement} form */
async function away(form) {
  try {
    await leaveBy(forgetMe);
  } catch (error) {
    if (!(error instanceof NotEnded)) throw error;
    say(form, h("p", null, `${t("Not signed out.")} ${error.message}`));
  }
}

/** Said until there is a connection. @param {HTMLFormElement} form */
function waitForSignal(form) {
  const notice = say(form, h("p", null, t("Signing out needs a connection. What was done here is kept.")));
  addEventListener("online", () => notice.remove(), { once: true });
}

/** @param {HTMLFormElement} form */
export async function signOut(form) {
  if (!navigator.onLine) return waitForSignal(form);
  const count = await unsent();
  if (!count) return away(form);
  const words = tn("Not signed out: %(num)s on this device is not yet sent. Send it first.", "Not signed out: %(num)s on this device are not yet sent. Send them first.", count);
  const send = async () => {
    await wake();
    await signOut(form);
  };
  say(
    form,
    h("p", null, words),
    busyButton(t("Send now and sign out"), t("Sending"), send),
    rescueButton(),
    h("p", { class: "hint" }, t("What you leave here stays yours, and is sent when you sign in here again.")),
    busyButton(t("Leave it here and sign out"), t("Signing out"), () => away(form), { class: "button plain" }),
  );
}
