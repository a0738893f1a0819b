// @ts-check
/**
 * What this browser keeps: a small promise wrapper over IndexedDB.
 *
 * Stores: `commands` (what people did, until the server has a receipt for it), `blobs` (proof bytes by
 * sha256), `claims` (what those bytes are for, without them), `receipts`, `runs` (by person), `meta`,
 * `pictures` (reference pictures by sha256; they can be fetched again), `drafts` (proofs that were begun).
 * An upgrade only ever adds: a queue with work in it must survive every later version, and every
 * earlier one, which opens a later database as it is.
 */

const NAME = "baton";
const VERSION = 2;
/** After this long without storage the page says so: it waits for another window, or for the browser. */
const PATIENCE_MS = 3_000;

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
  add("claims", { keyPath: "sha256" });
  add("pictures", { keyPath: "sha256" });
  add("drafts", { keyPath: "key" });
}

/** @param {boolean} stuck told to the page, which says it in words */
function tell(stuck) {
  self.dispatchEvent(new CustomEvent("baton-storage", { detail: stuck }));
}

/** @param {number} [version] none: as it is @returns {Promise<IDBDatabase>} */
function open(version) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, version);
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

/** Opens this version, or a later one as it is: an older script goes on with what it knows of it. */
async function openAny() {
  // An upgrade waits until every other window has stepped aside; then this resolves by itself.
  const late = setTimeout(tell, PATIENCE_MS, true);
  try {
    return await open(VERSION).catch((error) => {
      if (error.name !== "VersionError") throw error;
      return open();
    });
  } finally {
    clearTimeout(late);
    tell(false);
  }
}

function forget() {
  handle = null;
}

/** @returns {Promise<IDBDatabase>} */
export function database() {
  if (!handle) {
    handle = openAny();
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
    // A failed request comes here too: it undoes the transaction, and only then is there an error to tell.
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error || new DOMException("The transaction was undone.", "AbortError"));
  });
}

/**
 * @template T
 * @param {IDBDatabase} db
 * @param {string[]} names
 * @param {IDBTransactionMode} mode
 * @param {(stores: Stores) => Promise<T>} work
 * @param {IDBTransactionDurability} durability
 * @returns {Promise<T>}
 */
async function attempt(db, names, mode, work, durability) {
  const tx = db.transaction(names, mode, { durability });
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

/** No room. @param {any} error */
export function isFull(error) {
  return error?.name === "QuotaExceededError";
}

let full = false;

/** Whether there was no room since this page was opened. */
export const wasFull = () => full;

/** Makes room with what can be fetched again. @returns {Promise<boolean>} whether there was any */
function makeRoom() {
  return again(["pictures"], "readwrite", async ({ pictures }) => {
    if (!(await result(pictures.count()))) return false;
    pictures.clear();
    return true;
  }, "relaxed");
}

/**
 * One transaction, tried once more when the handle was dead; `transact` does more.
 * @template T
 * @param {string[]} names
 * @param {IDBTransactionMode} mode
 * @param {(stores: Stores) => Promise<T>} work
 * @param {IDBTransactionDurability} durability
 * @returns {Promise<T>}
 */
export async function again(names, mode, work, durability) {
  try {
    return await attempt(await database(), names, mode, work, durability);
  } catch (error) {
    if (!handleIsDead(error)) throw error;
    forget();
    return attempt(await database(), names, mode, work, durability);
  }
}

/** What writing waits for, for ever once it is true. @type {Promise<boolean> | null} */
let emptied = null;

/** Whether this page empties the stores: what still goes on in it then leaves nothing behind. @param {Promise<boolean>} told */
export function noteEmptied(told) {
  emptied = told;
}

/**
 * Runs `work` in one transaction and resolves only when the browser says that it is complete.
 * `work` may await nothing but requests of its stores, and may run twice: when the handle was dead,
 * or when there is room after reference pictures are gone. What is done to those themselves makes none.
 * @template T
 * @param {string[]} names
 * @param {IDBTransactionMode} mode
 * @param {(stores: Stores) => Promise<T>} work
 * @param {IDBTransactionDurability} [durability] "strict": on the disk itself, so that it outlives a dead battery
 * @returns {Promise<T>}
 */
export async function transact(names, mode, work, durability = "relaxed") {
  if (mode === "readwrite" && (await emptied)) return new Promise(() => undefined);
  try {
    return await again(names, mode, work, durability);
  } catch (error) {
    if (!isFull(error)) throw error;
    full = true;
    if (names.includes("pictures") || !(await makeRoom().catch(() => false))) throw error;
    return again(names, mode, work, durability);
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

/** @param {string} name @param {IDBValidKey} key @returns {Promise<void>} */
export function remove(name, key) {
  return transact([name], "readwrite", (s) => result(s[name].delete(key)));
}
