// @ts-check
/** The screen stays on while it is looked at, and takes the whole glass where somebody wants it. */

import { button } from "../dom.js";
import { t } from "../language.js";

/** Asks again whenever the page is seen anew: the browser lets go of it when it was not. */
export function stayAwake() {
  const ask = () => document.visibilityState === "visible" && /** @type {any} */ (navigator).wakeLock?.request("screen").catch(() => undefined);
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** @returns {HTMLElement | null} where the platform has it and it is not so already */
export function fullScreenButton() {
  const root = document.documentElement;
  if (!document.fullscreenEnabled || document.fullscreenElement) return null;
  return button(t("Full screen"), () => root.requestFullscreen({ navigationUI: "hide" }).catch(() => undefined), { class: "button plain", "data-key": "full" });
}
