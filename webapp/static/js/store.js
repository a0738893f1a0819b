// @ts-check
/**
 * What this browser keeps: a small promise wrapper over IndexedDB.
 *
 * Stores: `commands` (what people did, until the server has a receipt for it), `blobs` (proof bytes by
 * sha256), `receipts`, `runs` (by person), `meta`. An upgrade only ever adds: a queue with work in it
 * must survive every later version.
 */

const NAME = "baton";
const VERSION = 1;

/** @typedef {Record<string, IDBObjectStore>} Stores */

/** @type {Promise<IDBDatabase> | null} */
let handle = null;

/** @param {IDBDatabase} db */
function addStores(db) {
  /** @param {string} name @param {IDBObjectStoreParameters} [options] */
  const add = (name, options) => {
    if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, options);
  };
  add("commands", { keyPath: "id" });
  add("blobs", { keyPath: "sha256" });
  add("receipts", { keyPath: "id" });
  add("runs", { keyPath: ["person", "id"] });
  add("meta");
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => addStores(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      db.onclose = forget;
      // Another page with a later version wants to upgrade: step aside and reopen on the next use.
      db.onversionchange = () => {
        db.close();
        forget();
      };
      resolve(db);
    };
  });
}

function forget() {
  handle = null;
}

/** @returns {Promise<IDBDatabase>} */
function database() {
  if (!handle) {
    handle = open();
    handle.catch(forget);
  }
  return handle;
}

/**
 * The result of one request.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} tx @returns {Promise<void>} */
function completed(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error || new DOMException("The transaction was undone.", "AbortError"));
    tx.onerror = () => reject(tx.error);
  });
}

/**
 * @template T
 * @param {IDBDatabase} db
 * @param {string[]} names
 * @param {IDBTransactionMode} mode
 * @param {(stores: Stores) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function attempt(db, names, mode, work) {
  const tx = db.transaction(names, mode, { durability: mode === "readwrite" ? "strict" : "default" });
  const end = completed(tx);
  end.catch(() => undefined); // awaited below; `work` may fail first
  /** @type {Stores} */
  const stores = {};
  for (const name of names) stores[name] = tx.objectStore(name);
  try {
    const value = await work(stores);
    await end;
    return value;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // already finished or undone
    }
    throw error;
  }
}

/**
 * Whether the handle died under us: WebKit says "Connection to Indexed Database server lost" and then
 * fails every later call on the same handle.
 * @param {unknown} error
 */
function handleIsDead(error) {
  const { name, message } = /** @type {Error} */ (error) || {};
  return name === "InvalidStateError" || name === "UnknownError" || /connection .*lost|closing/i.test(message || "");
}

/**
 * Runs `work` in one transaction and resolves only when the browser says that it is complete.
 * `work` may await nothing but requests of its stores, and may run twice when the handle was dead.
 * @template T
 * @param {string[]} names
 * @param {IDBTransactionMode} mode
 * @param {(stores: Stores) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function transact(names, mode, work) {
  try {
    return await attempt(await database(), names, mode, work);
  } catch (error) {
    if (!handleIsDead(error)) throw error;
    forget();
    return attempt(await database(), names, mode, work);
  }
}

/** @param {string} name @returns {Promise<any[]>} */
export function readAll(name) {
  return transact([name], "readonly", (s) => result(s[name].getAll()));
}

/** @param {string} name @param {IDBValidKey} key @returns {Promise<any>} undefined when absent */
export function read(name, key) {
  return transact([name], "readonly", (s) => result(s[name].get(key)));
}

/** @param {string} name @param {any} value @param {IDBValidKey} [key] */
export function write(name, value, key) {
  return transact([name], "readwrite", (s) => result(s[name].put(value, key)));
}

/** @param {string} name @param {IDBValidKey} key */
export function remove(name, key) {
  return transact([name], "readwrite", (s) => result(s[name].delete(key)));
}
