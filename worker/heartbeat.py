"""Telling a monitor outside that all is well: when it hears nothing, something is wrong."""

import time

import httpcore
import structlog

log = structlog.get_logger()

AT_MOST_EVERY = 60.0
TIMEOUT = 5.0


class Heartbeat:
    """Asks for one address, at most once a minute; a monitor that is away harms nothing."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._last = float("-inf")

    def beat(self) -> None:
        """Ask for the address if it is time; whatever goes wrong is only logged."""
        if self._url is None or time.monotonic() - self._last < AT_MOST_EVERY:
            return
        self._last = time.monotonic()
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT)
        try:
            answer = httpcore.request("GET", self._url, extensions={"timeout": timeout})
        except Exception as error:
            log.warning("the heartbeat address does not answer", error=str(error))
            return
        if answer.status >= 400:
            log.warning("the heartbeat address refuses", status=answer.status)
