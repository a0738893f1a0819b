// @ts-check
/** Facts to words. Pure: no page, no storage, and the time is always given. */

import { apart, row, t, tag, tn } from "./language.js";

/** @typedef {import("./day.js").Step} Step */
/** @typedef {import("./day.js").Run} Run */

/** @type {Record<"hour" | "day" | "weekday" | "date", [string, Intl.DateTimeFormatOptions]>} */
const FORMATS = {
  hour: [tag, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }],
  day: ["en-CA", { year: "numeric", month: "2-digit", day: "2-digit" }],
  weekday: [tag, { weekday: "long" }],
  date: [tag, { day: "numeric", month: "long" }],
};
/** Making one takes far longer than using it. @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();

/** The device's own zone, which somebody may change, by what its clock is apart in winter, in summer and then. @param {Date | number} at */
function ownZone(at) {
  const year = new Date(at).getFullYear();
  return [new Date(year, 0), new Date(year, 6), new Date(at)].map((day) => day.getTimezoneOffset()).join();
}

/** @param {keyof typeof FORMATS} name @param {Date | number} at @param {string} [zone] none: the device's own */
export function format(name, at, zone) {
  const key = `${name} ${zone || ownZone(at)}`;
  const formatter = made.get(key) || formatterOf(name, zone);
  made.set(key, formatter);
  return formatter.format(at);
}

