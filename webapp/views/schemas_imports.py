"""What the API takes and gives about an export of a project tool."""

from datetime import date

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict

from webapp.views.schema_values import Strict


class ExportIn(Strict):
    """The file that the tool exported, and its tool where the content does not tell."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    file: UploadFile
    tool: str | None = None


class ImportedCadenceOut(BaseModel):
    """confidence is stated, likely, maybe or unknown; evidence are the words and dates."""

    rrule: str | None
    words: str | None
    confidence: str
    evidence: list[str]


class ImportedStepOut(BaseModel):
    """One step with the proof that suits it, and why."""

    title: str
    proof: str | None
    why: str
    section: str | None = None
    person: str | None = None


class MatchOut(BaseModel):
    """A name as written and whom it may mean; not sure: to be confirmed."""

    written: str
    person: str | None
    sure: bool


class ImportedDraftOut(BaseModel):
    """A process as far as the export shows it."""

    name: str | None
    responsible: str | None
    backup: str | None
    cadence: ImportedCadenceOut
    deadline: str | None
    steps: list[ImportedStepOut]
    questions: list[str]
    occurrences: list[date]
    next_due: date | None
    found_in: str | None
    rows: list[int]
    people: list[MatchOut]


class SkippedRowOut(BaseModel):
    """A row that is in no draft."""

    row: int
    what: str
    why: str


class AmbiguousParentOut(BaseModel):
    """A subtask whose parent could be several tasks."""

    row: int
    parent: str
    why: str


class ReportOut(BaseModel):
    """rows_read = rows_used + skipped rows + skipped_not_listed."""

    tool: str
    file: str
    rows_read: int
    rows_used: int
    skipped: list[SkippedRowOut]
    skipped_not_listed: int
    ambiguous_parents: list[AmbiguousParentOut]
    unknown_people: list[str]
    notes: list[str]


class ImportOut(BaseModel):
    """What one export gave."""

    drafts: list[ImportedDraftOut]
    report: ReportOut
