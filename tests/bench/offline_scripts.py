"""What the benchmark of the offline screens runs in the page."""

# When the list of today is there to be used: its first step is painted.
NOTE_LIST = """(() => {
  const look = () => {
    if (self.listed || !document.querySelector("#app ol.steps li")) return;
    requestAnimationFrame(() => setTimeout(() => { self.listed = performance.now(); }));
    seen.disconnect();
  };
  const seen = new MutationObserver(look);
  seen.observe(document, { childList: true, subtree: true });
})();"""

# From each press to the frame after it.
WATCH_PAINTS = """() => {
  self.paints = [];
  addEventListener("click", (event) => {
    requestAnimationFrame(() => {
      setTimeout(() => self.paints.push(performance.now() - event.timeStamp));
    });
  }, { capture: true });
}"""
NOTE_OPENED = """() => {
  self.opened = 0;
  const heading = () => document.querySelector(".run-step h2")?.textContent;
  const before = heading();
  addEventListener("click", (event) => {
    const seen = new MutationObserver(() => {
      if (heading() === before) return;
      seen.disconnect();
      const done = () => { self.opened = performance.now() - event.timeStamp; };
      requestAnimationFrame(() => setTimeout(done));
    });
    seen.observe(document, { childList: true, subtree: true, characterData: true });
  }, { capture: true, once: true });
}"""
# The phone's own camera then gives a file, of as many megapixels as it likes.
NO_CAMERA = """() => {
  const none = new DOMException("There is none.", "NotFoundError");
  navigator.mediaDevices.getUserMedia = () => Promise.reject(none);
}"""
NOTE_SAVED = """() => {
  self.saved = 0;
  const count = () => document.body.textContent.split("Saved on this phone").length;
  const before = count();
  addEventListener("click", (event) => {
    const seen = new MutationObserver(() => {
      if (count() <= before) return;
      seen.disconnect();
      const done = () => { self.saved = performance.now() - event.timeStamp; };
      requestAnimationFrame(() => setTimeout(done));
    });
    seen.observe(document, { childList: true, subtree: true, characterData: true });
  }, { capture: true, once: true });
}"""
PLACE_FOR_A_FILE = """() => {
  const input = Object.assign(document.createElement("input"), { type: "file", id: "bench-file" });
  document.body.append(input);
}"""
# The longest time between two turns of the page, with or without a picture to shrink.
LONGEST_GAP = """async (selector) => {
  const { shrink, prepare } = await import("/static/js/shrink.js");
  prepare();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const line = new MessageChannel();
  let last = performance.now(), longest = 0, over = false;
  line.port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!over) setTimeout(() => line.port2.postMessage(0));
  };
  line.port2.postMessage(0);
  const file = selector && document.querySelector(selector).files[0];
  if (file) await shrink(file);
  else await new Promise((resolve) => setTimeout(resolve, 1500));
  over = true;
  return longest;
}"""
FILL = """async ([steps, person, run]) => {
  const { queue$enqueue: enqueue } = await import("/static/js/offline.js");
  const { ids$uuid: uuid } = await import("/static/js/offline.js");
  const { fromFile } = await import("/static/js/photo.js");
  async function picture(seed) {
    const canvas = new OffscreenCanvas(1600, 1200);
    const pen = canvas.getContext("2d");
    for (let n = 0; n < 700; n += 1) {
      pen.fillStyle = `hsl(${Math.random() * 360},70%,${Math.random() * 100}%)`;
      const [x, y] = [Math.random() * 1600, Math.random() * 1200];
      pen.fillRect(x, y, Math.random() * 200, Math.random() * 90);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    return fromFile(new File([blob], `${seed}.jpg`, { type: "image/jpeg" }));
  }
  for (const [step_run, kind] of steps) {
    const step = { id: uuid(), person, run, step_run, attempt: 1, kind: "complete_step" };
    if (kind === "note") {
      await enqueue({ ...step, proof: { kind, text: "All well." } }, null);
      continue;
    }
    const { bytes, media_type, sha256, taken_at } = await picture(step_run);
    const proof = { kind, sha256, bytes: bytes.byteLength, media_type, taken_at };
    await enqueue({ ...step, proof }, { bytes, media_type });
  }
}"""
DRAIN = """async () => {
  const { sync$wake: wake } = await import("/static/js/offline.js");
  const { kept$everything: everything } = await import("/static/js/offline.js");
  const bytes = (await everything()).blobs.reduce((sum, blob) => sum + blob.size, 0);
  performance.clearResourceTimings();
  performance.setResourceTimingBufferSize(5000);
  const began = performance.now();
  let commands = 0, batches = 0, requests = 0;
  const seen = new PerformanceObserver((list) => {
    for (const each of list.getEntries()) {
      requests += each.name.includes("/api/v1/") ? 1 : 0;
      if (each.name.includes("/blobs/") && !commands) commands = each.startTime - began;
      if (each.name.endsWith("/sync") && !commands) batches += 1;
    }
  });
  seen.observe({ type: "resource" });
  for (let n = 0; n < 20; n += 1) {
    await wake();
    const left = await everything();
    if (!left.commands.length && !left.blobs.length) break;
  }
  const ms = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { ms, commands, batches, requests, bytes };
}"""
