// @ts-check
/** The button of the rescue file. What makes the file is loaded when it is pressed. */

import { busyButton, h } from "./dom.js";
import { ofHere } from "./here.js";
import { t } from "./language.js";

/** @returns {HTMLElement} makes the file, and says what to do with it */
export function rescueButton() {
  const said = h("p", { role: "status" });
  const make = async () => {
    said.textContent = "";
    said.textContent = await import("./rescue.js").then(({ download }) => download()).then(
      (file) => t(ofHere(t("%(file)s lies with your downloads. Give it to your owner, who can take it in. Everything stays on this phone too."), t("%(file)s lies with your downloads. Give it to your owner, who can take it in. Everything stays on this tablet too.")), { file }),
      () => t("The file could not be made. Press again."),
    );
  };
  return h("div", { class: "stack" }, busyButton(t("Make a rescue file"), t("Making it"), make, { class: "button quiet" }), said);
}
