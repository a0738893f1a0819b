// @ts-check
/** In words: the way to messages on each kind of device, with the names that its own buttons have. Pure. */

import { abilityOf, browserOf, deviceWord, systemOf } from "./platform.js";

/** @typedef {import("./platform.js").Facts} Facts */
/** @typedef {{lead: string, steps: string[]}} Way */

const LAST = "Open Baton from its new icon and press “Tell me when something becomes mine”.";

/** @param {Facts} facts @returns {Way} */
function homeScreen(facts) {
  const where = systemOf(facts) === "iPad" ? "at the top" : "at the foot of the screen";
  return {
    lead: `An ${systemOf(facts)} gives messages only to what stands on its Home Screen. It takes three steps:`,
    steps: [
      `Press Share, the square with an arrow, ${where}. Where there is none, press the three dots first.`,
      "Press Add to Home Screen, further down in the list, and then Add.",
      LAST,
    ],
  };
}

/** @param {Facts} facts @returns {string[]} how it is allowed again, here */
function allowing(facts) {
  const system = systemOf(facts);
  const browser = browserOf(facts);
  if (system === "iPhone" || system === "iPad") return ["Open Settings, then Notifications, then Baton.", "Turn on Allow Notifications.", "Come back to Baton."];
  if (facts.standalone && system === "Android") return ["Hold Baton's icon and press App info.", "Press Notifications and allow them.", "Come back to Baton."];
  if (browser === "chrome") return ["Press the sign left of the address.", system === "Android" ? "Press Permissions, then Notifications, and allow them." : "Turn on Notifications.", "Load this page again."];
  if (browser === "firefox") return ["Press the padlock left of the address.", system === "Android" ? "Press Notification until it says Allowed." : "Take away Blocked beside Send notifications.", "Load this page again."];
  if (browser === "safari") return ["Open Safari's Settings, then Websites, then Notifications.", "Choose Allow beside this site.", "Load this page again."];
  return ["Open this browser's settings for this site.", "Allow notifications.", "Load this page again."];
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
      return { lead: `On an ${systemOf(facts)}, Baton is installed with Safari:`, steps: ["Open this page in Safari.", "Press Share, then Add to Home Screen, then Add.", LAST] };
    case "old":
      return { lead: "Messages need iOS 16.4 or later, and Baton on the Home Screen.", steps: ["Open Settings, then General, then Software Update.", "Open Baton in Safari, press Share, then Add to Home Screen.", LAST] };
    case "denied":
      return { lead: `Messages from Baton are blocked on this ${word}. To allow them again:`, steps: allowing(facts) };
    case "kiosk":
      return { lead: `This ${word} shows messages only while Baton is open. To be told at other times too, open Baton in Chrome or Firefox.`, steps: [] };
    case "unsupported":
      return { lead: "This browser shows messages only while Baton is open. A private window cannot do more; a newer browser can.", steps: [] };
    default:
      return null;
  }
}

/** @param {Facts} facts what a person can look at when a message was sent and did not come */
export function checks(facts) {
  const system = systemOf(facts);
  const app = browserOf(facts) === "firefox" ? "Firefox" : browserOf(facts) === "chrome" ? "the browser" : "this browser";
  const own = {
    iPhone: "In Settings, Notifications, Baton: Allow Notifications is on.",
    iPad: "In Settings, Notifications, Baton: Allow Notifications is on.",
    Android: "In Settings, Apps, Baton or the browser: notifications are allowed, and Battery is not set to Restricted.",
    desk: `In the computer's own settings, ${app} may show notifications.`,
  }[system];
  return [`This ${deviceWord(facts)} has a connection; some shared Wi-Fi lets no messages through.`, own];
}
