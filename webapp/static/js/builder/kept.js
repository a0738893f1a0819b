// @ts-check
/** What was typed and arranged and not saved stays in this window, and is offered when one comes back. */

import { button, h } from "../dom.js";
import { t } from "../language.js";
import { fields } from "./live.js";

const PAUSE_MS = 300;

/** @param {HTMLFormElement} form */
const keyOf = (form) => `builder ${form.dataset.person} ${location.pathname}`;

/** Sends what was kept through the server once more, which shows the form filled with it. @param {string} kept */
function putBack(kept) {
  const inputs = [...new URLSearchParams(kept)].map(([name, value]) => h("input", { type: "hidden", name, value }));
  const again = h("form", { method: "post", hidden: true }, inputs, h("input", { type: "hidden", name: "action", value: "again" }));
  document.body.append(again);
  again.submit();
}

/** @param {HTMLFormElement} form @param {string} kept */
function offer(form, kept) {
  const forget = () => {
    sessionStorage.removeItem(keyOf(form));
    notice.remove();
  };
  const notice = h(
    "section",
    { class: "notice", id: "kept", role: "status" },
    h("p", null, t("What you typed here before was not saved. It is still in this window.")),
    h(
      "div",
      { class: "buttons" },
      button(t("Put it back"), () => putBack(kept), { class: "button" }),
      button(t("Throw it away"), forget, { class: "button quiet" }),
    ),
  );
  form.before(notice);
}

/** Whether this page was loaded once more: what was kept is then newer than what the page was sent with. */
function isAgain() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming && entry.type !== "navigate";
}

/** @param {HTMLFormElement} form marked as unsaved when it is not what is stored */
export function keepForm(form) {
  const key = keyOf(form);
  const first = fields(form).toString();
  const kept = sessionStorage.getItem(key);
  let isUnsaved = form.hasAttribute("data-unsaved") && !(kept && isAgain());
  if (isUnsaved) sessionStorage.setItem(key, first);
  else if (kept && kept !== first) offer(form, kept);
  const keep = () => {
    if (isUnsaved) sessionStorage.setItem(key, fields(form).toString());
  };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  form.addEventListener("input", () => {
    isUnsaved = true;
    document.getElementById("kept")?.remove();
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    isUnsaved = false;
    clearTimeout(timer);
    sessionStorage.removeItem(key);
  });
  addEventListener("pagehide", keep);
}
