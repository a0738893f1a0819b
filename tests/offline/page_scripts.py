"""What runs in the product's own pages: it works with the product's own modules."""

# Tells of each thing as soon as the product has said that it lies safely on this device.
WORK = """async ([jobs, person, run]) => {
  const joined = await import("/static/js/offline.js");
  const { queue$enqueue: enqueue, queue$NotSaved: NotSaved, ids$uuid: uuid } = joined;
  const { sync$announce: announce, sync$wake: wake } = joined;
  const { fromFile } = await import("/static/js/photo.js");
  const step = (job) => ({ id: uuid(), person, run, step_run: job.step, attempt: 1 });

  async function pictured(seed, side) {
    const canvas = new OffscreenCanvas(side, side);
    const pen = canvas.getContext("2d");
    const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
    for (let n = 0; n < 900; n += 1) {
      const part = () => Math.floor(random() * 256);
      pen.fillStyle = `rgb(${part()},${part()},${part()})`;
      pen.fillRect(random() * side, random() * side, 2 + random() * 40, 2 + random() * 40);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
    return fromFile(new File([blob], "camera.jpg", { type: "image/jpeg" }));
  }

  async function proven(job) {
    if (job.kind === "note") return [{ kind: "note", text: job.text }, null];
    const now = new Date().toISOString();
    if (job.kind === "number") return [{ kind: "number", value: "38.5", corrective: null }, null];
    if (job.kind === "timed") return [{ kind: "timed", started_at: now, ended_at: now }, null];
    const p = await pictured(job.seed, job.side);
    const { sha256, media_type, taken_at } = p;
    const proof = { kind: "photo", sha256, bytes: p.bytes.byteLength, media_type, taken_at };
    return [proof, { bytes: p.bytes, media_type }];
  }

  async function done(job) {
    const words = { ...step(job), kind: job.kind, text: job.text };
    if (job.kind === "fix_note") return enqueue(words, null);
    const [proof, file] = await proven(job);
    return enqueue({ ...step(job), kind: "complete_step", proof }, file);
  }

  for (const job of jobs) {
    try {
      const { id, seq, proof } = await done(job);
      const sha256 = (proof && proof.sha256) || null;
      await window.told({ job: job.number, id, seq, sha256 });
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      await window.told({ job: job.number, refused: error.message });
      continue;
    }
    announce();
    wake();
    if (job.pause) await new Promise((resolve) => setTimeout(resolve, job.pause));
  }
}"""

# What lies on this device, whoever's; read without the product, so that nothing is opened anew.
LIES = """async () => {
  const { kept$everything: everything } = await import("/static/js/offline.js");
  const { commands, blobs } = await everything();
  return { commands: commands.map((c) => c.id), blobs: blobs.map((b) => b.sha256) };
}"""
RECEIPTS = """async () => {
  const { readAll } = await import("/static/js/store.js");
  return (await readAll("receipts")).map(({ id, status }) => [id, status]);
}"""
WAKE = """async () => {
  const { sync$wake: wake } = await import("/static/js/offline.js");
  await wake();
}"""

# Remembers each handle on the database, so that it can be lost.
REMEMBER_HANDLES = """(() => {
  self.handles = [];
  const real = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...given) {
    const request = real.apply(this, given);
    request.addEventListener("success", () => self.handles.push(request.result));
    return request;
  };
})();"""
CLOSE_HANDLES = "() => { self.handles.splice(0).forEach((handle) => handle.close()); }"
LOSE_CONNECTION = """() => {
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function () {
    IDBDatabase.prototype.transaction = real;
    const words = "Connection to Indexed Database server lost. Refresh the page to try again";
    throw new DOMException(words, "UnknownError");
  };
}"""
BUMP = """(version) => new Promise((resolve, reject) => {
  const request = indexedDB.open("baton", version);
  request.onupgradeneeded = () => request.result.createObjectStore(`later_${version}`);
  request.onsuccess = () => { request.result.close(); resolve(); };
  request.onerror = () => reject(request.error);
})"""
VERSION = """() => new Promise((resolve) => {
  const request = indexedDB.open("baton");
  request.onsuccess = () => { resolve(request.result.version); request.result.close(); };
})"""
# Chromium gives an origin a share of the disk and lets nobody take it away from IndexedDB at once.
NO_ROOM = """() => {
  self.put = self.put || IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function () {
    throw new DOMException("No room.", "QuotaExceededError");
  };
}"""
ROOM = "() => { IDBObjectStore.prototype.put = self.put; }"
WORKERS = """async () => {
  const { installing, waiting, active } = await navigator.serviceWorker.getRegistration();
  return [installing, waiting, active].map((worker) => worker && worker.state);
}"""
LOOK_FOR_UPDATE = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const late = new Promise((_, fail) => setTimeout(fail, 15_000, new Error("no update in time")));
  await Promise.race([registration.update(), late]);
}"""
APP_VERSION = """async () => {
  const { versionOf } = await import("/static/js/storage.js");
  return versionOf(navigator.serviceWorker.controller);
}"""
# A page that was loaded while its worker could not start stays without it until it is loaded again.
CONTROLLED = """async () => {
  const { serviceWorker } = navigator;
  const taken = new Promise((done) => serviceWorker.addEventListener("controllerchange", done));
  const late = new Promise((done) => setTimeout(done, 10_000));
  await Promise.race([serviceWorker.ready.then(() => serviceWorker.controller || taken), late]);
  return Boolean(serviceWorker.controller);
}"""
