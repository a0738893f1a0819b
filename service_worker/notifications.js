// @ts-check
/** Messages: every push is shown, and what is pressed on it is done or opens the page where it can be. */

import { t } from "/sw/words.js";
import { read } from "/static/js/store.js";

/** @typedef {{id?: string, kind?: string, title?: string, body?: string, url?: string, tag?: string, image?: string | null, actions?: any[], step_run?: string | null, seen?: string | null}} Message */

/** Shown when the message cannot be read: a push that shows nothing costs the subscription on iOS. */
const UNREADABLE = { title: "Baton", url: "/today", tag: "baton" };

/** How long a message waits for its pictures: Chromium shows nothing for 90 s when one does not come. */
const PICTURE_MS = 4_000;

/** After how long a receipt that did not arrive is given once more. */
const RECEIPT_MS = 1_000;

const PICTURES = { icon: "/static/icons/icon-192.png", badge: "/static/icons/badge-96.png" };

/** @param {{json(): any} | null} data @returns {Message} */
export function messageOf(data) {
  try {
    const message = data?.json();
    return message && typeof message.title === "string" && message.title ? message : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

/** Only addresses of this site. @param {unknown} url @returns {string} */
export function addressOf(url) {
  try {
    const { origin, pathname, search, hash } = new URL(String(url || "/today"), self.location.origin);
    return origin === self.location.origin ? pathname + search + hash : "/today";
  } catch {
    return "/today";
  }
}

/** @param {string} path @param {any} body @param {string} [method] @returns {Promise<Response>} */
function post(path, body, method = "POST") {
  const headers = { "Content-Type": "application/json", "Baton-Client": "1", Accept: "application/json" };
  return fetch(path, { method, headers, body: JSON.stringify(body), credentials: "same-origin", redirect: "error" });
}

/** @param {Message} message @param {"reached" | "opened" | "acted"} event never in the way of showing */
async function receipt(message, event) {
  if (!message.id) return;
  try {
    const device = await read("meta", "device");
    if (!device) return;
    const give = () => post("/api/v1/receipts", { message: message.id, device, event });
    const answer = await give().catch(() => null);
    if (answer && answer.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, RECEIPT_MS));
    await give();
  } catch {
    // a receipt that does not arrive only means that the server goes on as if unreached
  }
}

/** Whether the picture is here in time. @param {string} url */
async function arrives(url) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PICTURE_MS);
  try {
    const response = await fetch(url, { credentials: "same-origin", redirect: "error", signal: late.signal });
    await response.blob();
    return response.ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Record<string, string>} pictures by the name of the option @returns {Promise<Record<string, string>>} those that are here */
async function here(pictures) {
  const all = Object.entries(pictures);
  const came = await Promise.all(all.map(([, url]) => arrives(url)));
  return Object.fromEntries(all.filter((_, i) => came[i]));
}

/** @param {string} title @param {Record<string, any>} options @param {Record<string, string>} pictures */
async function notify(title, options, pictures = PICTURES) {
  // @ts-ignore the service worker's own scope
  return self.registration.showNotification(title, { ...(await here(pictures)), ...options });
}

/** @param {Message} message */
async function show(message) {
  const { title = "Baton", body = message === UNREADABLE ? await t("Open to see what is yours.") : "", tag, image } = message;
  const actions = buttonsOf(message.actions);
  const pictures = image ? { ...PICTURES, image: addressOf(image) } : PICTURES;
  await notify(title, { body, tag: tag || undefined, actions, data: message }, pictures);
}

/** Only whole buttons: a browser refuses to show anything with half a one. @param {unknown} actions */
function buttonsOf(actions) {
  const whole = (/** @type {any} */ each) => typeof each?.action === "string" && typeof each?.title === "string";
  return Array.isArray(actions) ? actions.filter(whole) : [];
}

/** @param {string} type tells open pages, which alone touch the queue */
export async function wakePages(type = "wake") {
  // @ts-ignore
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage({ type });
}

/** A mark on the icon says that something is mine; how much, the next page says. @param {Message} message */
async function mark({ kind = "" }) {
  if (!["handoff", "sent_back", "reminder", "review"].includes(kind)) return;
  await /** @type {any} */ (self.navigator).setAppBadge?.().catch(() => undefined);
}

/** @param {{json(): any} | null} data */
export async function received(data) {
  const message = messageOf(data);
  await show(message);
  await Promise.all([receipt(message, "reached"), mark(message), wakePages()]);
}

/** @param {string} url brings the page that shows it to the front, or opens it */
async function open(url) {
  // @ts-ignore
  const { clients } = self;
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const same = pages.find((/** @type {any} */ p) => addressOf(p.url) === url);
  if (same) return same.focus();
  return clients.openWindow(url);
}

/** @param {Message} message */
function approvePage({ step_run, url }) {
  return step_run ? `/approve/${encodeURIComponent(step_run)}` : addressOf(url);
}

/** @param {Message} message */
const reviewPath = ({ step_run }) => `/api/v1/reviews/${encodeURIComponent(step_run || "")}`;

/** Takes an approval back as long as nobody acted on it. @param {Message} message */
async function undo(message) {
  const response = await post(reviewPath(message), {}, "DELETE").catch(() => null);
  const words = await (response?.ok ? t("Taken back. Open to decide.") : t("It could not be taken back. Open to see it."));
  await Promise.all([notify(words, { body: message.title, tag: message.tag, data: message }), wakePages()]);
}

/** Approves exactly the proof of the message. @param {Message} message */
async function approve(message) {
  const { step_run, seen, tag, title } = message;
  const response = await post(reviewPath(message), { decision: "approve", seen, reason: null }).catch(() => null);
  if (response?.ok && /json/.test(response.headers.get("Content-Type") || "")) {
    const data = { ...message, url: approvePage(message) };
    const actions = [{ action: "undo", title: await t("Undo") }];
    await Promise.all([notify(await t("Approved."), { body: title, tag, actions, data }), receipt(message, "acted"), wakePages()]);
    return;
  }
  await notApproved(message, response);
}

/** @param {Message} message @param {Response | null} response */
async function notApproved(message, response) {
  const { code } = (response?.status === 409 && (await response.json().catch(() => null))) || { code: "" };
  const url = approvePage(message);
  const words = code === "proof_replaced" ? t("The photo was replaced. Look again.") : code === "already_decided" ? t("It was already decided.") : t("Not approved yet. Open to decide.");
  await notify(await words, { body: message.title, tag: message.tag, data: { ...message, url } });
  await open(url).catch(() => undefined); // some browsers open pages only while the press is fresh
}

/** @param {any} event a press on a notification or on one of its buttons */
export async function pressed({ notification, action }) {
  /** @type {Message} */
  const message = notification.data || {};
  // What follows an approval takes the place of this one by its tag; a close could overtake it.
  if (!["approve", "undo"].includes(action) || !message.tag) notification.close();
  if (action === "undo" && message.step_run) return undo(message);
  if (action === "approve" && message.step_run && message.seen) return approve(message);
  const url = action === "send_back" ? `${approvePage(message)}?do=send_back` : addressOf(message.url);
  await Promise.all([open(url), receipt(message, "opened")]);
}
