// @ts-check
/** What this browser can do about messages, and what it is called. Pure but for `facts`. */

/**
 * @typedef {object} Facts
 * @property {string} ua
 * @property {string} platform
 * @property {number} touch how many fingers it feels
 * @property {boolean} standalone opened from an icon, as an app
 * @property {boolean} able service worker, push and notifications are all there
 * @property {string} permission default | granted | denied
 */
/** @typedef {"install" | "safari" | "old" | "kiosk" | "unsupported" | "denied" | "ready"} Ability */

/** @returns {Facts} of this browser, now */
export function facts() {
  const standalone = matchMedia("(display-mode: standalone)").matches || /** @type {any} */ (navigator).standalone === true;
  const able = "serviceWorker" in navigator && "PushManager" in self && "Notification" in self;
  const permission = "Notification" in self ? Notification.permission : "default";
  return { ua: navigator.userAgent, platform: navigator.platform, touch: navigator.maxTouchPoints, standalone, able, permission };
}

/** @param {Facts} facts @returns {"iPhone" | "iPad" | "Android" | "desk"} */
export function systemOf({ ua, platform, touch }) {
  if (/iPad/.test(ua) || (platform === "MacIntel" && touch > 1)) return "iPad"; // an iPad says that it is a Mac
  if (/iPhone|iPod/.test(ua)) return "iPhone";
  return /Android/.test(ua) ? "Android" : "desk";
}

/** @param {Facts} facts @returns {"phone" | "tablet" | "computer"} what people call it */
export function deviceWord(facts) {
  const system = systemOf(facts);
  if (system === "desk") return "computer";
  return system === "iPad" || (system === "Android" && !/Mobile/.test(facts.ua)) ? "tablet" : "phone";
}

/** @param {Facts} facts @returns {"firefox" | "chrome" | "safari" | "other"} those whose ways we know; Edge asks as Chrome does */
export function browserOf({ ua }) {
  if (/Firefox|FxiOS/.test(ua)) return "firefox";
  if (/SamsungBrowser|OPR\//.test(ua)) return "other";
  if (/Chrome|Chromium|CriOS|Edg/.test(ua)) return "chrome";
  return /Version\/.*Safari/.test(ua) ? "safari" : "other";
}

/** Messages need iOS 16.4; an iPad does not always tell its version. @param {Facts} facts */
function isOld({ ua }) {
  const found = /(?:\bOS |Version\/)(\d+)[._](\d+)/.exec(ua);
  return Boolean(found) && Number(found?.[1]) + Number(found?.[2]) / 100 < 16.04;
}

/** @param {Facts} facts @returns {Ability} */
export function abilityOf(facts) {
  const system = systemOf(facts);
  const apple = system === "iPhone" || system === "iPad";
  if (apple && isOld(facts)) return "old";
  if (apple && !facts.standalone) return browserOf(facts) === "safari" ? "install" : "safari";
  if (!facts.able) return apple ? "old" : system === "Android" ? "kiosk" : "unsupported";
  return facts.permission === "denied" ? "denied" : "ready";
}
