"""Web push sent to a bare local sink: our sender beside pywebpush's own loop."""

import asyncio
import json
import multiprocessing
import socket
import tempfile
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pywebpush import webpush

from tests.bench.row import Row, seconds
from tests.push_service.devices import Device
from webapp.push_keys import VapidKeys, load_or_create_keys
from worker.push.sender import PushSender, Subscription

SENDS = 400
MESSAGE = json.dumps({"title": "Now yours: Front room ready", "body": "x" * 200}).encode()
CONTACT = "mailto:operator@baton.example"


def compare() -> list[Row]:
    """Sends a second, one thread each, in turn."""
    with tempfile.TemporaryDirectory() as directory, _Sink() as port:
        keys = load_or_create_keys(Path(directory))
        taken = _subscription(port)
        ours = SENDS / seconds(lambda: _send_ours(keys, taken))
        theirs = SENDS / seconds(lambda: _send_theirs(keys, taken))
    return [
        Row("pushes a second", f"{ours:.0f}/s", f"pywebpush's loop {theirs:.0f}/s", ours / theirs)
    ]


def _subscription(port: int) -> Subscription:
    taken = Device().subscription(f"http://127.0.0.1:{port}")
    return Subscription(taken.endpoint, taken.p256dh, taken.auth)


def _send_ours(keys: VapidKeys, taken: Subscription) -> None:
    sender = PushSender(keys, insecure=True)
    for _ in range(SENDS):
        outcome = sender.send(
            taken, MESSAGE, ttl=60, urgency="high", topic="bench", contact=CONTACT
        )
        assert outcome.kind == "accepted", outcome
    sender.close()


def _send_theirs(keys: VapidKeys, taken: Subscription) -> None:
    private = keys.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    info = {
        "endpoint": taken.endpoint,
        "keys": {"p256dh": taken.p256dh, "auth": taken.auth},
    }
    key = urlsafe_b64encode(private).decode()
    for _ in range(SENDS):
        webpush(info, MESSAGE, vapid_private_key=key, vapid_claims={"sub": CONTACT}, ttl=60)


class _Sink:
    """Answers 201 to whatever is posted, keep-alive, in a process of its own."""

    def __enter__(self) -> int:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._process = multiprocessing.Process(target=_serve, args=(listener,), daemon=True)
        self._process.start()
        port: int = listener.getsockname()[1]
        listener.close()
        return port

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()


def _serve(listener: socket.socket) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, sock=listener)
        await server.serve_forever()

    asyncio.run(serve())
