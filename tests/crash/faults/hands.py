"""What a person's device does: it keeps each command until the server gives a receipt for it."""

import hashlib
import http.client
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image

# Shorter than the longest wait for a locked database: a device gives up and asks again.
TIMEOUT = 4.0


@dataclass
class Promises:
    """What the server answered for with HTTP 200, and must therefore never lose."""

    commands: dict[str, dict[str, Any]] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)
    reviews: list[tuple[str, str, str]] = field(default_factory=list)
    receipts: set[tuple[str, str]] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)


class Line:
    """HTTP with a bearer token. A server that is away, or answers 5xx, gives None."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {token}", "Baton-Client": "1"}

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any] | None:
        """The status and the JSON of the answer."""
        content = body if isinstance(body, bytes) else None if body is None else _json(body)
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        sent = self._headers | {"Content-Type": kind} | headers
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        try:
            connection.request(method, f"/api/v1{path}", content, sent)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status >= 500:
            return None
        try:
            return answer.status, json.loads(text or b"null")
        except ValueError:
            return None


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


class Hands:
    """One person with their device: commands that wait, and photos that wait to be sent."""

    def __init__(self, who: str, line: Line, promises: Promises, random: Random) -> None:
        self.who = who
        self.line = line
        self._promises = promises
        self._random = random
        self._waiting: list[dict[str, Any]] = []
        self._photos: dict[str, bytes] = {}
        self._held_back: dict[int, str] = {}
        self._sent: list[dict[str, Any]] = []
        self._seq = 0
        self.odd: list[str] = []

    def completes(
        self, step: int, step_id: str, kind: str, now: datetime, minutes_earlier: int
    ) -> None:
        """Does the step; the device sends it, and the photo's bytes, as soon as it can."""
        captured = now - timedelta(minutes=minutes_earlier)
        self._command("complete_step", step_id, captured, proof=self._proof(kind, captured))

    def claims(self, step: int, step_id: str, kind: str, now: datetime) -> None:
        """Says that it is done; the photo's bytes stay on the device until `uploads`."""
        proof = self._proof(kind, now)
        self._command("complete_step", step_id, now, proof=proof)
        if "sha256" in proof:
            self._held_back[step] = proof["sha256"]

    def uploads(self, step: int) -> None:
        """Lets the bytes of a claim go."""
        self._held_back.pop(step, None)

    def cannot(self, step_id: str, now: datetime) -> None:
        """Says that they cannot do it."""
        self._command("cannot_do", step_id, now, reason="The key is not here.")

    def _command(self, kind: str, step_id: str, captured: datetime, **more: Any) -> None:
        self._seq += 1
        command = {
            "id": f"{self.who}-{self._seq}",
            "seq": self._seq,
            "kind": kind,
            "step_run": step_id,
            "attempt": self._attempt(step_id),
            "captured_at": captured.isoformat(),
            "skew_ms": 0,
        }
        self._waiting.append(command | more)

    def _attempt(self, step_id: str) -> int:
        """What the device knows: the newest that it can ask for, else the first."""
        answer = self.line.ask("GET", f"/step-runs/{step_id}")
        return int(answer[1]["attempt"]) if answer and answer[0] == 200 else 1

    def _proof(self, kind: str, captured: datetime) -> dict[str, Any]:
        if kind == "note":
            return {"kind": "note", "text": f"Done by {self.who}."}
        photo = _photo(self._random)
        sha256 = hashlib.sha256(photo).hexdigest()
        self._photos[sha256] = photo
        return {
            "kind": "photo",
            "sha256": sha256,
            "bytes": len(photo),
            "media_type": "image/jpeg",
            "taken_at": captured.isoformat(),
        }

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits that may be sent."""
        return not self._waiting and not self._photos_to_send()

    def deliver(self, now: datetime) -> None:
        """Sends what waits; what has no receipt waits on."""
        if self._waiting:
            self._sync(self._waiting, now)
        for sha256 in self._photos_to_send():
            self._put(sha256)

    def sends_again(self, now: datetime) -> None:
        """Sends once more what it has receipts for, as after a backup: the answers stay."""
        if self._sent:
            self._sync(self._sent, now)

    def _photos_to_send(self) -> list[str]:
        told = {command["proof"]["sha256"] for command in self._sent if _has_photo(command)}
        kept = set(self._held_back.values())
        return [sha256 for sha256 in self._photos if sha256 in told and sha256 not in kept]

    def _sync(self, commands: list[dict[str, Any]], now: datetime) -> None:
        batch = {
            "batch": f"batch-{self._seq}-{self._random.random()}",
            "device": f"phone-of-{self.who}",
            "sent_at": now.isoformat(),
            "commands": list(commands),
        }
        answer = self.line.ask("POST", "/sync", batch)
        if answer is None:
            return
        status, reply = answer
        if status != 200 or reply.get("batch") != batch["batch"]:
            self.odd.append(f"{self.who}: a batch got {status} {reply}")
            return
        for command, result in zip(list(commands), reply["results"], strict=True):
            self._receipt(command, result)

    def _receipt(self, command: dict[str, Any], result: dict[str, Any]) -> None:
        before = self._promises.commands.get(command["id"])
        told = {key: result[key] for key in ("id", "status", "code")}
        if before is not None and before != told:
            self.odd.append(f"{command['id']} was answered with {before} and then with {told}")
        self._promises.commands[command["id"]] = told
        if command in self._waiting:
            self._waiting.remove(command)
            self._sent.append(command)

    def _put(self, sha256: str) -> None:
        photo = self._photos[sha256]
        length = str(len(photo))
        headers = {"Upload-Offset": "0", "Upload-Length": length}
        answer = self.line.ask("PUT", f"/blobs/{sha256}", photo, **headers)
        if answer is None:
            return
        status, reply = answer
        if (status == 409 and reply.get("offset") == len(photo)) or status == 200:
            del self._photos[sha256]
            self._promises.blobs.add(sha256)
        elif status != 409:
            self.odd.append(f"{self.who}: a photo got {status} {reply}")

    def judges(self, step_id: str, decision: str) -> None:
        """Approves or sends back the proof that waits, if one does."""
        shown = self.line.ask("GET", f"/reviews/{step_id}")
        if not shown or shown[0] != 200 or not shown[1]["proof"] or shown[1]["decided"]:
            return
        seen = shown[1]["proof"]["evidence"]
        words = {"decision": decision, "seen": seen, "reason": "Take it again, please."}
        answer = self.line.ask("POST", f"/reviews/{step_id}", words)
        if answer and answer[0] == 200:
            self._promises.reviews.append((step_id, seen, decision))


def _has_photo(command: dict[str, Any]) -> bool:
    return "sha256" in command.get("proof", {})


def _photo(random: Random) -> bytes:
    picture = BytesIO()
    colour = tuple(random.randrange(256) for _ in range(3))
    image = Image.new("RGB", (24, 16), colour)
    image.putpixel((random.randrange(24), random.randrange(16)), (random.randrange(256), 0, 0))
    image.save(picture, "JPEG", quality=95)
    return picture.getvalue() + random.randbytes(8)
