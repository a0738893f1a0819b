// @ts-check
/** Which request is answered from where. Pure. */

/** @typedef {{from: "shell", file: string} | {from: "files"} | {from: "page"} | {from: "network"}} Route */

const NETWORK = /** @type {Route} */ ({ from: "network" });
const SHELLS = [
  { path: /^\/today\/?$/, file: "/today" },
  { path: /^\/run\/[^/]*$/, file: "/run/" },
  { path: /^\/approve\/[^/]*$/, file: "/approve/" },
  { path: /^\/device\/?$/, file: "/device" },
  { path: /^\/kiosk\/?$/, file: "/kiosk" },
];

/** @param {string} file an address with or without its version @returns {string} the path alone */
export function pathOf(file) {
  return file.split(/[?#]/)[0];
}

/**
 * @param {{url: string, method: string, mode: string}} request
 * @param {string} origin
 * @param {Set<string>} files paths of everything precached
 * @returns {Route}
 */
export function routeOf({ url, method, mode }, origin, files) {
  const { origin: from, pathname } = new URL(url);
  if (method !== "GET" || from !== origin) return NETWORK;
  if (mode === "navigate") {
    const shell = SHELLS.find(({ path }) => path.test(pathname));
    return shell ? { from: "shell", file: shell.file } : { from: "page" };
  }
  return files.has(pathname) ? { from: "files" } : NETWORK;
}
