"""The drafts of an import: the structure that capture gives, with where each thing was found."""

from typing import NotRequired, TypedDict


class Cadence(TypedDict):
    """confidence: stated, likely, maybe or unknown; evidence: the words and dates behind it."""

    rrule: str | None
    words: str | None
    confidence: str
    evidence: list[str]


class ImportedStep(TypedDict):
    """One step; `section` is its checklist, `person` whom the export names for it.

    A number's unit and range where they are named.
    """

    title: str
    proof: str | None
    why: str
    section: NotRequired[str]
    person: NotRequired[str]
    unit: NotRequired[str]
    min: NotRequired[int | float]
    max: NotRequired[int | float]


class Match(TypedDict):
    """A name as written and the person it may mean; `sure` only for the same name or e-mail."""

    written: str
    person: str | None
    sure: bool


class ImportedDraft(TypedDict):
    """A process as far as the export shows it. Dates are ISO, the newest 12 at most."""

    name: str | None
    responsible: str | None
    backup: str | None
    cadence: Cadence
    deadline: str | None
    steps: list[ImportedStep]
    questions: list[str]
    occurrences: list[str]
    next_due: str | None
    found_in: str | None
    rows: list[int]
    people: NotRequired[list[Match]]
    opens: NotRequired[str | None]
    fallback: NotRequired[str | None]


class SkippedRow(TypedDict):
    """A row that gave nothing, and why."""

    row: int
    what: str
    why: str


class AmbiguousParent(TypedDict):
    """A subtask whose parent could be several tasks."""

    row: int
    parent: str
    why: str


class Report(TypedDict):
    """What was read. rows_read = rows_used + the skipped rows, those not listed included."""

    tool: str
    file: str
    rows_read: int
    rows_used: int
    skipped: list[SkippedRow]
    skipped_not_listed: int
    ambiguous_parents: list[AmbiguousParent]
    unknown_people: list[str]
    notes: list[str]


class Import(TypedDict):
    """What one file gave."""

    drafts: list[ImportedDraft]
    report: Report
