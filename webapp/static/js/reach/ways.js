// @ts-check
/** In words: the way to messages on each kind of device, with the names that its own buttons have. Pure. */

import { t } from "../language.js";
import { abilityOf, browserOf, deviceWord, systemOf } from "./platform.js";

/** @typedef {import("./platform.js").Facts} Facts */
/** @typedef {{lead: string, steps: string[], tail?: string}} Way */

const LAST = t("Open Baton from its new icon and press “Tell me when something becomes mine”.");

const BLOCKED = {
  phone: t("Messages from Baton are blocked on this phone. To allow them again:"),
  tablet: t("Messages from Baton are blocked on this tablet. To allow them again:"),
  computer: t("Messages from Baton are blocked on this computer. To allow them again:"),
};

const ONLY_OPEN = {
  phone: t("This phone shows messages only while Baton is open. To be told at other times too, open Baton in Chrome or Firefox."),
  tablet: t("This tablet shows messages only while Baton is open. To be told at other times too, open Baton in Chrome or Firefox."),
  computer: t("This computer shows messages only while Baton is open. To be told at other times too, open Baton in Chrome or Firefox."),
};

const CONNECTED = {
  phone: t("This phone has a connection; some shared Wi-Fi lets no messages through."),
  tablet: t("This tablet has a connection; some shared Wi-Fi lets no messages through."),
  computer: t("This computer has a connection; some shared Wi-Fi lets no messages through."),
};

/** @param {Facts} facts @returns {Way} */
function homeScreen(facts) {
  const device = systemOf(facts);
  return {
    lead: t("An %(device)s gives messages only to what stands on its Home Screen. It takes three steps:", { device }),
    steps: [
      device === "iPad" ? t("Press Share, the square with an arrow, at the top. Where there is none, press the three dots first.") : t("Press Share, the square with an arrow, at the foot of the screen. Where there is none, press the three dots first."),
      t("Press Add to Home Screen, further down in the list, and then Add."),
      LAST,
    ],
  };
}

/** @param {Facts} facts @returns {string[]} how it is allowed again, here */
function allowing(facts) {
  const system = systemOf(facts);
  const browser = browserOf(facts);
  const again = t("Load this page again.");
  if (system === "iPhone" || system === "iPad") return [t("Open Settings, then Notifications, then Baton."), t("Turn on Allow Notifications."), t("Come back to Baton.")];
  if (facts.standalone && system === "Android") return [t("Hold Baton's icon and press App info."), t("Press Notifications and allow them."), t("Come back to Baton.")];
  if (browser === "chrome") return [t("Press the sign left of the address."), system === "Android" ? t("Press Permissions, then Notifications, and allow them.") : t("Turn on Notifications."), again];
  if (browser === "firefox") return [t("Press the padlock left of the address."), system === "Android" ? t("Press Notification until it says Allowed.") : t("Take away Blocked beside Send notifications."), again];
  if (browser === "safari") return [t("Open Safari's Settings, then Websites, then Notifications."), t("Choose Allow beside this site."), again];
  return [t("Open this browser's settings for this site."), t("Allow notifications."), again];
}

/** Where nothing can be allowed, whatever its settings show. @param {Facts} facts */
function privately(facts) {
  return facts.standalone ? "" : t("A private window stays blocked: open Baton in an ordinary one.");
}

/**
 * What stands between this device and messages; null where nothing does.
 * @param {Facts} facts
 * @returns {Way | null}
 */
export function wayOf(facts) {
  const word = deviceWord(facts);
  switch (abilityOf(facts)) {
    case "install":
      return homeScreen(facts);
    case "safari":
      return { lead: t("On an %(device)s, Baton is installed with Safari:", { device: systemOf(facts) }), steps: [t("Open this page in Safari."), t("Press Share, then Add to Home Screen, then Add."), LAST] };
    case "old":
      return { lead: t("Messages need iOS 16.4 or later, and Baton on the Home Screen."), steps: [t("Open Settings, then General, then Software Update."), t("Open Baton in Safari, press Share, then Add to Home Screen."), LAST] };
    case "denied":
      return { lead: BLOCKED[word], steps: allowing(facts), tail: privately(facts) };
    case "kiosk":
      return { lead: ONLY_OPEN[word], steps: [] };
    case "unsupported":
      return { lead: t("This browser shows messages only while Baton is open. A private window cannot do more; a newer browser can."), steps: [] };
    default:
      return null;
  }
}

/** @type {Record<string, string>} */
const DESK = {
  firefox: t("In the computer's own settings, Firefox may show notifications."),
  chrome: t("In the computer's own settings, the browser may show notifications."),
};

/** @param {Facts} facts what a person can look at when a message was sent and did not come */
export function checks(facts) {
  const system = systemOf(facts);
  const ios = t("In Settings, Notifications, Baton: Allow Notifications is on.");
  const own = {
    iPhone: ios,
    iPad: ios,
    Android: t("In Settings, Apps, Baton or the browser: notifications are allowed, and Battery is not set to Restricted."),
    desk: DESK[browserOf(facts)] || t("In the computer's own settings, this browser may show notifications."),
  }[system];
  return [CONNECTED[deviceWord(facts)], own];
}
