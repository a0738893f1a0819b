"""Patterns as the API gives them out."""

from datetime import datetime

from pydantic import BaseModel


class PatternOut(BaseModel):
    """One pattern. By luck alone such a thing shows in at most one of `one_month_in` months.

    `one_month_in` is null where it is a fact about the definition. `next` is the page where it is
    mended; `offer` is a fix that has held at another location.
    """

    id: str
    kind: str
    sentence: str
    evidence: list[str]
    times: int
    of: int
    one_month_in: int | None
    process: str | None
    location: str | None
    person: str | None
    runs: list[str]
    next: str
    offer: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    noted_at: datetime | None


class WatchedOut(BaseModel):
    """How much is looked at each night: steps, and processes, each at each of its locations."""

    steps: int
    processes: int


class PatternsOut(BaseModel):
    """What stands now, the worst first."""

    watched: WatchedOut
    patterns: list[PatternOut]
