"""E-mails as they arrived: in memory, and as JSON lines on the disk."""

import email
import email.policy
import json
import os
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from pathlib import Path


@dataclass(frozen=True)
class Letter:
    """One e-mail that the server took in hand, from the envelope and as the bytes that came.

    `answer` is what the server said to it; `connection` counts TCP connections from 1;
    `private` whether it came over TLS, `user` who had signed in; `at` real seconds since 1970.
    """

    sender: str
    to: tuple[str, ...]
    source: str
    answer: str
    connection: int
    private: bool
    user: str | None
    at: float

    @property
    def accepted(self) -> bool:
        """Whether the server answers for it now."""
        return self.answer.startswith("250")

    @property
    def message(self) -> EmailMessage:
        """The parsed e-mail."""
        parsed = email.message_from_string(self.source, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def text(self) -> str:
        """What its reader reads."""
        return str(self.message.get_content())

    @property
    def subject(self) -> str:
        """Its subject, decoded."""
        return str(self.message["Subject"])

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])


class Ledger:
    """Writes and reads one line per e-mail, on the disk before the sender is answered."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, letter: Letter) -> None:
        with self._path.open("a") as file:
            file.write(json.dumps(asdict(letter)) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def letters(self) -> list[Letter]:
        if not self._path.exists():
            return []
        complete, _, _ = self._path.read_text().rpartition("\n")
        entries = [json.loads(line) for line in complete.splitlines()]
        return [Letter(**(entry | {"to": tuple(entry["to"])})) for entry in entries]
