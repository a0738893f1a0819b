// @ts-check
/**
 * The page to sign in. What stands in the address after "#", as the code of a tablet to be paired,
 * is for the page that comes next: the form takes it along, since browsers keep it over a redirect.
 */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[action$='/sign-in']"));
if (form && location.hash) form.action += location.hash;
