// @ts-check
/** Signing out: refused while something of this person is unsent, with what can be done about it. */

import { forgetMe, me } from "./day.js";
import { busyButton, button, h } from "./dom.js";
import { waiting } from "./kept.js";
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
}

/** @param {HTMLFormElement} form */
async function away(form) {
  await forgetMe();
  form.submit();
}

/** @param {HTMLFormElement} form */
export async function signOut(form) {
  if (!navigator.onLine) return say(form, h("p", null, "Signing out needs a connection. What was done here is kept."));
  const count = await unsent();
  if (!count) return away(form);
  const words = `Not signed out: ${count} on this phone ${count === 1 ? "is" : "are"} not yet sent. Send ${count === 1 ? "it" : "them"} first.`;
  const send = async () => {
    await wake();
    await signOut(form);
  };
  say(
    form,
    h("p", null, words),
    busyButton("Send now and sign out", "Sending", send),
    rescueButton(),
    h("p", { class: "hint" }, "What you leave here stays yours, and is sent when you sign in on this phone again."),
    button("Leave it here and sign out", () => away(form), { class: "button plain" }),
  );
}
