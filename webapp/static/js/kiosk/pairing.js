// @ts-check
/** A tablet that is not paired: its code for an owner or manager, and what lies here meanwhile. */

import { always, call, Problem } from "../api.js";
import { me } from "../day.js";
import { busyButton, h, show } from "../dom.js";
import { deviceId } from "../ids.js";
import { t, tn } from "../language.js";
import { rescueButton } from "../rescue-button.js";
import { signOut } from "../leave.js";
import { lyingHere } from "./light.js";

const POLL_MS = 3_000;
const AGAIN_MS = 15_000;
const SVG = "http://www.w3.org/2000/svg";

/** @param {{size: number, path: string}} qr @param {string} url */
function drawn({ size, path }, url) {
  const svg = document.createElementNS(SVG, "svg");
  const shape = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("QR code of %(address)s", { address: url.replace(/#.*/, "") }));
  shape.setAttribute("d", path);
  svg.append(shape);
  return h("div", { class: "qr" }, svg);
}

/** @param {any} shown */
function codeParts({ code, url, qr }) {
  const place = url.replace(/^https?:\/\//, "").replace(/\/pair#.*/, "");
  return h(
    "div",
    { class: "pairing" },
    drawn(qr, url),
    h("div", { class: "stacked" }, h("p", { class: "lead" }, t("An owner or manager scans this with their phone, or types this code there on the page Kiosks.")), h("p", { class: "code" }, h("span", { class: "vh" }, `${t("Code:")} `), code), h("p", { class: "hint" }, `${place}. ${t("The code is for one tablet and renews itself every ten minutes.")}`)),
  );
}

/** What happened to a tablet that was paired, and what of it is still here. @param {string} name */
async function revokedParts(name) {
  const { count } = await lyingHere();
  const still = count ? tn("%(num)s thing done here is not yet on the server. It stays on this tablet, and is sent when it is paired again with the same organisation.", "%(num)s things done here are not yet on the server. They stay on this tablet, and are sent when it is paired again with the same organisation.", count) : t("Everything done here is on the server.");
  return h("section", { class: "notice need", role: "alert" }, h("h2", null, t("This tablet was signed off.")), h("p", null, [name && t("It was “%(name)s”.", { name }), t("An owner or manager ended it."), still].filter(Boolean).join(" ")), count > 0 && rescueButton());
}

/** Somebody is signed in on this browser, who has to leave first. @param {import("../day.js").Me} who */
function signedInParts(who) {
  delete always["Baton-Kiosk"]; // it is this person who leaves
  const form = h("form", { method: "post", action: "/sign-out", hidden: true });
  return h("nav", { class: "stacked" }, h("p", { class: "lead" }, t("%(name)s is signed in on this browser.", { name: who.person.name })), h("p", null, t("A kiosk is nobody's own. Sign out here first; then this page shows the code.")), form, busyButton(t("Sign out here"), t("Signing out"), () => signOut(form)), h("a", { class: "button plain", href: "/today" }, t("Yours today")));
}

/** Who is signed in on this browser, also where no page of theirs was opened on it yet. @returns {Promise<import("../day.js").Me | null>} */
async function signedIn() {
  const who = await me().catch(() => null);
  if (who?.signed_in) return who;
  // Not by `call`, which asks as a tablet and not as a person's browser.
  const reply = await fetch("/api/v1/today", { headers: { Accept: "application/json", "Baton-Client": "1" }, credentials: "same-origin", cache: "no-store", redirect: "error" }).catch(() => null);
  return reply?.ok ? reply.json().catch(() => null) : null;
}

/**
 * Shows the code in `app` until somebody confirmed it.
 * @param {HTMLElement} app @param {{revoked: boolean, name: string}} before
 * @param {() => void} paired
 * @returns {() => void} stops asking
 */
export function pairingView(app, { revoked, name }, paired) {
  /** @type {any} */
  let shown = null;
  let over = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const lead = h("div");
  const place = h("div", null, h("p", { class: "lead" }, t("Asking for a code.")));

  /** @param {() => Promise<unknown>} work @param {number} ms */
  const later = (work, ms) => (timer = over ? undefined : setTimeout(work, ms));

  async function begin() {
    try {
      shown = await call("POST", "/api/v1/kiosk/pairings", { json: { device: await deviceId() } });
      show(place, codeParts(shown));
      later(poll, POLL_MS);
    } catch (error) {
      const words = error instanceof Problem && error.status ? error.detail : t("There is no connection. The code shows here by itself once there is one.");
      show(place, h("p", { class: "notice", role: "status" }, words));
      later(begin, AGAIN_MS);
    }
  }

  async function poll() {
    try {
      const answer = await call("POST", "/api/v1/kiosk/pairings/poll", { json: { poll: shown.poll } });
      if (answer.status === "paired") return paired();
      later(poll, POLL_MS);
    } catch (error) {
      const gone = error instanceof Problem && error.code === "pairing_over";
      later(gone ? begin : poll, gone ? 0 : POLL_MS);
    }
  }

  async function start() {
    const who = await signedIn();
    if (who) return show(app, signedInParts(who));
    if (revoked) show(lead, await revokedParts(name));
    if (over) return; // it was let in again meanwhile
    show(app, lead, place);
    await begin();
  }

  start();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
