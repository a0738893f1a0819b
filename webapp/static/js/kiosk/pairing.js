// @ts-check
/** A tablet that is not paired: its code for an owner or manager, and what lies here meanwhile. */

import { always, call, Problem } from "../api.js";
import { me } from "../day.js";
import { busyButton, h, show } from "../dom.js";
import { deviceId } from "../ids.js";
import { rescueButton } from "../rescue-button.js";
import { signOut } from "../leave.js";
import { counted } from "../words.js";
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
  svg.setAttribute("aria-label", `QR code of ${url.replace(/#.*/, "")}`);
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
    h("div", { class: "stacked" }, h("p", { class: "lead" }, "An owner or manager scans this with their phone, or types this code there on the page Kiosks."), h("p", { class: "code" }, h("span", { class: "vh" }, "Code: "), code), h("p", { class: "hint" }, `${place}. The code is for one tablet and renews itself every ten minutes.`)),
  );
}

/** What happened to a tablet that was paired, and what of it is still here. @param {string} name */
async function revokedParts(name) {
  const { count } = await lyingHere();
  const still = count ? `${counted(count, "thing")} done here ${count === 1 ? "is" : "are"} not yet on the server. ${count === 1 ? "It stays" : "They stay"} on this tablet, and ${count === 1 ? "is" : "are"} sent when it is paired again with the same organisation.` : "Everything done here is on the server.";
  return h("section", { class: "notice need", role: "alert" }, h("h2", null, "This tablet was signed off."), h("p", null, `${name ? `It was “${name}”. ` : ""}An owner or manager ended it. ${still}`), count > 0 && rescueButton());
}

/** Somebody is signed in on this browser, who has to leave first. @param {import("../day.js").Me} who */
function signedInParts(who) {
  delete always["Baton-Kiosk"]; // it is this person who leaves
  const form = h("form", { method: "post", action: "/sign-out", hidden: true });
  return h("nav", { class: "stacked" }, h("p", { class: "lead" }, `${who.person.name} is signed in on this browser.`), h("p", null, "A kiosk is nobody's own. Sign out here first; then this page shows the code."), form, busyButton("Sign out here", "Signing out", () => signOut(form)), h("a", { class: "button plain", href: "/today" }, "Yours today"));
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
  const place = h("div", null, h("p", { class: "lead" }, "Asking for a code."));

  /** @param {() => Promise<unknown>} work @param {number} ms */
  const later = (work, ms) => (timer = over ? undefined : setTimeout(work, ms));

  async function begin() {
    try {
      shown = await call("POST", "/api/v1/kiosk/pairings", { json: { device: await deviceId() } });
      show(place, codeParts(shown));
      later(poll, POLL_MS);
    } catch (error) {
      const words = error instanceof Problem && error.status ? error.detail : "There is no connection. The code shows here by itself once there is one.";
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
    const who = await me().catch(() => null);
    if (who?.signed_in) return show(app, signedInParts(who));
    if (revoked) show(lead, await revokedParts(name));
    show(app, lead, place);
    await begin();
  }

  start();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
