// @ts-check
/** The files of this version, all or nothing, and answers from them. Holds no one's data. */

// @ts-ignore the server writes this module: its version, and the list of its files
import { FILES, VERSION } from "/sw/precache.js";
import { pathOf } from "/sw/routes.js";

const PREFIX = "baton-files-";
const NAME = PREFIX + VERSION;

export { VERSION };
/** @type {Set<string>} */
export const PATHS = new Set(FILES.map(pathOf));

/** @param {Cache} cache @param {string} file */
async function keep(cache, file) {
  // No cookies: a shell is the same for everybody. No redirects: they would be the sign-in page.
  const response = await fetch(file, { cache: "reload", credentials: "omit", redirect: "error" });
  if (!response.ok) throw new Error(`${file} answered ${response.status}; this version is not installed`);
  await cache.put(file, response);
}

/** Fetches every file; one failure fails the whole version, and the one before stays in charge. */
export async function install() {
  const cache = await caches.open(NAME);
  try {
    await Promise.all(FILES.map((/** @type {string} */ file) => keep(cache, file)));
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

/** Removes the files of earlier versions. */
export async function sweep() {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n.startsWith(PREFIX) && n !== NAME).map((n) => caches.delete(n)));
}

/** @param {Request} request @param {string} file */
export async function shell(request, file) {
  const cache = await caches.open(NAME);
  return (await cache.match(file)) || fetch(request);
}

/** A page that is not kept; without a connection our own words in place of the browser's. @param {Request} request */
export async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.open(NAME).then((cache) => cache.match("/offline"));
    if (kept) return kept;
    throw error;
  }
}

/**
 * The file as this version has it. A page of a later server asks for another version of a file: that
 * goes to the network, and to the kept one without a connection.
 * @param {Request} request
 */
export async function file(request) {
  const cache = await caches.open(NAME);
  const same = await cache.match(request);
  if (same) return same;
  const kept = await cache.match(request, { ignoreSearch: true });
  if (!new URL(request.url).search) return kept || fetch(request);
  return fetch(request).catch((error) => {
    if (kept) return kept;
    throw error;
  });
}
