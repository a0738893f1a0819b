// @ts-check
/**
 * What this page says, in the language of who reads it. English is what the code says; the words of
 * another language are here before any module begins that says something.
 */

/** As the page says of itself: theme.js wrote it there, or the server. */
export const language = document.documentElement.lang || "en";

/** What only another language than English needs. @type {typeof import("./spoken.js") | null} */
const other = language === "en" ? null : await import("./spoken.js").catch(() => null);

/** How Intl writes dates, numbers and lists here. */
export const tag = other ? other.tag : "en-GB";

/** What people wrote, so that its direction does not turn what stands around it. @param {any} value */
export function apart(value) {
  return other ? other.apart(value) : value;
}

/** Short words beside each other; what is empty is left out. @param {any[]} words */
export function row(...words) {
  return words.filter(Boolean).map(apart).join(t(", "));
}

/** @param {string} text @param {Record<string, any>} values */
function filled(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => apart(values[name]));
}

/** A sentence. @param {string} msgid in English @param {Record<string, any>} [values] for its `%(name)s`; none: they stay @returns {string} */
export function t(msgid, values) {
  const text = other ? other.said(msgid) : msgid;
  return values ? filled(text, values) : text;
}

/** A word that has several meanings, of which `context` says one. @param {string} context @param {string} msgid @returns {string} */
export function tc(context, msgid) {
  return other?.known(`${context}\u0004${msgid}`) || msgid;
}

/** A sentence for so many; `%(num)s` is the number. @param {string} one @param {string} many @param {number} num @param {Record<string, any>} [values] @returns {string} */
export function tn(one, many, num, values) {
  return filled(other?.form(one, num) || (num === 1 ? one : many), { num, ...values });
}

/** A number as it came, with the decimal sign of the language. @param {string | number} value @returns {string} */
export function number(value) {
  return String(value).replace(".", (1.1).toLocaleString(tag)[1]);
}
