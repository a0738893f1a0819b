// npm's web-push at its best: connections kept alive, many on their way at once.
const https = require("node:https");
const { createRequire } = require("node:module");
const webpush = createRequire(process.cwd() + "/")("web-push");

const [endpoint, p256dh, auth, count] = process.argv.slice(2);
const keys = webpush.generateVAPIDKeys();
const options = {
  vapidDetails: { subject: "mailto:operator@baton.example", ...keys },
  TTL: 60,
  agent: new https.Agent({ keepAlive: true, maxSockets: 50 }),
};
const message = JSON.stringify({ title: "Now yours: Front room ready", body: "x".repeat(200) });

async function send(times) {
  for (let sent = 0; sent < times; sent += 50) {
    const some = Array.from({ length: Math.min(50, times - sent) }, () =>
      webpush.sendNotification({ endpoint, keys: { p256dh, auth } }, message, options),
    );
    await Promise.all(some);
  }
}

(async () => {
  await send(50);
  const began = process.hrtime.bigint();
  await send(Number(count));
  console.log(Number(count) / (Number(process.hrtime.bigint() - began) / 1e9));
  process.exit(0);
})();
