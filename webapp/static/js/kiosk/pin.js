// @ts-check
/** The PIN of whoever tapped their name: big keys, and a field that takes a keyboard and a paste too. */

import { Problem } from "../api.js";
import { h, show } from "../dom.js";
import { t, tag, tn } from "../language.js";
import { announce } from "../sync.js";
import { beginTurn } from "./turns.js";

/** @typedef {import("./place.js").Place} Place */
/** @typedef {import("./place.js").Somebody} Somebody */

const SHORTEST = 4;
const LONGEST = 6;
const DELETE = t("Delete");
const GO_ON = t("Go on");
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", DELETE, "0", GO_ON];
const NO_PIN = t("Set one on your own phone: open Baton there and choose You. Or ask the owner for one.");

/** By the clock that the board shows. @param {string} until @param {string} timeZone */
function atTime(until, timeZone) {
  return new Date(until).toLocaleTimeString(tag, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone });
}

/** What the server's answer means to who typed. @param {Problem} problem @param {string} name @param {string} zone of the place */
export function refusalWords({ code, detail, body }, name, zone) {
  if (code === "pin_locked") return t("Too many wrong PINs for %(name)s. Try again at %(time)s.", { name, time: atTime(body.until, zone) });
  if (code === "kiosk_locked") return t("Too many wrong PINs here today. An owner or manager can unlock this tablet on their page Kiosks; without that it takes PINs again tomorrow.");
  if (code === "pin_missing") return `${t("%(name)s has no PIN yet.", { name })} ${NO_PIN}`;
  if (code === "not_found") return t("%(name)s is not on this tablet any more. Ask the owner.", { name });
  if (code !== "pin_wrong") return detail;
  if (body.until) return t("This is not the PIN of %(name)s. Try again at %(time)s.", { name, time: atTime(body.until, zone) });
  const then = body.tries_left > 0 ? tn("%(num)s more try, then there is a wait.", "%(num)s more tries, then there is a wait.", body.tries_left) : t("Try again.");
  return `${t("This is not the PIN of %(name)s.", { name })} ${then}`;
}

/**
 * @param {Place} place @param {Somebody} who
 * @param {(turn: import("./turns.js").Turn) => void} begun
 * @param {() => void} back
 * @returns {HTMLElement}
 */
export function pinView(place, who, begun, back) {
  const said = h("p", { class: "notice need", role: "alert", hidden: true });
  const hint = h("p", { class: "hint", id: "pin-hint", role: "status" }, t("4 to 6 digits."));
  const coarse = matchMedia("(pointer: coarse)").matches;
  const input = h("input", { id: "pin", type: "password", class: "pin", inputmode: coarse ? "none" : "numeric", autocomplete: "off", maxlength: 12, "aria-describedby": "pin-hint", "data-key": "pin" });
  let busy = false;

  /** @param {string} words */
  function refuse(words) {
    input.value = "";
    said.textContent = words;
    said.hidden = false;
    hint.textContent = t("4 to 6 digits.");
    input.focus();
  }

  async function submit() {
    const pin = input.value.replace(/\s/g, "");
    if (busy) return;
    if (!/^\d+$/.test(pin) || pin.length < SHORTEST || pin.length > LONGEST) return refuse(t("A PIN has 4 to 6 digits."));
    busy = true;
    hint.textContent = t("One moment.");
    try {
      begun(await beginTurn(place.seal_key, who.id, pin));
    } catch (error) {
      refuse(error instanceof Problem ? refusalWords(error, who.name, place.location.time_zone) : t("This tablet could not keep it. Try again."));
      if (error instanceof Problem && error.status === 401 && error.code !== "pin_wrong") announce();
    }
    busy = false;
  }

  function typed() {
    said.hidden = said.hidden || input.value === "";
    if (input.value.replace(/\s/g, "").length === LONGEST) submit();
  }

  /** @param {string} name */
  function key(name) {
    const hold = (/** @type {Event} */ event) => event.preventDefault(); // the field keeps the focus
    const press = () => {
      if (name === GO_ON) return submit();
      input.value = name === DELETE ? input.value.slice(0, -1) : input.value + name;
      typed();
    };
    return h("button", { type: "button", class: name === GO_ON ? "key go" : name === DELETE ? "key word" : "key", onpointerdown: hold, onmousedown: hold, onclick: press }, name);
  }

  input.addEventListener("input", typed);
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && submit());
  const other = h("button", { type: "button", class: "button plain", onclick: back }, t("Not %(name)s", { name: who.name }));
  const view = h("div", { class: "pin-view" });
  if (!who.has_pin) {
    const leave = h("button", { type: "button", class: "button big", onclick: back, "data-key": "pin" }, t("Back to the names"));
    show(view, h("div", { class: "stacked" }, h("p", { class: "lead" }, t("%(name)s has no PIN yet.", { name: who.name })), h("p", null, NO_PIN), leave));
  } else {
    const field = h("div", { class: "field" }, h("label", { for: "pin" }, t("Your PIN")), hint, input);
    show(view, h("div", { class: "stacked" }, field, said, other), h("div", { class: "pin-pad", role: "group", "aria-label": t("Number keys") }, KEYS.map(key)));
  }
  requestAnimationFrame(() => /** @type {HTMLElement | null} */ (view.querySelector("[data-key=pin]"))?.focus());
  return view;
}
