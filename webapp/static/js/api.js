// @ts-check
/** Calls to /api/v1. Every failure is a `Problem` with a stable code and a sentence for people. */

import { sample } from "./clock.js";
import { t } from "./language.js";

const TIMEOUT_MS = 20_000;

export class Problem extends Error {
  /**
   * @param {number} status HTTP status, 0 when no reply came
   * @param {string} code
   * @param {string} detail
   * @param {Record<string, any>} [body] the whole problem document
   */
  constructor(status, code, detail, body = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.body = body;
  }

  /** No reply of Baton came: no signal, a time-out, or a page of someone else's. */
  get unreachable() {
    return this.status === 0;
  }
}

/** Headers of every call from this page. @type {Record<string, string>} */
export const always = {};

/** @typedef {{json?: any, body?: BodyInit, headers?: Record<string, string>, timeout?: number}} Options */

/** @typedef {{status: number, ok: boolean, headers: Headers, text: string}} Reply a reply with its whole body */

/** @param {string} method @param {string} path @param {Options} options @returns {Promise<Reply>} */
async function send(method, path, options) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), options.timeout ?? TIMEOUT_MS);
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "Baton-Client": "1", ...always, ...options.headers };
  if (options.json !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: options.json === undefined ? options.body : JSON.stringify(options.json),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error", // a redirect is a sign-in page or a captive portal, never an answer
      signal: stop.signal,
    });
    // Inside the time-out: a body that stalls after its headers would otherwise hold the caller for ever.
    const text = await response.text();
    return { status: response.status, ok: response.ok, headers: response.headers, text };
  } catch {
    throw new Problem(0, "unreachable", t("There is no connection to the server now."));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Reply} reply @returns {any} null when it is not JSON */
function json(reply) {
  if (!/[/+]json\b/.test(reply.headers.get("Content-Type") || "")) return null;
  try {
    return JSON.parse(reply.text);
  } catch {
    return null;
  }
}

/** @param {Reply} reply @param {any} data */
function problem(reply, data) {
  const body = data && typeof data === "object" ? data : {};
  const detail = body.detail || body.title || t("The server could not answer. Try again in a moment.");
  return new Problem(reply.status, body.code || `http_${reply.status}`, detail, body);
}

/**
 * One call; resolves to the JSON document of the reply (null for 204).
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<any>}
 * @throws {Problem}
 */
export async function call(method, path, options = {}) {
  const sent = Date.now();
  const reply = await send(method, path, options);
  if (reply.status === 204) return null;
  const data = json(reply);
  if (!reply.ok) throw problem(reply, data);
  // A captive portal answers 200 with a page of its own.
  if (data === null) throw new Problem(0, "not_baton", t("Something else answered in place of the server."));
  if (data.server_time) await sample(data.server_time, sent, Date.now());
  return data;
}

/**
 * The headers of a HEAD reply; null when there is nothing (404).
 * @param {string} path
 * @returns {Promise<Headers | null>}
 * @throws {Problem}
 */
export async function head(path) {
  const reply = await send("HEAD", path, {});
  if (reply.status === 404) return null;
  if (!reply.ok) throw problem(reply, null);
  return reply.headers;
}