/** @param {keyof typeof FORMATS} name @param {string} [timeZone] */
function formatterOf(name, timeZone) {
  const [language, options] = FORMATS[name];
  try {
    return new Intl.DateTimeFormat(language, { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat(language, options); // a zone that this browser does not know
  }
}

/** @param {string} iso @param {string} [zone] IANA name, else the device's own @returns {string} "07:05" */
export function hour(iso, zone) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? "" : format("hour", at, zone);
}

/**
 * The time, with its day when it is another day.
 * @param {string} iso
 * @param {number} now ms
 * @param {string} [zone]
 */
export function when(iso, now, zone) {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return "";
  if (format("day", at, zone) === format("day", now, zone)) return hour(iso, zone);
  const near = Math.abs(at - now) < 6 * 24 * 3600 * 1000;
  return t("%(time)s on %(day)s", { day: format(near ? "weekday" : "date", at, zone), time: hour(iso, zone) });
}

/**
 * The day, as a heading of what comes.
 * @param {string} iso
 * @param {number} now ms
 * @param {string} [zone]
 * @returns {string} "Today", "Tomorrow", "Yesterday", "Thursday", else "3 October"
 */
export function dayName(iso, now, zone) {
  const at = Date.parse(iso);
  const days = Math.round((Date.parse(format("day", at, zone)) - Date.parse(format("day", now, zone))) / 86_400_000);
  const near = /** @type {Record<string, string>} */ ({ "-1": t("Yesterday"), 0: t("Today"), 1: t("Tomorrow") })[days];
  if (near) return near;
  const name = format(Math.abs(days) < 7 ? "weekday" : "date", at, zone);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * Times of a run are read on its location's clock; where this device's shows another time, that is said.
 * @param {{location: string, time_zone: string}} run
 * @param {number} now ms
 * @returns {string} "Downtown", or "Downtown, times in Chicago"
 */
export function placeWords({ location: place, time_zone: zone }, now) {
  const clock = (/** @type {string} */ where) => format("day", now, where) + format("hour", now, where);
  if (clock(zone) === clock("")) return place;
  return t("%(place)s, times in %(city)s", { place, city: zone.slice(zone.lastIndexOf("/") + 1).replace(/_/g, " ") });
}

/** @param {number} ms a length of time @returns {string} "6 minutes" */
export function length(ms) {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 1) return t("less than a minute");
  if (minutes < 60) return tn("%(num)s minute", "%(num)s minutes", minutes);
  const hours = Math.round(minutes / 60);
  return hours < 48 ? tn("%(num)s hour", "%(num)s hours", hours) : tn("%(num)s day", "%(num)s days", Math.round(hours / 24));
}

const KINDS = {
  photo: [t("photo"), t("Take the photo")],
  number: [t("number"), t("Enter the number")],
  note: [t("note"), t("Write the note")],
  timed: [t("timed check"), t("Do the check")],
  signature: [t("signature"), t("Sign")],
  file: [t("file"), t("Add the file")],
  scan: [t("scan"), t("Scan the code")],
};

/** @param {string} kind a proof kind @returns {string} the word for it */
export function kindWord(kind) {
  return (KINDS[/** @type {keyof KINDS} */ (kind)] || [kind])[0];
}

/** @param {string} kind @returns {string} the button that leads to it */
export function kindVerb(kind) {
  return (KINDS[/** @type {keyof KINDS} */ (kind)] || ["", t("See the step")])[1];
}

/** Said after somebody's name and a colon; `because` says the same in the midst of a sentence. */
const REASONS = {
  missed: t("did not get to it"),
  cannot_do: t("cannot do it"),
  absent: t("is away"),
  deactivated: t("no longer works here"),
  unreached: t("could not be reached"),
  unreachable: t("cannot be reached"),
};

/** Why somebody has it no more, or was passed over. @param {string | null | undefined} reason @returns {string} */
function reasonWords(reason) {
  return REASONS[/** @type {keyof REASONS} */ (reason)] || t("could not");
}

const BECAUSE = {
  // Translators: follows "because", in the midst of a sentence
  missed: t("%(name)s did not get to it"),
  // Translators: follows "because", in the midst of a sentence
  cannot_do: t("%(name)s cannot do it"),
  // Translators: follows "because", in the midst of a sentence
  absent: t("%(name)s is away"),
  // Translators: follows "because", in the midst of a sentence
  deactivated: t("%(name)s no longer works here"),
  // Translators: follows "because", in the midst of a sentence
  unreached: t("%(name)s could not be reached"),
  // Translators: follows "because", in the midst of a sentence
  unreachable: t("%(name)s cannot be reached"),
};

/** @param {string} name @param {string | null | undefined} reason @returns {string} */
function because(name, reason) {
  // Translators: follows "because", in the midst of a sentence
  return t(BECAUSE[/** @type {keyof BECAUSE} */ (reason)] || t("%(name)s could not"), { name });
}

/** Who has it now and why: the reader, or `holder`. @param {string | undefined} holder @param {string} why @param {string | null | undefined} words */
function nowWords(holder, why, words) {
  const values = { holder, why, words };
  if (holder) return words ? t("With %(holder)s now, because %(why)s: “%(words)s”", values) : t("With %(holder)s now, because %(why)s.", values);
  return words ? t("Yours now, because %(why)s: “%(words)s”", values) : t("Yours now, because %(why)s.", values);
}

/** Whose device is not heard from, and since when. @param {NonNullable<Step["handed_over"]>} moved @param {string} name @param {string} [zone] @returns {string} */
function darkWords({ dark_since, dark_device: device, at }, name, zone) {
  if (!dark_since) return "";
  const values = { device, name, time: when(dark_since, Date.parse(at), zone) };
  return device ? t("%(device)s was last heard from at %(time)s.", values) : t("%(name)s's phone was last heard from at %(time)s.", values);
}

/** Who handed it over and why, and since when their phone is not heard from. @param {Step} step @param {string} [zone] @param {string} [holder] who has it, if not the reader @returns {string} a sentence, or empty */
export function handedWords(step, zone, holder) {
  const moved = step.handed_over;
  if (!moved) return "";
  if (!moved.from) return holder ? t("With %(holder)s now.", { holder }) : t("Yours now.");
  const { name } = moved.from;
  // Whoever takes over knows whether to ring, and that the work may be done and not sent.
  return `${nowWords(holder, because(name, moved.reason), moved.words)} ${darkWords(moved, name, zone)}`.trim();
}

/** Why a planned step will begin with me, not with who is responsible. @param {Step} step @returns {string} a sentence, or empty */
export function standInWords({ mine, state, chain, level }) {
  const passed = state === "waiting" && mine ? chain.slice(0, level) : [];
  return passed.length ? t("Yours, because %(why)s.", { why: listed(passed.map((each) => because(each.person.name, each.passed_over))) }) : "";
}

/** @param {Step} step @param {number} now @returns {string} */
export function fromWords(step, now) {
  const moved = step.handed_over;
  return moved?.from ? t("from %(name)s, %(time)s ago", { name: moved.from.name, time: length(now - Date.parse(moved.at)) }) : "";
}

const ROLES = { assignee: t("responsible"), backup: t("backup"), fallback: t("fallback"), owner: t("owner") };

/**
 * The four stations.
 * @param {Step} step
 * @returns {{state: "past" | "hold" | "over" | "", words: string}[]}
 */
export function stations(step) {
  return step.chain.map((level, index) => {
    const who = row(level.person.name, ROLES[/** @type {keyof ROLES} */ (level.role)] || level.role);
    const [state, words] = stationWords(level, index - step.level, who);
    return { state, words: `${words} ` };
  });
}

/** @param {import("./day.js").Level} level @param {number} place from the one who holds it @param {string} who @returns {["past" | "hold" | "over" | "", string]} */
function stationWords({ passed_over, left }, place, who) {
  if (!place) return ["hold", t("%(who)s: holds it now.", { who })];
  if (passed_over) return ["over", t("%(who)s: %(why)s, so it was passed over.", { who, why: reasonWords(passed_over) })];
  if (place < 0) return ["past", t("%(who)s: %(why)s.", { who, why: left ? reasonWords(left) : t("had it before") })];
  return ["", t("%(who)s: comes later.", { who })];
}

/** Who is away and had it or would have had it, save the one whom `handedWords` names. @param {Step} step */
function othersAway({ chain, handed_over }) {
  const away = chain.filter((level) => (level.passed_over || level.left) === "absent");
  return away.filter((level) => level.person.id !== handed_over?.from?.id).map((level) => `${t("%(name)s is away.", { name: level.person.name })} `).join("");
}

/** Who holds it and who is next. @param {Step} step @param {string} zone @param {number} now */
export function chainWords(step, zone, now) {
  const has = step.mine ? t("You hold it.") : step.holder ? t("%(name)s holds it.", { name: step.holder.name }) : "";
  const holder = `${othersAway(step)}${has}`;
  const next = step.chain.slice(step.level + 1).find((level) => !level.passed_over);
  if (!next || !step.escalate_at) return holder;
  return `${holder} ${t("%(name)s at %(time)s.", { name: next.person.name, time: when(step.escalate_at, now, zone) })}`.trim();
}

/** @param {number} at ms @returns {string} the local date by this device's clock, "2026-11-27" */
export function dateOf(at) {
  return format("day", at);
}

/** @param {string} date "2026-11-27" @param {number} now ms @returns {boolean} whether this local date has passed */
export function isOver(date, now) {
  return date < dateOf(now);
}

/** @param {string[]} names @returns {string} "Ana, Ben and Fay" */
export function listed(names) {
  return new Intl.ListFormat(tag).format(names.map(apart));
}

/** @param {string | {name: string} | null | undefined} person */
export function nameOf(person) {
  return typeof person === "string" ? person : person?.name || "";
}

/** @param {Run["fix_note"]} note @param {number} now ms @param {string} zone @returns {{need: boolean, lead: string, rest: string} | null} */
export function fixWords(note, now, zone) {
  if (!note) return null;
  const by = nameOf(note.by);
  const need = note.held === false;
  const about = row(note.step, need && by, need && note.at && when(note.at, now, zone));
  const last = by ? t("%(name)s wrote last time:", { name: by }) : t("Last time:");
  return { need, lead: need ? t("Last fix did not hold.") : last, rest: ` ${t("“%(text)s”", note)}${about && ` (${about})`} ${note.so_far || ""}` };
}
