// @ts-check
/**
 * How a step should look: pictures fetched ahead, so that they are here in the dark, and shown beside
 * the instructions. They can be fetched again, so whatever else needs room takes theirs.
 */

import { button, h, show } from "./dom.js";
import { read, result, transact } from "./store.js";
import { room } from "./storage.js";
import { announce, events } from "./sync.js";

/** @typedef {NonNullable<import("./day.js").Step["picture"]>} Picture */
/** @typedef {{sha256: string, bytes: ArrayBuffer, media_type: string, at: string}} Kept */

const MOST_BYTES = 60 * 1024 * 1024;
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

/** Drops what no run here needs any more. @returns {Promise<string[]>} what is needed and not here */
function missing() {
  return transact(["runs", "pictures"], "readwrite", async (stores) => {
    const names = await wanted(stores);
    const here = await result(stores.pictures.getAllKeys());
    here.filter((name) => !names.includes(String(name))).forEach((name) => stores.pictures.delete(name));
    return names.filter((name) => !here.includes(name));
  });
}

/** @param {string} sha256 @returns {Promise<Kept | null>} null: the server has no such picture for this person */
async function fetched(sha256) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const reply = await fetch(`/api/v1/blobs/${sha256}?size=page`, { credentials: "same-origin", redirect: "error", signal: stop.signal });
    const media_type = reply.headers.get("Content-Type") || "";
    // A captive portal answers 200 with a page of its own.
    if (!reply.ok || !media_type.startsWith("image/")) return null;
    const bytes = await reply.arrayBuffer();
    return bytes.byteLength ? { sha256, bytes, media_type, at: new Date().toISOString() } : null;
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps a picture as far as room is set aside for them; what is needed last gives way. @param {Kept} picture */
function keep(picture) {
  return transact(["runs", "pictures"], "readwrite", async (stores) => {
    stores.pictures.put(picture);
    let sum = 0;
    for (const name of await wanted(stores)) {
      const kept = await result(stores.pictures.get(name));
      sum += kept ? kept.bytes.byteLength : 0;
      if (kept && sum > MOST_BYTES) stores.pictures.delete(name);
    }
  });
}

async function fetchMissing() {
  for (const name of await missing()) {
    const { free } = await room();
    if (free !== null && free < LEAST_FREE) return;
    const picture = await fetched(name);
    if (!picture) continue;
    await keep(picture);
    announce();
  }
}

/** Fetches what is not here yet, in one page at a time; what fails now is tried again next time. */
export async function keepPictures() {
  if (!navigator.locks) return fetchMissing();
  await navigator.locks.request("baton-pictures", { ifAvailable: true }, (lock) => lock && fetchMissing());
}

/** @param {string} url @param {string} alt the whole picture over the page, until it is closed */
function enlarge(url, alt) {
  const close = button("Close", () => (sheet.close ? sheet.close() : sheet.remove()), { class: "button big" });
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
  const title = h("b", null, "How it should look");

  async function paint() {
    const kept = url || gone ? null : await read("pictures", sha256);
    if (url || gone) return;
    if (!kept) return show(place, h("figcaption", null, title, ": ", alt), h("p", { class: "hint" }, "The picture comes with the next connection."));
    url = URL.createObjectURL(new Blob([kept.bytes], { type: kept.media_type }));
    const open = button("", () => enlarge(url, alt), { class: "enlarge", "data-key": "enlarge" });
    open.append(h("img", { src: url, alt }), h("span", null, "Show larger"));
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
