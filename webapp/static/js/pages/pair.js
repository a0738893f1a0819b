// @ts-check
/**
 * The page on which a tablet is confirmed. Its code sits in the address after "#", which no server
 * sees; it is put into the form, where whoever confirms compares it with the tablet.
 */

const input = /** @type {HTMLInputElement | null} */ (document.getElementById("code"));
const code = decodeURIComponent(location.hash.slice(1));
if (input && code && !input.value) {
  input.value = code;
  history.replaceState(null, "", location.pathname);
  document.getElementById("name")?.focus();
}
