"""The peer: one RQ job for each push, sent by pywebpush."""

import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pywebpush import webpush
from redis import Redis
from rq import Queue, Worker

from tests.bench.sink import Sink
from tests.push_service.devices import Device
from webapp import private_redis
from webapp.push_keys import load_or_create_keys

ROOT = Path(__file__).parents[2]
MESSAGE = '{"title": "Now yours: Front room ready", "body": "' + "x" * 200 + '"}'
CLAIMS = {"sub": "mailto:operator@baton.example"}


def send_one(endpoint: str, p256dh: str, auth: str, key: str) -> None:
    """The job."""
    info = {"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}}
    webpush(info, MESSAGE, vapid_private_key=key, vapid_claims=dict(CLAIMS), ttl=60)


def private_key(directory: Path) -> str:
    """A VAPID key as pywebpush takes it."""
    keys = load_or_create_keys(directory)
    private = keys.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return urlsafe_b64encode(private).decode()


def latencies(directory: Path, count: int) -> list[float]:
    """Seconds from `count` jobs being due at once to each push being accepted."""
    directory.mkdir()
    with Sink() as sink, private_redis.running(directory) as url:
        key = private_key(directory)
        redis = Redis.from_url(url)
        queue = Queue("pushes", connection=redis)
        taken = [Device().subscription(sink.origin) for _ in range(count)]
        jobs = [
            Queue.prepare_data(send_one, (each.endpoint, each.p256dh, each.auth, key))
            for each in taken
        ]
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.rq_peer", url], cwd=ROOT, start_new_session=True
        )
        try:
            while not Worker.all(connection=redis):
                time.sleep(0.05)
            due = time.time()
            queue.enqueue_many(jobs)
            return [moment - due for moment in sink.wait_for(count, within=300.0)]
        finally:
            worker.kill()
            worker.wait()
            redis.close()


if __name__ == "__main__":
    # What the jobs need is imported before the worker forks for each: the peer at its best.
    Worker(["pushes"], connection=Redis.from_url(sys.argv[1])).work(logging_level="ERROR")
