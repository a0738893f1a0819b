"""The push service in a process of its own, for tests that kill workers or drive a browser."""

import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpcore

from tests.push_service.devices import Subscription
from tests.push_service.ledger import Ledger, Message


class RemotePushService:
    """Starts `python -m tests.push_service`, commands it over HTTP and reads its ledger file."""

    def __init__(self, ledger: Path, port: int = 0) -> None:
        command = [sys.executable, "-m", "tests.push_service"]
        self._process = subprocess.Popen(
            [*command, "--port", str(port), "--ledger", str(ledger)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self.ledger = Ledger(ledger)
        self.origin = self._first_line()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if problem is None:
            assert not self.ledger.violations(), self.ledger.violations()

    def subscribe(self) -> Subscription:
        """A new device's subscription."""
        return Subscription(**json.loads(self._command("subscribe")))

    def answer(self, subscription: Subscription, *, times: int = 1, **answer: Any) -> None:
        """Programs the next answers: status, headers, body, delay (seconds), reset, dropped."""
        self._command("answer", token=subscription.token, times=times, **answer)

    def wait_for(self, count: int, within: float = 10.0) -> list[Message]:
        """The ledger's messages as soon as there are `count` accepted ones."""
        give_up = time.monotonic() + within
        while time.monotonic() < give_up:
            messages = [message for message in self.ledger.messages() if message.accepted]
            if len(messages) >= count:
                return messages
            time.sleep(0.02)
        raise AssertionError(f"{count} pushes expected, came: {self.ledger.messages()}")

    def close(self) -> None:
        """Stops the process."""
        self._process.terminate()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _first_line(self) -> str:
        assert self._process.stdout is not None
        origin = self._process.stdout.readline().strip()
        assert origin.startswith("http://"), "the push service did not start"
        return origin

    def _command(self, name: str, **given: Any) -> bytes:
        address = f"{self.origin}/control/{name}"
        response = httpcore.request("POST", address, content=json.dumps(given).encode())
        assert response.status < 300, response.status
        return response.content
