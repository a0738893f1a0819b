"""Devices that the server has not heard from: when that matters, and the words for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from webapp.rules.moment_words import clock_words
from webapp.rules.sentences import say, say_many

# Work that lay on a device for so long is in danger: Safari clears the storage of a site that is
# not installed after seven days without use.
DARK_AFTER = timedelta(days=7)

Light = Literal["signed_off", "holds_back", "silent", "waiting", "safe", "unknown", "gone"]


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What is known of a device. Times are aware; `oldest_at` is of what waits on it.

    `has_said`: it has told at least once what it holds. `is_newest`: no other device of its person
    was heard from later. `is_gone`: somebody said that it is gone for good.
    """

    heard_at: datetime
    waiting: int
    oldest_at: datetime | None
    has_said: bool
    is_newest: bool
    revoked_at: datetime | None = None
    is_gone: bool = False


def light(facts: DeviceFacts, now: datetime) -> Light:
    """Return how things stand with the device; holds_back and silent want somebody to act.

    What waits on it from before it was signed off still counts, and so it matters still.
    """
    if facts.is_gone:
        return "gone"
    since = min(facts.heard_at, facts.oldest_at or facts.heard_at)
    if facts.waiting and (facts.revoked_at is None or since < facts.revoked_at):
        return "holds_back" if now - since >= DARK_AFTER else "waiting"
    if facts.revoked_at is not None:
        return "signed_off"
    if now - facts.heard_at >= DARK_AFTER and facts.is_newest:
        return "silent"
    return "safe" if facts.has_said else "unknown"


def last_heard(device: str, heard_at: datetime, now: datetime, zone: str) -> str:
    """Return "Ben's iPhone was last heard from at 05:58.", with the day when that is not today."""
    at = clock_words(heard_at, now, zone)
    # Translators: %(at)s is like “05:58” or “05:58 on Friday”.
    return say("%(device)s was last heard from at %(at)s.", device=device, at=at)


def held_back(count: int, oldest_at: datetime | None, now: datetime, zone: str) -> str:
    """Return "3 pieces of work waited on it then, the oldest from 06:12."."""
    if oldest_at is None:
        return say_many(
            "%(num)s piece of work waited on it then.",
            "%(num)s pieces of work waited on it then.",
            count,
        )
    return say_many(
        "%(num)s piece of work waited on it then, from %(at)s.",
        "%(num)s pieces of work waited on it then, the oldest from %(at)s.",
        count,
        at=clock_words(oldest_at, now, zone),
    )


def lost(
    device: str, count: int, after: datetime | None, before: datetime, now: datetime, zone: str
) -> str:
    """Return "Ana's iPhone lost 2 pieces of work between 12:10 and 12:40 that it had kept."."""
    until = clock_words(before, now, zone)
    if after is None:
        return say_many(
            "%(device)s lost %(num)s piece of work before %(until)s that it had kept.",
            "%(device)s lost %(num)s pieces of work before %(until)s that it had kept.",
            count,
            device=device,
            until=until,
        )
    return say_many(
        "%(device)s lost %(num)s piece of work between %(after)s and %(until)s that it had kept.",
        "%(device)s lost %(num)s pieces of work between %(after)s and %(until)s that it had kept.",
        count,
        device=device,
        after=clock_words(after, now, zone),
        until=until,
    )
