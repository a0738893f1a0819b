// @ts-check
/** Chrome's own offer to install Baton, kept until somebody wants it: it comes once, early, to one page. */

/** @type {any} */
let offer = null;

/** @param {Event} event */
function keep(event) {
  event.preventDefault();
  offer = event;
}

/** Listens for it; once more does nothing. */
export const keepOffer = () => addEventListener("beforeinstallprompt", keep);

/** @returns {any} the offer; null where the browser makes none, or it was taken up */
export const offered = () => offer;

/** Asks the browser's own question. @returns {Promise<void>} when it was answered */
export async function install() {
  const kept = offer;
  offer = null; // it can be used once
  await kept?.prompt();
  await kept?.userChoice;
}
