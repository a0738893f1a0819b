// @ts-check
/** A file as proof, before who judges it: a picture is shown, anything else is opened by them. */

import { h } from "./dom.js";
import { t } from "./language.js";

/**
 * @param {{sha256: string, name?: string | null, media_type?: string | null}} proof
 * @param {string} stamp when it came
 * @param {() => void} seen called when it was shown or opened: until then nothing is decided
 */
export function fileShown({ sha256, name, media_type }, stamp, seen) {
  const called = name || t("The file");
  const at = `/api/v1/blobs/${sha256}`;
  const link = h("a", { href: `${at}/file`, download: called, onclick: seen }, called);
  const card = h("section", { class: "card" }, h("p", null, link), h("p", { class: "who" }, t("Open the file, then decide.")), h("p", { class: "from" }, stamp));
  if (!media_type?.startsWith("image/")) return card;
  // Of some kinds of picture only the server's own copy can be shown, of some none can.
  const onload = () => {
    card.replaceWith(h("figure", { class: "photo" }, image, h("figcaption", { class: "stamp" }, `${called}. ${stamp}`)));
    seen();
  };
  const image = h("img", { alt: called, onload, src: `${at}?size=page` });
  return card;
}
