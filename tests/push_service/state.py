"""What the service knows: devices, programmed answers, and the pushes that came."""

import json
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition
from typing import Any

from tests.push_service.devices import Device
from tests.push_service.ledger import LedgerFile, Message


@dataclass(frozen=True)
class Answer:
    """What to answer instead of 201. `delay` in seconds; `reset` cuts the connection instead.

    `dropped` is a push that is answered for and that the device never gets.
    """

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    delay: float = 0.0
    reset: bool = False
    dropped: bool = False


class State:
    """Shared by the threads of the server; guarded by `changed`."""

    def __init__(self, ledger: Path | None = None) -> None:
        self.changed = Condition()
        self.devices: dict[str, Device] = {}
        self.messages: list[Message] = []
        self.violations: list[str] = []
        self.connections = 0
        self._answers: dict[str, deque[Answer]] = {}
        self._file = LedgerFile(ledger) if ledger else None

    def connected(self) -> int:
        """The number of a new connection."""
        with self.changed:
            self.connections += 1
            return self.connections

    def add_device(self) -> Device:
        """A new device with its own keys."""
        device = Device()
        with self.changed:
            self.devices[device.token] = device
        return device

    def program(self, token: str, answer: Answer, times: int) -> None:
        """Lets the next `times` pushes to the device get this answer."""
        with self.changed:
            self._answers.setdefault(token, deque()).extend([answer] * times)

    def next_answer(self, token: str) -> Answer:
        """The programmed answer, used up; 201 when there is none."""
        with self.changed:
            waiting = self._answers.get(token)
            return waiting.popleft() if waiting else Answer()

    def violated(self, sentence: str) -> None:
        """Remembers a broken rule, on disk first."""
        with self.changed:
            if self._file:
                self._file.write(sentence)
            self.violations.append(sentence)
            self.changed.notify_all()

    def received(
        self, token: str, plain: bytes, headers: dict[str, str], answer: Answer, connection: int
    ) -> None:
        """Remembers a push, on disk before it is answered."""
        with self.changed:
            topic = headers.get("topic")
            message = Message(
                seq=len(self.messages) + 1,
                subscription=token,
                payload=_payload(plain),
                ttl=int(headers["ttl"]),
                urgency=headers.get("urgency", "normal"),
                topic=topic,
                headers=headers,
                at=time.time(),
                status=0 if answer.reset else answer.status,
                connection=connection,
                replaces=self._replaced(token, topic),
                dropped=answer.dropped,
            )
            if self._file:
                self._file.write(message)
            self.messages.append(message)
            self.changed.notify_all()

    def close(self) -> None:
        """Closes the ledger file."""
        if self._file:
            self._file.close()

    def _replaced(self, token: str, topic: str | None) -> int | None:
        if topic is None:
            return None
        same = [m.seq for m in self.messages if (m.subscription, m.topic) == (token, topic)]
        return same[-1] if same else None


def _payload(plain: bytes) -> Any:
    try:
        return json.loads(plain)
    except ValueError:
        return plain.decode(errors="replace")
