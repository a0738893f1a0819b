// @ts-check
/** What follows from the form while it is typed: the server renders its parts, and keeps nothing. */

import { byId } from "../dom.js";
import { t, tn } from "../language.js";
import { suggest } from "./suggested.js";

const PAUSE_MS = 450;
const PARTS = ["dates", "findings"];
const RULES = ["remind", "reached_within"];

/** The fields as they are, without files. @param {HTMLFormElement} form @returns {URLSearchParams} */
export function fields(form) {
  const given = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") given.append(name, value);
  return given;
}

/** @param {HTMLFormElement} form @param {AbortSignal} signal @returns {Promise<Document>} */
async function follow(form, signal) {
  const body = fields(form);
  body.set("process", form.dataset.process ?? "");
  const address = /** @type {string} */ (form.dataset.live);
  const reply = await fetch(address, { method: "POST", body, signal, redirect: "error", headers: { "Baton-Client": "1" } });
  if (!reply.ok) throw new Error(String(reply.status));
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

/** @param {Document} found */
function put(found) {
  for (const id of PARTS) {
    const part = found.getElementById(id);
    if (part && part.innerHTML !== byId(id).innerHTML) byId(id).replaceWith(keeping(byId(id), document.adoptNode(part)));
  }
  for (const id of RULES) {
    const rule = found.querySelector(`#${id} option[value=""]`);
    const shown = document.querySelector(`#${id} option[value=""]`);
    if (rule && shown) shown.textContent = rule.textContent;
  }
}

/** What was unfolded stays so. @param {HTMLElement} before @param {HTMLElement} after */
function keeping(before, after) {
  const opened = [...before.querySelectorAll("details")].some((each) => each.open);
  for (const each of after.querySelectorAll("details")) each.open = opened;
  return after;
}

/** Says to who cannot see it when more or less was found. @param {string} before */
function tell(before) {
  const count = byId("findings").dataset.count ?? "0";
  if (count !== before) {
    const found = Number(count);
    byId("findings-said").textContent = found
      ? tn("%(num)s thing is worth a look now.", "%(num)s things are worth a look now.", found)
      : t("Nothing is worth a look now.");
  }
}

/** Follows every change of the form, after a pause in the typing. @param {HTMLFormElement} form */
export function watchForm(form) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let stop = new AbortController();
  async function look() {
    stop.abort();
    stop = new AbortController();
    const count = byId("findings").dataset.count ?? "0";
    try {
      const found = await follow(form, stop.signal);
      put(found);
      suggest(found);
      tell(count);
    } catch {
      // Without a reply what was found last stays; the next change asks again.
    }
  }
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  for (const each of document.querySelectorAll("[data-at-once]")) each.setAttribute("hidden", "");
}
