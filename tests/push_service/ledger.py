"""Every push that arrived, in order: in memory, and as JSON lines that outlive a kill."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Message:
    """One push as it arrived.

    `subscription` is the token of the endpoint, `status` what was answered (0: connection reset),
    `payload` the decrypted JSON (or text, when it is no JSON), `at` real seconds since 1970,
    `connection` counts TCP connections from 1, `replaces` is the `seq` of the earlier message
    with the same subscription and topic. `dropped`: answered for, and never given to the device.
    """

    seq: int
    subscription: str
    payload: Any
    ttl: int
    urgency: str
    topic: str | None
    headers: dict[str, str]
    at: float
    status: int
    connection: int
    replaces: int | None
    dropped: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the sender was told that it will be delivered."""
        return 200 <= self.status < 300


class Ledger:
    """Reads the ledger file of a push service that runs as its own process."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def messages(self) -> list[Message]:
        """All pushes so far, whatever was answered."""
        return [Message(**entry) for entry in self._entries() if "violation" not in entry]

    def since(self, offset: int) -> tuple[list[Message], int]:
        """The pushes after this place of the file, and the place to go on from."""
        if not self._path.exists():
            return [], offset
        with self._path.open("rb") as file:
            file.seek(offset)
            complete, newline, _ = file.read().rpartition(b"\n")
        entries = [json.loads(line) for line in complete.splitlines()]
        found = [Message(**entry) for entry in entries if "violation" not in entry]
        return found, offset + len(complete) + len(newline)

    def violations(self) -> list[str]:
        """All rules broken so far."""
        return [entry["violation"] for entry in self._entries() if "violation" in entry]

    def _entries(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        complete, _, _ = self._path.read_text().rpartition("\n")
        return [json.loads(line) for line in complete.splitlines()]


class LedgerFile:
    """Writes one line per entry, on the disk before the sender is answered."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    def write(self, entry: Message | str) -> None:
        """One message, or the sentence of one violation."""
        content = asdict(entry) if isinstance(entry, Message) else {"violation": entry}
        self._file.write(json.dumps(content) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


def collapsed(messages: Iterable[Message]) -> list[Message]:
    """What a device that slept all the while gets: accepted messages, the last of each topic."""
    accepted = [message for message in messages if message.accepted]
    replaced = {message.replaces for message in accepted}
    return [message for message in accepted if message.seq not in replaced]
