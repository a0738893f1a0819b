// @ts-check
/** Facts to words. Pure: no page, no storage, and the time is always given. */

/** @typedef {import("./day.js").Step} Step */
/** @typedef {import("./day.js").Run} Run */

/** @type {Record<"hour" | "day" | "weekday" | "date", [string, Intl.DateTimeFormatOptions]>} */
const FORMATS = {
  hour: ["en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }],
  day: ["en-CA", { year: "numeric", month: "2-digit", day: "2-digit" }],
  weekday: ["en-GB", { weekday: "long" }],
  date: ["en-GB", { day: "numeric", month: "long" }],
};
/** Making one takes far longer than using it. @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();

/** @param {keyof typeof FORMATS} name @param {Date | number} at @param {string} [zone] none: the device's own, which may change */
function format(name, at, zone) {
  const key = `${name} ${zone}`;
  const [language, options] = FORMATS[name];
  const formatter = made.get(key) || new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
  if (zone) made.set(key, formatter);
  return formatter.format(at);
}

/** @param {string} iso @param {string} [zone] IANA name, else the device's own @returns {string} "07:05" */
export function hour(iso, zone) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  try {
    return format("hour", at, zone);
  } catch {
    return hour(iso); // a zone that this browser does not know
  }
}

/**
 * The time, with the day in front when it is another day.
 * @param {string} iso
 * @param {number} now ms
 * @param {string} [zone]
 */
export function when(iso, now, zone) {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return "";
  if (format("day", at, zone) === format("day", now, zone)) return hour(iso, zone);
  const near = Math.abs(at - now) < 6 * 24 * 3600 * 1000;
  return `${format(near ? "weekday" : "date", at, zone)} ${hour(iso, zone)}`;
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
  const near = /** @type {Record<string, string>} */ ({ "-1": "Yesterday", 0: "Today", 1: "Tomorrow" })[days];
  if (near) return near;
  return format(Math.abs(days) < 7 ? "weekday" : "date", at, zone);
}

/**
 * Times of a run are read on its location's clock; where this device's shows another time, that is said.
 * @param {{location: string, time_zone: string}} run
 * @param {number} now ms
 * @returns {string} "Downtown", or "Downtown, times in Chicago"
 */
export function placeWords({ location: place, time_zone: zone }, now) {
  const at = new Date(now).toISOString();
  if (when(at, 0, zone) === when(at, 0)) return place;
  return `${place}, times in ${zone.slice(zone.lastIndexOf("/") + 1).replace(/_/g, " ")}`;
}

/** @param {number} count @param {string} one @param {string} [many] */
export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

/** @param {number} ms a length of time @returns {string} "6 minutes" */
export function length(ms) {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return counted(minutes, "minute");
  const hours = Math.round(minutes / 60);
  return hours < 48 ? counted(hours, "hour") : counted(Math.round(hours / 24), "day");
}

const KINDS = {
  photo: ["photo", "Take the photo"],
  number: ["number", "Enter the number"],
  note: ["note", "Write the note"],
  timed: ["timed check", "Do the check"],
  signature: ["signature", "Sign"],
  file: ["file", "Add the file"],
  scan: ["scan", "Scan the code"],
};

/** @param {string} kind a proof kind @returns {string} the word for it */
export function kindWord(kind) {
  return (KINDS[/** @type {keyof KINDS} */ (kind)] || [kind])[0];
}

/** @param {string} kind @returns {string} the button that leads to it */
export function kindVerb(kind) {
  return (KINDS[/** @type {keyof KINDS} */ (kind)] || ["", "See the step"])[1];
}

const REASONS = {
  missed: "did not get to it",
  cannot_do: "cannot do it",
  absent: "is away",
  deactivated: "no longer works here",
  unreached: "could not be reached",
  unreachable: "cannot be reached",
};

/** Why somebody has it no more, or was passed over. @param {string | null | undefined} reason @returns {string} */
function reasonWords(reason) {
  return REASONS[/** @type {keyof REASONS} */ (reason)] || "could not";
}

/** Who handed it over and why, and since when their phone is not heard from. @param {Step} step @param {string} [zone] @param {string} [lead] @returns {string} a sentence, or empty */
export function handedWords(step, zone, lead = "Yours now") {
  const moved = step.handed_over;
  if (!moved?.from) return moved ? `${lead}.` : "";
  const why = `${lead}, because ${moved.from.name} ${reasonWords(moved.reason)}${moved.words ? `: “${moved.words}”` : "."}`;
  // Whoever takes over knows whether to ring, and that the work may be done and not sent.
  return moved.dark_since ? `${why} ${moved.dark_device || `${moved.from.name}'s phone`} was last heard from at ${when(moved.dark_since, Date.parse(moved.at), zone)}.` : why;
}

