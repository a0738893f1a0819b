// @ts-check
/** Where no time zone is chosen yet, the one of this browser is: most visitors are where they work. */

const field = /** @type {HTMLSelectElement} */ (document.querySelector("[name=time_zone]"));

if (field.value === "") {
  field.value = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field.selectedIndex < 0) field.value = "";
}
