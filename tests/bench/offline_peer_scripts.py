"""The peer's page and service worker, as its own documentation writes them."""

import json

from tests.offline.proxy import FaultProxy

WORKER = """importScripts("/peer/workbox-core.js", "/peer/workbox-background-sync.js");
const queue = new workbox.backgroundSync.Queue("checks");
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "POST" && event.request.method !== "PUT") return;
  const logic = async () => {
    try {
      return await fetch(event.request.clone());
    } catch (error) {
      await queue.pushRequest({ request: event.request });
      throw error;
    }
  };
  event.respondWith(logic());
});
self.addEventListener("message", async ({ data, ports: [port] }) => {
  if (data === "replay") await queue.replayRequests().catch(() => undefined);
  port.postMessage((await queue.getAll()).length);
});
"""
PAGE = """<!doctype html><title>Peer</title><script>
navigator.serviceWorker.register("/peer/sw.js", { scope: "/peer/" });
</script><p>Peer</p>"""
CONTROLLED = """async () => {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
}"""
# Each check-off is one request, a photo one more; what could not be sent is in the queue by then.
WORK = """async (steps) => {
  const headers = { "Content-Type": "application/json", "Baton-Client": "1" };
  const two = (byte) => byte.toString(16).padStart(2, "0");
  const hex = (bytes) => [...new Uint8Array(bytes)].map(two).join("");
  async function picture() {
    const canvas = new OffscreenCanvas(480, 360), pen = canvas.getContext("2d");
    for (let n = 0; n < 900; n += 1) {
      pen.fillStyle = `hsl(${Math.random() * 360},70%,${Math.random() * 100}%)`;
      pen.fillRect(Math.random() * 480, Math.random() * 360, 2 + Math.random() * 40, 9);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    return blob.arrayBuffer();
  }
  const saved = [];
  for (const [step_run, kind] of steps) {
    const id = crypto.randomUUID(), at = new Date().toISOString();
    let proof = { kind, text: "All well." }, bytes = null, sha256 = null;
    if (kind === "photo") {
      bytes = await picture();
      sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
      proof = { kind, sha256, bytes: bytes.byteLength, media_type: "image/jpeg", taken_at: at };
    }
    const when = { attempt: 1, captured_at: at, skew_ms: null };
    const command = { id, seq: null, kind: "complete_step", step_run, ...when, proof };
    const json = { batch: id, device: "peer", sent_at: at, commands: [command] };
    const send = (path, given) => fetch(path, given).catch(() => undefined);
    await send("/api/v1/sync", { method: "POST", headers, body: JSON.stringify(json) });
    if (bytes) {
      const length = { "Upload-Offset": "0", "Upload-Length": String(bytes.byteLength) };
      const raw = { ...headers, ...length, "Content-Type": "application/octet-stream" };
      await send(`/api/v1/blobs/${sha256}`, { method: "PUT", headers: raw, body: bytes });
    }
    saved.push([id, sha256]);
  }
  return saved;
}"""
_ASK = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  const line = new MessageChannel();
  const answer = new Promise((done) => { line.port1.onmessage = ({ data }) => done(data); });
  active.postMessage(%s, [line.port2]);
  return answer;
}"""
REPLAY = _ASK % json.dumps("replay")
WAITING = _ASK % json.dumps("waiting")


def serve(proxy: FaultProxy, published: dict[str, bytes]) -> None:
    """Lets the proxy answer for the peer."""
    script = "text/javascript"
    proxy.pages |= {f"/peer/{name}.js": (script, body) for name, body in published.items()}
    proxy.pages |= {
        "/peer/": ("text/html", PAGE.encode()),
        "/peer/sw.js": (script, WORKER.encode()),
    }
