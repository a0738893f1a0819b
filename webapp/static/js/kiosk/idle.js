// @ts-check
/** Ends a turn by itself when nobody touched the tablet for a while, with a notice before. */

import { button, h } from "../dom.js";
import { t } from "../language.js";

const NOTICE_MS = 20_000;
const TOUCHES = ["pointerdown", "keydown", "input"];

/**
 * @param {string} name of whose turn it is
 * @param {number} after ms without a touch
 * @param {() => void} end
 * @returns {() => void} stops watching
 */
export function watchIdle(name, after, end) {
  let touched = Date.now();
  const touch = () => {
    touched = Date.now();
    notice.remove();
  };
  const still = button(t("I am still here"), touch, { class: "button big" });
  const words = t("You are signed out in %(num)s seconds. What you began is kept for you.", { num: NOTICE_MS / 1000 });
  const notice = h("section", { class: "idle", role: "alertdialog", "aria-labelledby": "idle-title", "aria-describedby": "idle-words" }, h("h2", { id: "idle-title" }, t("Are you still here, %(name)s?", { name })), h("p", { id: "idle-words" }, words), still);

  function look() {
    const quiet = Date.now() - touched;
    if (quiet >= after) return end();
    if (quiet < after - NOTICE_MS || notice.isConnected) return;
    document.body.append(notice);
    still.focus();
  }

  TOUCHES.forEach((kind) => addEventListener(kind, touch, { capture: true, passive: true }));
  const timer = setInterval(look, 1000);
  return () => {
    clearInterval(timer);
    notice.remove();
    TOUCHES.forEach((kind) => removeEventListener(kind, touch, { capture: true }));
  };
}
