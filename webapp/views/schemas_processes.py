"""What the API gives out of processes, and of drafts from plain language."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, StringConstraints

from webapp.rules.run_changes import Kind
from webapp.views.schema_values import Strict
from webapp.views.schemas import Picture, Who
from webapp.views.schemas_definitions import WordingOf
from webapp.views.schemas_people import Clock


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

    `starts_on` is null where nothing depends on it. `notes` are sentences about what may be and
    is worth a look: somebody in the chain who works at another location.
    """

    id: str
    name: str
    version: int
    saved_at: datetime
    retired_at: datetime | None
    locations: list[Who]
    cadence: CadenceOut
    starts_on: date | None
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


class ChangedProcessOut(SavedProcessOut):
    """The same after a change; `joined` is what was changed since its `base_version`, in words."""

    joined: list[str]


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
