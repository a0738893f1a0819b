// @ts-check
/** What this device is called in sentences: a phone, and a tablet where it is a kiosk. */
export const here = { word: "phone" };

/** @param {string} phone the sentence about a phone @param {string} tablet and about a tablet */
export function ofHere(phone, tablet) {
  return here.word === "phone" ? phone : tablet;
}
