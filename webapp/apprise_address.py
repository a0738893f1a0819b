"""The Apprise library, quiet: what it thinks of an address, and the service behind it.

Its log names whole addresses, secrets included, so it is silenced wherever it is used.
"""

import logging
import warnings
from functools import cache
from typing import Any, Protocol, cast


class Service(Protocol):
    """What Apprise makes of an address."""

    def notify(self, body: str, title: str, *, body_format: str) -> bool | None:
        """Send; whether the service took it. False or None say no more than that.

        `body_format` "text" has signs escaped where the service would read them as markup.
        """


def service_of(address: str) -> Service | None:
    """Return the service of an address in Apprise's form; None when the address is incomplete.

    Nothing is sent. The library is loaded on first use: most installations need none of it.
    """
    return cast("Service | None", load().instantiate(address, suppress_exceptions=True))


@cache
def load() -> Any:
    """Load the library; the first time takes a second or two."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what its plug-ins import, which is not ours to mend
        from apprise import Apprise
        from apprise.manager_plugins import NotificationManager

        NotificationManager().load_modules()
    for name in ("apprise", "requests", "urllib3", "urllib3.connectionpool"):
        logging.getLogger(name).disabled = True
    return Apprise
