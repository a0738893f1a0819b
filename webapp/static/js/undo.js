// @ts-check
/** Taking a plain step back: for 8 seconds it waits here, and nobody is asked beforehand. */

import { button, byId, h } from "./dom.js";
import { ofHere } from "./here.js";
import { t } from "./language.js";
import { annotate } from "./queue.js";
import { result, transact } from "./store.js";
import { announce, wake } from "./sync.js";

const OFFERED_MS = 8_000;
/** Nobody sends it before: what is taken back in time is on no way. @see drain.js */
export const HELD_MS = 9_000;

/** Ends the offer before. @type {(() => void)} */
let end = () => undefined;

/** Somebody else is next at this screen: what was offered is sent. */
export function endOffer() {
  end();
}

/** @param {string} id @returns {Promise<boolean>} whether it was still here, and is not any more */
function takeBack(id) {
  return transact(["commands"], "readwrite", async ({ commands }) => {
    const there = await result(commands.get(id));
    if (there) commands.delete(id);
    return Boolean(there);
  });
}

/** @param {string} words @param {any} [more] */
function say(words, more) {
  const place = byId("undo") || h("div", { id: "undo", role: "status" });
  byId("app").prepend(place);
  place.replaceChildren(...(words ? [h("div", { class: "notice" }, h("p", null, words), more)] : []));
}

/**
 * Says that the step is saved, with the way back. A next one, a page that is left and 8 seconds end it.
 * @param {string} id of the command
 * @param {() => void} back shows the step again
 * @param {string} [saved] what to say
 */
export function offerUndo(id, back, saved = ofHere(t("Saved on this phone."), t("Saved on this tablet."))) {
  end();
  let over = false;
  const close = () => {
    over = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", send);
    removeEventListener("pagehide", send);
    say("");
  };
  const send = () => {
    if (over) return;
    close();
    annotate(id, { undo_until: 0 }).then(() => wake(), () => undefined);
  };
  const undo = async () => {
    if (over) return;
    close();
    const gone = await takeBack(id);
    say(gone ? t("Taken back. The step is open again.") : t("It was sent already, so it stays done. If it was a mistake, tell the owner."));
    announce();
    if (gone) back();
  };
  const timer = setTimeout(send, OFFERED_MS);
  document.addEventListener("visibilitychange", send);
  addEventListener("pagehide", send);
  end = send;
  say(saved, button(t("Undo"), undo, { class: "button plain" }));
}
