// @ts-check
/**
 * Big keys for a number, for gloves and for phones whose own number keys have no minus. On a touch
 * screen they take the place of the phone's keyboard until that is asked for; elsewhere they wait.
 */

import { button, h } from "../dom.js";
import { number, t } from "../language.js";

const KEYS = ["1", "2", "3", "delete", "4", "5", "6", "7", "8", "9", "minus", ".", "0"];
/** @type {Record<string, {label: string, name: string, class: string}>} */
const SPECIAL = {
  delete: { label: "⌫", name: t("Delete"), class: "key tall" },
  minus: { label: "\u2212", name: t("Minus"), class: "key tall" },
  ".": { label: number("."), name: t("Decimal point"), class: "key" },
  0: { label: "0", name: "0", class: "key broad" },
};

/** What the field holds after a key. @param {string} value @param {string} key */
export function pressed(value, key) {
  if (key === "delete") return value.slice(0, -1);
  if (key === "minus") return /^[-\u2212]/.test(value) ? value.slice(1) : `-${value}`;
  if (key === ".") return /[.,]/.test(value) ? value : value + number(".");
  return value + key;
}

/** @param {HTMLInputElement} input */
export function numberPad(input) {
  const keys = h("div", { class: "pad", role: "group", "aria-label": t("Number keys") }, KEYS.map(key));
  const turn = button("", () => show(Boolean(keys.hidden)), { class: "button plain pad-turn" });

  /** @param {string} name */
  function key(name) {
    const { label, name: said, class: kind } = SPECIAL[name] || { label: name, name, class: "key" };
    // The field keeps the focus: no keyboard comes and goes, and a screen reader stays where it is.
    const hold = (/** @type {Event} */ event) => event.preventDefault();
    const press = () => {
      const value = pressed(input.value, name);
      if (value.length > input.maxLength) return;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    return h("button", { type: "button", class: kind, "aria-label": said, onpointerdown: hold, onmousedown: hold, onclick: press }, label);
  }

  /** @param {boolean} on */
  function show(on) {
    keys.hidden = !on;
    input.inputMode = on && matchMedia("(pointer: coarse)").matches ? "none" : "decimal";
    turn.textContent = on ? t("Use the keyboard") : t("Show number keys");
  }

  turn.addEventListener("click", () => keys.hidden && input.focus());
  show(matchMedia("(pointer: coarse)").matches);
  return h("div", { class: "pad-place" }, keys, turn);
}
