"""What the API takes in of a definition: a process with its chain and its steps."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from webapp.rules.deadline import LONGEST_WAIT
from webapp.services.definitions import DEFAULT_WAITS
from webapp.views.schema_values import Id, Sha256, Strict, Text
from webapp.views.schemas_people import Clock, Line

Minutes = Annotated[int, Field(ge=0, le=LONGEST_WAIT)]
Number = Annotated[str | int | float, Field(description="A decimal number; text keeps every digit")]


class ProofWanted(Strict):
    """The proof that closes a step; min, max, unit and if_outside belong to a number."""

    kind: Literal["photo", "number", "note", "signature", "file", "scan", "timed"]
    unit: Line | None = None
    min: Number | None = None
    max: Number | None = None
    if_outside: Line | None = None
    min_seconds: Annotated[int, Field(ge=0, le=86400)] = 0
    scan_code: Line | None = None


class PictureIn(Strict):
    """How the step should look: a picture put to /api/v1/blobs/<sha256>, and what it shows."""

    sha256: Sha256
    alt: Line = ""


class WordingOf(Strict):
    """How a location, by id or name, words a step; null is as the step itself has it."""

    location: Line
    title: Line | None = None
    instructions: Text | None = None


Wording = Literal["locked", "open"]


class OnlyIf(Strict):
    """The step is needed only if the step of that number (from 1) becomes so; it comes before.

    `value` is the limit of above and below; outside and inside mean the other step's own range.
    """

    step: Annotated[int, Field(ge=1, le=200)]
    is_: Annotated[Literal["outside", "inside", "above", "below", "skipped"], Field(alias="is")]
    value: Number | None = None


class After(Strict):
    """The step opens so long after the step of that number (from 1), and is due so long after."""

    step: Annotated[int, Field(ge=1, le=200)]
    wait_minutes: Minutes
    due_minutes: Minutes


class StepIn(Strict):
    """One step; `key` is its identity over versions, as GET gives it.

    `wording` is null where it is as the process says; `wordings` belong to an open one.
    """

    title: Line
    instructions: Text = ""
    proof: ProofWanted
    may_skip: bool = False
    key: Id | None = None
    picture: PictureIn | None = None
    wording: Wording | None = None
    wordings: Annotated[list[WordingOf], Field(max_length=200)] = []
    only_if: OnlyIf | None = None
    after: After | None = None


class StepWordsIn(Strict):
    """A location's own words for an open step; "" is as the step itself has it."""

    key: Id
    title: Line = ""
    instructions: Text = ""


class PlaceWordsIn(Strict):
    """All that one location says in its own words."""

    steps: Annotated[list[StepWordsIn], Field(max_length=200)]


class StationIn(Strict):
    """One station of the chain; the backup's wait is the grace, and the owner names nobody."""

    role: Literal["assignee", "backup", "fallback", "owner"]
    person: Id | None = None
    wait_minutes: Minutes | None = None


class ProcessIn(Strict):
    """A definition. Locations by id or name; cadence in words or as an RRULE; local times.

    What is missing is told together with every other fault, so nothing is required here.
    """

    name: Line = ""
    locations: Annotated[list[Line], Field(max_length=200)] = []
    cadence: Line = ""
    starts_on: Annotated[
        date | None,
        Field(description="The local date it is due first; null is today, or as it was"),
    ] = None
    deadline: Clock | None = None
    opens: Clock | None = None
    opens_days_before: Annotated[int, Field(ge=0, le=31)] = 0
    grace_minutes: Minutes = DEFAULT_WAITS["backup"]
    remind_minutes: Annotated[
        Minutes | None, Field(description="Before the deadline; null is by rule, 0 is never")
    ] = None
    reached_within_minutes: Annotated[
        Minutes | None,
        Field(description="To the next level without a receipt; null is by rule, 0 is never"),
    ] = None
    review: Literal["none", "photos", "risky", "all"] = "none"
    wording: Annotated[
        Wording, Field(description="Whether locations may word the steps; an owner decides it")
    ] = "locked"
    chain: Annotated[list[StationIn], Field(max_length=10)] = []
    steps: Annotated[list[StepIn], Field(max_length=200)] = []


class ChangeIn(ProcessIn):
    """A definition of a process that there is, made from what GET said of it.

    With its `version` as `base_version` what was changed since is kept; what both changed is a
    problem, "changed_meanwhile". Without, the definition counts as it is.
    """

    base_version: Annotated[int, Field(ge=1)] | None = None
