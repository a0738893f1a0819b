"""The mail server in a process of its own, for tests that kill workers."""

import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.mail_server.letters import Ledger, Letter


class RemoteMailServer:
    """Starts `python -m tests.mail_server` and reads its ledger file."""

    def __init__(self, ledger: Path, port: int = 0) -> None:
        command = [sys.executable, "-m", "tests.mail_server"]
        self._process = subprocess.Popen(
            [*command, "--port", str(port), "--ledger", str(ledger)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self._ledger = Ledger(ledger)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        assert self.url.startswith("smtp://"), "the mail server did not start"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def letters(self) -> list[Letter]:
        """All e-mails so far, whatever was answered."""
        return self._ledger.letters()

    def wait_for(self, count: int, within: float = 30.0) -> list[Letter]:
        """The e-mails as soon as there are `count` accepted ones."""
        give_up = time.monotonic() + within
        while time.monotonic() < give_up:
            letters = [letter for letter in self.letters if letter.accepted]
            if len(letters) >= count:
                return letters
            time.sleep(0.02)
        raise AssertionError(f"{count} e-mails expected, came: {self.letters}")

    def close(self) -> None:
        """Stops the process."""
        self._process.terminate()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
