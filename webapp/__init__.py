"""Baton: recurring work that requires proof and moves by itself when it is missed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apiflask import APIFlask

    from webapp.clock import Clock
    from webapp.config import Settings

__version__ = "0.1.0"


def create_app(settings: "Settings | None" = None, *, clock: "Clock | None" = None) -> "APIFlask":
    """Wire the application; settings come from the environment unless given.

    What it is made of is imported only now: a wrong setting is said at once, and whoever needs
    another part of this package does not wait for a web framework.
    """
    from webapp.config import Settings

    settings = settings or Settings.from_env()
    from webapp.application import wired

    return wired(settings, clock)
