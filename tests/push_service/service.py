"""The push service in this process, on a thread, with what tests ask of it."""

from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

from tests.push_service.devices import Subscription
from tests.push_service.handler import PushHandler
from tests.push_service.ledger import Message
from tests.push_service.state import Answer, State


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hangs up is part of the tests, not an error."""


class PushService:
    """`with PushService() as service:` fails at the end on a broken rule or an unexpected push."""

    def __init__(self, port: int = 0, ledger: Path | None = None) -> None:
        self.state = State(ledger)
        self._closing = Event()
        self._taken: set[int] = set()
        handler = type("Handler", (PushHandler,), {"state": self.state, "closing": self._closing})
        self._server = _Server(("127.0.0.1", port), handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        handler.origin = self.origin  # type: ignore[attr-defined]
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if problem is None:
            self.assert_nothing_more()

    @property
    def messages(self) -> list[Message]:
        """All pushes that came, whatever was answered."""
        return list(self.state.messages)

    @property
    def violations(self) -> list[str]:
        """The rules broken so far; a test that breaks them on purpose clears the list."""
        return self.state.violations

    @property
    def connections(self) -> int:
        """How many TCP connections were opened."""
        return self.state.connections

    def subscribe(self) -> Subscription:
        """A new device's subscription."""
        return self.state.add_device().subscription(self.origin)

    def answer(self, subscription: Subscription, *, times: int = 1, **answer: Any) -> None:
        """Programs the next answers: status, headers, body, delay (seconds), reset."""
        self.state.program(subscription.token, Answer(**answer), times)

    def take(self, subscription: Subscription | None = None) -> list[Message]:
        """The accepted pushes that no test looked at yet, of one subscription or of all."""
        with self.state.changed:
            found = [message for message in self._untaken() if _is_for(message, subscription)]
            self._taken.update(message.seq for message in found)
        return found

    def expect(self, subscription: Subscription, *, within: float = 5.0, **payload: Any) -> Message:
        """The next accepted push to the subscription, waited for, with this in its payload."""
        with self.state.changed:
            self.state.changed.wait_for(lambda: self._next(subscription), timeout=within)
            message = self._next(subscription)
            assert message is not None, f"no push came to {subscription.token}"
            self._taken.add(message.seq)
        found = {name: message.payload.get(name) for name in payload}
        assert found == payload, f"the push says {message.payload}"
        return message

    def assert_nothing_more(self) -> None:
        """Fails on a broken rule, and on an accepted push that no test took."""
        assert not self.violations, f"a push broke the rules: {self.violations}"
        unexpected = [(message.subscription, message.payload) for message in self._untaken()]
        assert not unexpected, f"unexpected pushes: {unexpected}"

    def close(self) -> None:
        """Stops the server and answers that are still held back."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.state.close()

    def _untaken(self) -> list[Message]:
        return [m for m in self.state.messages if m.accepted and m.seq not in self._taken]

    def _next(self, subscription: Subscription) -> Message | None:
        return next((m for m in self._untaken() if _is_for(m, subscription)), None)


def _is_for(message: Message, subscription: Subscription | None) -> bool:
    return subscription is None or message.subscription == subscription.token
