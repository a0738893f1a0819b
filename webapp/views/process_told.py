"""What the last change of a process did, carried to its page in the asking person's own cookie."""

from typing import Any

from flask import redirect, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from webapp.context import session
from webapp.models import Process
from webapp.services.definitions import Effect
from webapp.views import process_effects

_TOLD = "process_told"


def to_the_process(
    process: Process,
    effect: Effect,
    was_retired: bool = False,
    restored: int | None = None,
    joined: str = "",
) -> ResponseReturnValue:
    """Keep the change and show the process, which says once what it did and offers the way back.

    `restored` is the number of the version that it is like; `joined` says what of others is in it.
    """
    if effect.version:
        cookie[_TOLD] = {
            "process": process.id,
            "number": effect.version,
            "restored": restored,
            "joined": joined,
            "places": process_effects.told(effect),
            "undo": _undo(process, effect, was_retired),
        }
    session().commit()
    return redirect(url_for("processes.process", process_id=process.id), 303)


def once(process: Process) -> dict[str, Any] | None:
    """Return what is to be said of this process now, and forget it."""
    said: dict[str, Any] = cookie.pop(_TOLD, {})
    return said if said.get("process") == process.id else None


def _undo(process: Process, effect: Effect, was_retired: bool) -> str | None:
    """The address that takes it back; a process that is new is retired by its own button."""
    if was_retired:
        return url_for("processes.process_retire", process_id=process.id)
    number = process.version_number if process.retired_at else process.version_number - 1
    if number < 1:
        return None
    return url_for("process_versions.restore", process_id=process.id, number=number)
