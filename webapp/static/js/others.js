// @ts-check
/** What lies on this device of others than who works on it now. */

import { tn } from "./language.js";

/**
 * What lies here of others, who alone can send it.
 * @param {Record<string, number>} others counts by the person's id
 * @param {Record<string, string>} names
 * @returns {string} "2 of Ana's are on this phone too; they are sent when Ana signs in."
 */
export function othersWords(others, names) {
  const one = (/** @type {[string, number]} */ [id, count]) => {
    const name = names[id];
    if (!name) return tn("%(num)s of another person's is on this phone too; it is sent when that person signs in.", "%(num)s of another person's are on this phone too; they are sent when that person signs in.", count);
    return tn("%(num)s of %(name)s's is on this phone too; it is sent when %(name)s signs in.", "%(num)s of %(name)s's are on this phone too; they are sent when %(name)s signs in.", count, { name });
  };
  return Object.entries(others).map(one).join(" ");
}
