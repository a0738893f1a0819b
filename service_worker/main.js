// @ts-check
/** The service worker: wires events, nothing else. It never touches the queue. */

import { PATHS, VERSION, file, install, page, shell, sweep } from "/sw/caches.js";
import { pressed, received, wakePages } from "/sw/notifications.js";
import { routeOf } from "/sw/routes.js";

const worker = /** @type {any} */ (self);
/** @param {string} name @param {(event: any) => void} listener */
const on = (name, listener) => worker.addEventListener(name, listener);

on("install", (event) => {
  letApiBy(event);
  event.waitUntil(install());
});
on("activate", (event) => event.waitUntil(sweep().then(() => worker.clients.claim())));
on("push", (event) => event.waitUntil(received(event.data)));
on("notificationclick", (event) => event.waitUntil(pressed(event)));
on("sync", (event) => event.waitUntil(wakePages()));
on("pushsubscriptionchange", (event) => event.waitUntil(wakePages("subscription")));

/** It never answers the API, and is not woken by it where the browser can be told so. @param {any} event */
function letApiBy(event) {
  event.addRoutes?.({ condition: { urlPattern: { pathname: "/api/*" } }, source: "network" });
}

on("fetch", (event) => {
  const route = routeOf(event.request, worker.location.origin, PATHS);
  if (route.from === "shell") event.respondWith(shell(event.request, route.file));
  else if (route.from === "files") event.respondWith(file(event.request));
  else if (route.from === "page") event.respondWith(page(event.request));
});

on("message", (event) => {
  if (event.data?.type === "version") event.ports[0]?.postMessage(VERSION);
  if (event.data?.type === "take_over") worker.skipWaiting();
});
