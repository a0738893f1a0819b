// @ts-check
/** The service worker: wires events, nothing else. It never touches the queue. */

import { PATHS, VERSION, file, install, shell, sweep } from "/sw/caches.js";
import { pressed, received, wakePages } from "/sw/notifications.js";
import { routeOf } from "/sw/routes.js";

const worker = /** @type {any} */ (self);

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(sweep().then(() => worker.clients.claim())));
worker.addEventListener("push", (event) => event.waitUntil(received(event.data)));
worker.addEventListener("notificationclick", (event) => event.waitUntil(pressed(event)));
worker.addEventListener("sync", (event) => event.waitUntil(wakePages()));
worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(wakePages("subscription")));

worker.addEventListener("fetch", (event) => {
  const route = routeOf(event.request, worker.location.origin, PATHS);
  if (route.from === "shell") event.respondWith(shell(event.request, route.file));
  else if (route.from === "files") event.respondWith(file(event.request));
});

worker.addEventListener("message", (event) => {
  if (event.data?.type === "version") event.ports[0]?.postMessage(VERSION);
  if (event.data?.type === "take_over") worker.skipWaiting();
});
