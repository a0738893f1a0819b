"""One message to one subscription, encrypted, signed and posted, and waited for."""

import time
from collections.abc import Collection
from threading import Lock
from typing import Any

from webapp.push_keys import VapidKeys
from worker.push.exchange import Exchange, Roads, Timeouts
from worker.push.letter import MAX_PAYLOAD, MAX_TTL, URGENCIES, Letter, Sealer, Subscription
from worker.push.outcome import Outcome
from worker.push.vapid import Wall

__all__ = [
    "MAX_PAYLOAD",
    "MAX_TTL",
    "URGENCIES",
    "PushSender",
    "Subscription",
    "Timeouts",
]


class PushSender:
    """Sends over pooled connections, one message at a time. Safe to share between threads.

    The worker sends many at once (`worker.push.serving`), by the same two halves.
    """

    def __init__(
        self,
        keys: VapidKeys,
        *,
        extra_hosts: Collection[str] = (),
        insecure: bool = False,
        wall: Wall = time.time,
        timeouts: Timeouts | None = None,
        **roads: Any,
    ) -> None:
        """`wall` is the real clock even where Baton's own is moved. `insecure` is for tests.

        `roads`: the other members of `Roads`.
        """
        self._sealer = Sealer(keys, extra_hosts=extra_hosts, insecure=insecure, wall=wall)
        self._exchange = Exchange(
            Roads(insecure=insecure, timeouts=timeouts or Timeouts(), **roads), wall
        )
        self._turn = Lock()

    def send(
        self,
        subscription: Subscription,
        message: bytes,
        *,
        ttl: int,
        urgency: str,
        topic: str | None,
        contact: str,
    ) -> Outcome:
        """What the push service said. A try that fails is an outcome, never an exception.

        For the arguments see `Letter`. ValueError when the message is over 3,993 bytes or one of
        them is wrong: that is the caller's mistake.
        """
        letter = Letter(subscription, message, ttl, urgency, topic, contact)
        request = self._sealer.seal(letter)
        if isinstance(request, Outcome):
            return request
        outcomes: list[Outcome] = []
        with self._turn:
            self._exchange.post(request, outcomes.append)
            while not outcomes:
                self._exchange.turn(1.0)
        return outcomes[0]

    def close(self) -> None:
        """Closes the pooled connections."""
        self._exchange.close()
