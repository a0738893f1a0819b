"""What the API takes in and gives out of processes and drafts."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from webapp.rules.deadline import LONGEST_WAIT
from webapp.rules.run_changes import Kind
from webapp.services.definitions import DEFAULT_WAITS
from webapp.views.schema_values import Id, Sha256, Strict, Text
from webapp.views.schemas import Picture, Who
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
    only_if: OnlyIf | None = None
    after: After | None = None


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


class ReachOut(BaseModel):
    """Whether messages reach somebody: `works` once one has arrived on a device of theirs.

    `state` is works, unconfirmed, refused, other_only, no_device or left; `words` say how to
    mend it.
    """

    works: bool
    state: str
    since: datetime | None
    words: str


class StationOut(BaseModel):
    """One station of the chain; the owner's names nobody: it is the owner of that moment."""

    role: str
    person: Who | None
    wait_minutes: int
    reachable: ReachOut


class StepDefinitionOut(BaseModel):
    """One step of the current version."""

    key: str
    position: int
    title: str
    instructions: str
    proof: dict[str, Any]
    may_skip: bool
    picture: Picture | None
    wording: str | None
    wordings: list[WordingOf]
    only_if: dict[str, Any] | None
    after: dict[str, Any] | None


class CadenceOut(BaseModel):
    """The rule (RFC 5545), in words, and the local date from which it counts."""

    rrule: str
    words: str
    starts_on: str


class ProcessOut(BaseModel):
    """A process with its current version; `opens` and `deadline` are local times.

    `notes` are sentences about what may be and is worth a look: somebody in the chain who works
    at another location.
    """

    id: str
    name: str
    version: int
    saved_at: datetime
    retired_at: datetime | None
    locations: list[Who]
    cadence: CadenceOut
    deadline: Clock
    opens: Clock | None
    opens_days_before: int
    grace_minutes: int
    remind_minutes: int | None
    reached_within_minutes: int | None
    review: str
    wording: str
    chain: list[StationOut]
    steps: list[StepDefinitionOut]
    notes: list[str]


class FindingOut(BaseModel):
    """One finding of chain lint: an `error` keeps a definition from being saved, a `warning` never.

    `code` is stable, `field` is as problems name it. `mend` says what to do, empty where
    `sentence` says it already; `link` is the path of a page that mends it.
    """

    code: str
    severity: Literal["error", "warning"]
    field: str
    sentence: str
    mend: str
    link: str | None


class FindingsOut(BaseModel):
    """What keeps a definition from being saved, then what may let work slip."""

    findings: list[FindingOut]


class SavedProcessOut(ProcessOut):
    """A process as it was just saved, with what may let its work slip all the same."""

    warnings: list[FindingOut]


class ProcessesOut(BaseModel):
    """Processes by name."""

    processes: list[ProcessOut]


class VersionOut(BaseModel):
    """A version: `saved_by` is null for what Baton made itself; the first has no differences."""

    number: int
    saved_at: datetime
    saved_by: str | None
    differences: list[str]


class VersionsOut(BaseModel):
    """Versions, the newest first."""

    versions: list[VersionOut]


class RunChange(BaseModel):
    """One kind of change: of how many runs (of a new holder, steps), due on which local dates."""

    kind: Kind
    count: int
    days: list[date]


class RunsThere(BaseModel):
    """What changes in the planned runs of these locations, the same at each; `where` names them."""

    locations: list[str]
    where: str
    sentences: list[str]
    changes: list[RunChange]


class ProcessEffectOut(BaseModel):
    """What saving would change. `version` is the one it would make; null when nothing changes."""

    version: int | None
    differences: list[str]
    runs: list[RunsThere]


class SentenceIn(Strict):
    """One recurring task in plain language."""

    sentence: Annotated[str, StringConstraints(max_length=2000)]


class DraftsOut(BaseModel):
    """Drafts; what is not known is null, with a question. `once`: work that happens only once."""

    drafts: list[dict[str, Any]]
    once: list[dict[str, Any]] = []
