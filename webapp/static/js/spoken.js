// @ts-check
/** The words of another language than English: fetched once, from this device where it keeps them. */

/** By what languages count, in the order of gettext's plural forms. */
const COUNTS = ["zero", "one", "two", "few", "many", "other"];
const PATIENCE_MS = 4_000;

const root = document.documentElement;
const { lang } = root;
const counting = new Intl.PluralRules(lang);

/** Digits as they are on keys and in what people enter, also in Arabic. */
export const tag = lang === "ar" ? "ar-u-nu-latn" : lang;

/** @returns {Promise<Record<string, string | string[]>>} by the English sentence; none, and English is said */
async function fetched() {
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS, {}));
  const words = fetch(`/static/words/${lang}.json`).then((answer) => answer.json());
  return Promise.race([words, late]).catch(() => ({}));
}

const words = await fetched();

/** @param {string} key @returns {string | undefined} */
export function known(key) {
  const text = words[key];
  return text && String(text);
}

/** @param {string} msgid @returns {string} */
export function said(msgid) {
  return known(msgid) || msgid;
}

/** @param {string} msgid the sentence for one @param {number} num @returns {string | undefined} */
export function form(msgid, num) {
  const forms = words[msgid];
  if (!Array.isArray(forms)) return;
  const count = counting.select(num);
  return forms.length < 3 ? forms[count === "one" ? 0 : 1] : forms[COUNTS.indexOf(count)];
}

/** What runs the other way round must not turn the sentence about it; a row of such goes with that. @param {unknown} value */
export function apart(value) {
  return root.dir === "rtl" && !String(value).startsWith("\u2068") ? `\u2068${value}\u2069` : String(value);
}

/** What the shell says, which is the same for everybody. */
function sayShell() {
  document.title = document.title.split(" · ").map(said).join(" · ");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = said(String(element.textContent).trim().replace(/\s+/g, " "));
  for (const element of document.querySelectorAll("[data-t-aria-label]")) element.setAttribute("aria-label", said(String(element.getAttribute("aria-label"))));
  delete root.dataset.words;
}

sayShell();
