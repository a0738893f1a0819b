"""A command as a device wrote it, whether it comes over the wire or in a rescue file."""

from datetime import datetime

from pydantic import ValidationError

from webapp.rules.capture_time import estimate
from webapp.services.step_commands import Asked
from webapp.views.schemas import CommandIn


class Unreadable(Exception):
    """What was sent is no command; the message says which part of it is at fault."""


def read(raw: object, sent_at: datetime) -> Asked:
    """Return the command, or raise `Unreadable`. Members that are not known are passed over.

    What it is known by later (`Asked.content`) depends only on what the device wrote, not on the
    way that it came: the same command is the same by either.
    """
    try:
        command = CommandIn.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Unreadable(f"{where}: {first['msg']}") from error
    return Asked(
        id=command.id,
        seq=command.seq,
        kind=command.kind,
        step_run_id=command.step_run,
        attempt=command.attempt,
        captured_at=command.captured_at,
        skew_ms=command.skew_ms,
        sent_at=sent_at,
        content=command.model_dump(
            mode="json", include={"proof", "reason", "text"}, exclude_none=True
        ),
    )


def captured_at(raw: object, sent_at: datetime, now: datetime) -> datetime:
    """Return when it was captured by our clock, as well as can be told; never after now."""
    try:
        command = read(raw, sent_at)
    except Unreadable:
        return now
    return estimate(command.captured_at, command.skew_ms, sent_at, now).estimated


def number_of(raw: object) -> int | None:
    """Return the sequence number, whatever else is wrong with the command."""
    number = raw.get("seq") if isinstance(raw, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 < number < 2**31 else None