/** Why a planned step will begin with me, not with who is responsible. @param {Step} step @returns {string} a sentence, or empty */
export function standInWords({ mine, state, chain, level }) {
  const passed = state === "waiting" && mine ? chain.slice(0, level) : [];
  return passed.length ? `Yours, because ${listed(passed.map((each) => `${each.person.name} ${reasonWords(each.passed_over)}`))}.` : "";
}

/** @param {Step} step @param {number} now @returns {string} */
export function fromWords(step, now) {
  const moved = step.handed_over;
  return moved?.from ? `from ${moved.from.name}, ${length(now - Date.parse(moved.at))} ago` : "";
}

const ROLES = { assignee: "responsible", backup: "backup", fallback: "fallback", owner: "owner" };

/**
 * The four stations.
 * @param {Step} step
 * @returns {{state: "past" | "hold" | "over" | "", words: string}[]}
 */
export function stations(step) {
  return step.chain.map((level, index) => {
    const who = `${level.person.name}, ${ROLES[/** @type {keyof ROLES} */ (level.role)] || level.role}`;
    if (index === step.level) return { state: "hold", words: `${who}: holds it now. ` };
    if (level.passed_over) return { state: "over", words: `${who}: ${reasonWords(level.passed_over)}, so it was passed over. ` };
    if (index < step.level) return { state: "past", words: `${who}: ${level.left ? reasonWords(level.left) : "had it before"}. ` };
    return { state: "", words: `${who}: comes later. ` };
  });
}

/** Who is away and had it or would have had it, save the one whom `handedWords` names. @param {Step} step */
function othersAway({ chain, handed_over }) {
  const away = chain.filter((level) => (level.passed_over || level.left) === "absent");
  return away.filter((level) => level.person.id !== handed_over?.from?.id).map((level) => `${level.person.name} is away. `).join("");
}

/** Who holds it and who is next. @param {Step} step @param {string} zone @param {number} now */
export function chainWords(step, zone, now) {
  const has = step.mine ? "You hold it." : step.holder ? `${step.holder.name} holds it.` : "";
  const holder = `${othersAway(step)}${has}`;
  const next = step.chain.slice(step.level + 1).find((level) => !level.passed_over);
  if (!next || !step.escalate_at) return holder;
  return `${holder} ${next.person.name} at ${when(step.escalate_at, now, zone)}.`.trim();
}

/** @param {string} date "2026-11-27" @param {number} now ms @returns {boolean} whether this local date has passed */
export function isOver(date, now) {
  return date < format("day", now);
}

/** @param {string[]} names @returns {string} "Ana, Ben and Fay" */
export function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** @param {string} date a local date, "2026-11-27" @returns {string} "Friday 27 November" */
export function dateName(date) {
  const on = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  return on.format(Date.parse(`${date}T12:00:00Z`)).replace(",", "");
}

/**
 * Until when somebody is away, and who holds their work.
 * @param {{until: string, held_by: string[]}} away `until` is a local date
 * @param {number} now ms
 */
export function awayWords({ until, held_by }, now) {
  const holders = held_by.length ? ` ${listed(held_by)} ${held_by.length === 1 ? "holds" : "hold"} your work.` : "";
  return `You are away ${until === format("day", now) ? "today" : `until ${dateName(until)}`}.${holders}`;
}

/** @param {string | {name: string} | null | undefined} person */
export function nameOf(person) {
  return typeof person === "string" ? person : person?.name || "";
}

/** @param {Run["fix_note"]} note @returns {{need: boolean, lead: string, rest: string} | null} */
export function fixWords(note) {
  if (!note) return null;
  const by = nameOf(note.by);
  if (note.held === false) return { need: true, lead: "Last fix did not hold.", rest: ` “${note.text}”${by && ` (${by})`}` };
  return { need: false, lead: by ? `${by} wrote last time:` : "Last time:", rest: ` “${note.text}”` };
}

/**
 * Reads a number as people type it, with a decimal comma or point.
 * @param {string} text
 * @returns {string | null} "38.5", null when it is no number
 */
export function parseNumber(text) {
  const plain = text.trim().replace(/[\u2212\u2013]/, "-").replace(",", ".");
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? String(Number(plain)) : null;
}

/** @param {string} value @param {{min: any, max: any}} range */
export function outside(value, { min, max }) {
  const number = Number(value);
  return (min != null && number < Number(min)) || (max != null && number > Number(max));
}

/** @param {{min: any, max: any, unit: string | null}} proof @returns {string} "Between 33 and 41 °F" */
export function rangeWords({ min, max, unit }) {
  const tail = unit ? ` ${unit}` : "";
  if (min != null && max != null) return `Between ${min} and ${max}${tail}`;
  if (min != null) return `At least ${min}${tail}`;
  return max != null ? `At most ${max}${tail}` : "";
}

/** @param {number} ms @returns {string} "01:20" */
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
