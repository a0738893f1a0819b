"""What the API takes in and gives out of rehearsals."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from webapp.services.rehearsals import DAYS, MOST_DAYS
from webapp.views.schema_values import Id, Strict
from webapp.views.schemas import Who
from webapp.views.schemas_definitions import ProcessIn

Channel = Literal["push", "email", "extra"]
DeadEndKind = Literal["nobody_told", "last_untold", "last_away", "after_closing"]


class RehearsalIn(Strict):
    """A process as it is, a definition that is not saved, or one as the next of a process."""

    process: Annotated[Id | None, Field(description="The id of a process")] = None
    definition: Annotated[
        ProcessIn | None, Field(description="As a process is defined; steps are not needed")
    ] = None
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = DAYS


class ToldOut(BaseModel):
    """One channel by which somebody hears of it, and when."""

    channel: Channel
    at: datetime


class PassedOverOut(BaseModel):
    """Somebody who is away or has left, and so does not get it."""

    person: Who
    role: str
    reason: Literal["absent", "deactivated"]


class MomentOut(BaseModel):
    """Somebody holds it from `at` to `until`, or until it is done when that is null.

    `reason` is null for who has it from the start, whom only the screen tells. With no channel in
    `told` only a screen tells the holder. `words` say all of it.
    """

    at: datetime
    until: datetime | None
    level: int
    role: str
    holder: Who
    reason: str | None
    told: list[ToldOut]
    passed_over: list[PassedOverOut]
    after_closing: bool
    words: str


class ReminderOut(BaseModel):
    """Who is reminded before it is due, and by which channels; by none, only a screen says so."""

    at: datetime
    holder: Who
    told: list[Channel]


class DeadEndOut(BaseModel):
    """Nobody is told, the last is not told or away, or nobody before the place has closed."""

    kind: DeadEndKind
    words: str


class DeadEndAtOut(DeadEndOut):
    """A dead end, with the due time at which it is."""

    location: Who
    occurrence: str


class LaterStepOut(BaseModel):
    """A step that opens later than its run; `words` say what it waits for."""

    title: str
    words: str


class RehearsedOut(BaseModel):
    """One due time; `begun` where its step is open already, so that it goes on from there.

    `step` is the one that is due where that is a later one with a time of its own, else null.
    """

    location: Who
    time_zone: str
    occurrence: str
    step: LaterStepOut | None
    opens_at: datetime
    deadline_at: datetime
    begun: bool
    reminder: ReminderOut | None
    moments: list[MomentOut]
    missed_at: datetime | None
    dead_ends: list[DeadEndOut]


class RehearsedProcess(BaseModel):
    """What was rehearsed; the id is null for what is not saved."""

    id: str | None
    name: str


class RehearsalOut(BaseModel):
    """What becomes of it if nobody does it, the next due time first.

    `conditional` steps are due with their run once an answer opens them, and not missed before.
    """

    process: RehearsedProcess
    since: datetime
    until: datetime
    summary: str
    dead_ends: list[DeadEndAtOut]
    runs: list[RehearsedOut]
    conditional: list[LaterStepOut]
