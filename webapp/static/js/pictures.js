// @ts-check
/**
 * How a step should look: pictures fetched ahead, so that they are here in the dark, and shown beside
 * the instructions. They can be fetched again, so whatever else needs room takes theirs.
 */

import { always } from "./api.js";
import { button, coalesce, h, show } from "./dom.js";
import { read, result, transact, wasFull } from "./store.js";
import { t } from "./language.js";
import { room } from "./storage.js";
import { announce, events } from "./sync.js";

/** @typedef {NonNullable<import("./day.js").Step["picture"]>} Picture */
/** @typedef {{sha256: string, bytes: ArrayBuffer, media_type: string, at: string}} Kept */

const MOST_BYTES = 60 * 1024 * 1024;
const USUAL_BYTES = 1024 * 1024;
/** With less room than this on the device, none is fetched: proofs will need it. */
const LEAST_FREE = 50 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** @param {Record<string, IDBObjectStore>} stores @returns {Promise<string[]>} whose picture is needed first */
async function wanted({ runs }) {
  const rows = await result(runs.getAll());
  const byDeadline = rows.map((row) => row.run).sort((a, b) => Date.parse(a.deadline_at) - Date.parse(b.deadline_at));
  const names = byDeadline.flatMap((run) => run.steps.map((/** @type {any} */ step) => step.picture?.sha256));
  return [...new Set(names.filter(Boolean))];
}

/** @typedef {{names: string[], missing: string[], sizes: Map<string, number>}} Survey `names` in the order of need, `sizes` of those that are here */

/** Drops what no run here needs any more. @returns {Promise<Survey>} */
function survey() {
  return transact(["runs", "pictures"], "readwrite", async (stores) => {
    const names = await wanted(stores);
    const here = (await result(stores.pictures.getAllKeys())).map(String);
    here.filter((name) => !names.includes(name)).forEach((name) => stores.pictures.delete(name));
    const missing = names.filter((name) => !here.includes(name));
    /** @type {Map<string, number>} */
    const sizes = new Map();
    // Sizes are read with their bytes, one by one, and only when there is something to weigh.
    for (const name of missing.length ? here : []) sizes.set(name, (await result(stores.pictures.get(name)))?.bytes.byteLength || 0);
    return { names, missing, sizes };
  });
}

/** @param {Survey} survey @returns {string[]} what no longer fits, which is what is needed last */
function over({ names, sizes }) {
  let sum = 0;
  return names.filter((name) => (sum += sizes.get(name) || 0) > MOST_BYTES);
}

/** @param {string} sha256 @returns {Promise<Kept | null>} null: the server has no such picture for this person */
async function fetched(sha256) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const reply = await fetch(`/api/v1/blobs/${sha256}?size=page`, { headers: always, credentials: "same-origin", redirect: "error", signal: stop.signal });
    const media_type = reply.headers.get("Content-Type") || "";
    // A captive portal answers 200 with a page of its own.
    if (!reply.ok || !media_type.startsWith("image/")) return null;
    const bytes = await reply.arrayBuffer();
    return bytes.byteLength ? { sha256, bytes, media_type, at: new Date().toISOString() } : null;
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Kept} picture @param {string[]} gone what gives way to it, or itself */
function keep(picture, gone) {
  return transact(["pictures"], "readwrite", async ({ pictures }) => {
    pictures.put(picture);
    gone.forEach((name) => pictures.delete(name));
  });
}

/** @param {Survey} found @param {string} name whether there may be room for it besides all that is needed before it */
function mayFit({ names, sizes }, name) {
  const before = names.slice(0, names.indexOf(name));
  return before.reduce((sum, each) => sum + (sizes.get(each) || 0), 0) < MOST_BYTES - USUAL_BYTES;
}

async function fetchMissing() {
  const found = await survey();
  for (const name of found.missing) {
    const { free } = await room();
    // Some browsers do not say how much is free: there, once it was too little for anything, no more come.
    if (wasFull() || (free !== null && free < LEAST_FREE) || !mayFit(found, name)) return;
    const picture = await fetched(name);
    if (!picture) continue;
    found.sizes.set(name, picture.bytes.byteLength);
    const gone = over(found);
    gone.forEach((each) => found.sizes.delete(each));
    await keep(picture, gone);
    announce();
  }
}

/** Fetches what is not here yet, in one page at a time; what fails now is tried again next time. */
export const keepPictures = coalesce(async () => {
  if (!navigator.locks) return fetchMissing();
  await navigator.locks.request("baton-pictures", { ifAvailable: true }, (lock) => lock && fetchMissing());
});

/** @param {string} url @param {string} alt the whole picture over the page, until it is closed */
function enlarge(url, alt) {
  const close = button(t("Close"), () => (sheet.close ? sheet.close() : sheet.remove()), { class: "button big" });
  const sheet = h("dialog", { class: "enlarged", "aria-label": alt, onclose: () => sheet.remove() }, h("div", { class: "enlarged-view" }, h("img", { src: url, alt })), h("p", null, alt), close);
  document.body.append(sheet);
  // Safari 15.0 to 15.3 know no dialogs: there it is a part of the page that lies over it.
  if (sheet.showModal) sheet.showModal();
  else sheet.setAttribute("open", "");
  close.focus();
}

/**
 * Shows the picture in `place` as soon as it is on this device, and says so until then.
 * @param {HTMLElement} place
 * @param {Picture} picture
 * @returns {() => void} to be called when the place is gone
 */
export function showPicture(place, { sha256, alt }) {
  let url = "";
  let gone = false;
  const title = h("b", null, t("How it should look"));

  async function paint() {
    const kept = url || gone ? null : await read("pictures", sha256);
    if (url || gone) return;
    if (!kept) return show(place, h("figcaption", null, title, ": ", alt), h("p", { class: "hint" }, t("The picture comes with the next connection.")));
    url = URL.createObjectURL(new Blob([kept.bytes], { type: kept.media_type }));
    const open = button("", () => enlarge(url, alt), { class: "enlarge", "data-key": "enlarge" });
    open.append(h("img", { src: url, alt }), h("span", null, t("Show larger")));
    show(place, h("figcaption", null, title), open);
  }

  const look = () => paint().catch(() => undefined);
  events.addEventListener("change", look);
  look();
  return () => {
    gone = true;
    events.removeEventListener("change", look);
    URL.revokeObjectURL(url);
  };
}
