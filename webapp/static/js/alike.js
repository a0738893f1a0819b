// @ts-check
/** An earlier photo beside the one to judge, when the two look alike. It says what is so, and judges nothing. */

import { h } from "./dom.js";
import { row, t } from "./language.js";
import { when } from "./words.js";

/**
 * The earlier photo as the API tells it; what the reviewer may not see is null.
 * @typedef {{kind: "same" | "alike", rotated: boolean, at: string, location: string, time_zone: string, step_run: string | null,
 *   title: string | null, process: string | null, by: {id: string, name: string} | null, sha256: string | null}} Like
 */

/** @param {Like} like @param {number} now ms @returns {string} "Saturday 07:10, Kitchen, by Ben" */
function whose({ at, time_zone: zone, location: place, by }, now) {
  return row(when(at, now, zone), place, by && t("by %(name)s", { name: by.name }));
}

/** @param {Like} like @param {number} now ms @returns {string} */
export function alikeWords(like, now) {
  const other = whose(like, now);
  const lead = like.kind === "same" ? t("The same photo as that of %(other)s.", { other }) : t("Looks like the photo of %(other)s.", { other });
  const turned = like.rotated && t("One of them is turned or mirrored.");
  const ask = like.sha256 ? t("Look at both.") : t("It is of a place that you do not manage. Ask the owner to look at both.");
  return [lead, turned, ask].filter(Boolean).join(" ");
}

/**
 * @param {HTMLElement} picture the figure of the photo to judge
 * @param {Like} like
 * @param {number} now ms
 * @param {() => void} seen called when the earlier photo is on the screen, or cannot be
 */
export function pair(picture, like, now, seen) {
  const lost = h("p", { class: "notice need", hidden: true }, t("The earlier photo could not be loaded. Open this page again to see it."));
  const failed = () => {
    lost.hidden = false;
    seen();
  };
  const image = h("img", { alt: t("Photo of %(title)s", { title: row(like.title, whose(like, now)) }), onload: seen, onerror: failed });
  image.src = `/api/v1/blobs/${like.sha256}?size=page`;
  const words = h("figcaption", { class: "stamp" }, h("b", null, `${t("Earlier:")} `), row(like.title, whose(like, now)));
  picture.querySelector("figcaption")?.prepend(h("b", null, `${t("Now:")} `));
  return [h("div", { class: "pair" }, larger(picture), larger(h("figure", { class: "photo" }, image, words))), lost];
}

/** A picture that fills the row and goes back again. @param {HTMLElement} figure */
function larger(figure) {
  const turn = () => {
    const large = figure.classList.toggle("large");
    button.setAttribute("aria-pressed", String(large));
  };
  const button = h("button", { type: "button", class: "button plain", "aria-pressed": "false", onclick: turn }, t("Larger"));
  figure.append(button);
  return figure;
}
