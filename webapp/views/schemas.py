"""What the API takes in and gives out, as pydantic models; OpenAPI is made from them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from webapp.services.blobs import plain_name
from webapp.views.schema_values import Id, Milliseconds, Moment, Number, Sha256, Text

FileName = Annotated[str, StringConstraints(max_length=200), AfterValidator(plain_name)]


class Who(BaseModel):
    """A person by id and name."""

    id: str
    name: str


class ProofIn(BaseModel):
    """A proof as a device gives it; which members count depends on the kind.

    Members that are not known here are passed over: a newer app may say more than this one reads.
    """

    kind: Literal["photo", "number", "note", "signature", "file", "scan", "timed"]
    sha256: Sha256 | None = None
    bytes: int | None = Field(default=None, gt=0, le=15 * 1024 * 1024)
    media_type: Annotated[str, StringConstraints(max_length=100)] | None = None
    name: FileName | None = None
    taken_at: Moment | None = None
    value: Number | None = None
    corrective: Text | None = None
    text: Text | None = None
    started_at: Moment | None = None
    ended_at: Moment | None = None
    code: Annotated[str, StringConstraints(max_length=300)] | None = None


class CommandIn(BaseModel):
    """One thing that a device asks for. Unknown members are kept out: an old app may send more."""

    id: Id
    seq: int | None = Field(default=None, ge=0, le=2**31 - 1)
    kind: Id
    step_run: Id
    attempt: int = Field(default=1, ge=1, le=1000)
    captured_at: Moment
    skew_ms: Milliseconds | None = None
    proof: ProofIn | None = None
    reason: Text | None = None
    text: Text | None = None


class DeviceStateIn(BaseModel):
    """What a device says of itself: what it still holds (of everybody), and how well it keeps it.

    `seqs` are the sequence numbers of all commands on it, 500 at most; `steps` the step runs of
    all work on it.
    """

    waiting: int = Field(ge=0, le=2**31 - 1)
    bytes: int = Field(default=0, ge=0, le=2**53)
    oldest: Moment | None = None
    seqs: list[Annotated[int, Field(ge=0, le=2**31 - 1)]] = Field(default=[], max_length=500)
    steps: list[Id] = Field(default=[], max_length=500)
    persisted: bool | None = None
    free_bytes: int | None = Field(default=None, ge=0, le=2**53)
    version: Annotated[str, StringConstraints(max_length=64)] | None = None


def _or_nothing(value: object, read: ValidatorFunctionWrapHandler) -> DeviceStateIn | None:
    """What a device says of itself never stands in the way of what it brings."""
    try:
        said: DeviceStateIn | None = read(value)
    except ValidationError:
        return None
    return said


class SyncIn(BaseModel):
    """A batch of commands; each is judged by itself, so that a bad one holds up no other.

    No commands at all is how a device says that it is there.
    """

    batch: Id
    device: Id | None = None
    sent_at: Moment
    device_state: Annotated[DeviceStateIn | None, WrapValidator(_or_nothing)] = None
    commands: list[Any] = Field(max_length=200)


class StepRunBrief(BaseModel):
    """Where a step run stands after a command."""

    id: str
    state: str
    attempt: int | None = None


class CommandResult(BaseModel):
    """The receipt of one command."""

    id: str
    status: Literal["applied", "held", "superseded", "rejected"]
    code: str
    detail: str
    step_run: StepRunBrief | None = None


class SyncOut(BaseModel):
    """Receipts, and the blobs whose bytes the server still wants.

    `signed_off`: what this device captures now is held, until somebody lets it in again.
    """

    batch: str
    server_time: datetime
    results: list[CommandResult]
    missing_blobs: list[str]
    signed_off: bool
    cursor: str


class Picture(BaseModel):
    """How a step should look: bytes at /api/v1/blobs/<sha256>, and in words what they show."""

    sha256: str
    alt: str


class LaterOut(BaseModel):
    """What a step waits for that does not open with its run.

    `opens_at` once it is known; `said`: sentences with their values. `only_if` names a step run
    and the closed span of numbers in which it is needed (`inside`) or outside which it is, or
    that the step has to be `skipped`; `after` the one it follows, in minutes.
    """

    opens_at: datetime | None
    said: list[dict[str, Any]]
    only_if: dict[str, Any] | None
    after: dict[str, Any] | None


class StepOut(BaseModel):
    """A step run as the asking person sees it."""

    id: str
    run: str
    position: int
    title: str
    instructions: str
    proof: dict[str, Any]
    state: str
    mine: bool
    attempt: int
    level: int
    holder: Who | None
    deadline_at: datetime
    escalate_at: datetime | None
    missed_at: datetime | None
    chain: list[dict[str, Any]]
    handed_over: dict[str, Any] | None
    sent_back: dict[str, Any] | None
    closed: dict[str, Any] | None
    may_skip: bool
    picture: Picture | None
    review_why: str | None
    review_words: str | None
    later: LaterOut | None
    asks_fix: bool = False
    fix_offer: dict[str, str] | None = None


class StepDetailOut(StepOut):
    """A step run with everything given for it and every move along its chain."""

    proofs: list[dict[str, Any]]
    handoffs: list[dict[str, Any]]


class RunOut(BaseModel):
    """A run with its steps. `occurrence` is its nominal local deadline."""

    id: str
    process: str
    location: str
    time_zone: str
    occurrence: str
    opens_at: datetime
    deadline_at: datetime
    state: str
    fix_note: dict[str, Any] | None
    steps: list[StepOut]


class RunsOut(BaseModel):
    """Runs by deadline."""

    runs: list[RunOut]


class RunPageOut(RunsOut):
    """A page of runs; `next` is what to ask `after` for more, null at the end."""

    next: str | None


class AwayOut(BaseModel):
    """The asking person is away: up to which local date, and who holds their work.

    Ending `absences` brings them back.
    """

    until: date
    absences: list[str]
    held_by: list[str]


class EngineOut(BaseModel):
    """What owners and managers must know of the engine: a sentence for each part that is silent."""

    silent: list[str]


class TodayOut(RunsOut):
    """What is the asking person's, today and in the next two days.

    The person's `language` is null until they choose one.
    """

    server_time: datetime
    away: AwayOut | None
    person: dict[str, str | None]
    organisation: dict[str, str]
    engine: EngineOut


class BlobOut(BaseModel):
    """How far a blob has come, and what became of the steps that waited for it."""

    sha256: str
    offset: int
    length: int
    complete: bool
    step_runs: list[StepRunBrief]
