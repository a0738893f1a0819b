"""Runs of a part of the record, step by step, as their events tell of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Event, Run, StepRun
from webapp.services.record_export import words
from webapp.services.record_export.asked import Part
from webapp.services.record_export.chosen import runs_of

AT_ONCE = 50
# The last of these that happened is how a step stands.
RESULTS = {
    "step.opened": "open",
    "step.claimed": "claimed",
    "step.done": "done",
    "step.in_review": "in review",
    "review.approved": "approved",
    "review.sent_back": "sent back",
    "review.withdrawn": "in review",
    "proof.refused": "open",
    "step.skipped": "not applicable",
    "step.not_needed": "not needed",
    "step.called_off": "called off",
    "step.taken_up": "open",
}
GIVEN = ("step.claimed", "step.done", "step.in_review", "proof.kept", "proof.refused")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a trail: its number, when, and its sentence."""

    seq: int
    at: datetime
    words: str


@dataclass(slots=True)
class StepTold:
    """One step of a run; `photos` are the hashes of what was sent, in their order."""

    title: str
    unit: str = ""
    result: str = "open"
    missed_at: datetime | None = None
    handed_to: list[str] = field(default_factory=list)
    proof: dict[str, Any] = field(default_factory=dict)
    review: dict[str, Any] = field(default_factory=dict)
    photos: list[str] = field(default_factory=list)
    trail: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RunTold:
    """One run with its own trail and its steps."""

    process: str
    location: str
    zone: str
    deadline_at: datetime
    trail: list[Entry]
    steps: list[StepTold]


def runs(session: Session, part: Part, until: int) -> Iterator[RunTold]:
    """Yield the runs of the part that events up to `until` tell of, in the order of their dues."""
    query = (
        select(Run.id)
        .where(*runs_of(part), Run.state != "planned")
        .order_by(Run.deadline_at, Run.id)
    )
    ids = session.scalars(query).all()
    for start in range(0, len(ids), AT_ONCE):
        yield from _some(session, part, ids[start : start + AT_ONCE], until)


def _some(session: Session, part: Part, ids: Sequence[str], until: int) -> Iterator[RunTold]:
    found = select(Run).where(Run.id.in_(ids)).options(selectinload(Run.step_runs))
    some = session.scalars(found.order_by(Run.deadline_at, Run.id)).unique().all()
    subjects = [each for run in some for each in (run.id, *(step.id for step in run.step_runs))]
    of: dict[str, list[Event]] = {}
    query = select(Event).where(
        Event.org_id == part.org_id, Event.subject.in_(subjects), Event.seq <= until
    )
    for event in session.scalars(query.order_by(Event.seq)):
        of.setdefault(event.subject, []).append(event)
        session.expunge(event)
    for run in some:
        if told := _told(run, part, of):
            yield told
        session.expunge(run)


def _told(run: Run, part: Part, of: dict[str, list[Event]]) -> RunTold | None:
    zone = run.location.time_zone
    steps = [
        _step(step, of[step.id], zone)
        for step in run.step_runs
        if step.id in of and (not part.step or step.step_key in part.step_keys)
    ]
    trail = [] if part.step else _trail(of.get(run.id, []), zone)
    if not steps and not trail:
        return None
    named = (run.process.name, run.location.name)
    return RunTold(*named, zone, run.deadline_at, trail, steps)


def _trail(events: list[Event], zone: str) -> list[Entry]:
    return [Entry(each.seq, each.at, _words(each, zone)) for each in events]


def _words(event: Event, zone: str) -> str:
    try:
        return words.sentence(event.kind, event.payload, zone)
    except (KeyError, TypeError, ValueError, AttributeError):
        return f"{event.kind}."  # of an earlier version, or damaged: the event itself is there


def _step(step: StepRun, events: list[Event], zone: str) -> StepTold:
    told = StepTold(step.title, str(step.requirement.get("unit") or ""))
    told.trail = _trail(events, zone)
    for event in events:
        told.result = RESULTS.get(event.kind, told.result)
        _learn(told, event.kind, event.at, event.payload or {})
    return told


def _learn(told: StepTold, kind: str, at: datetime, payload: dict[str, Any]) -> None:
    if kind == "step.missed":
        told.missed_at = told.missed_at or at
    elif kind == "step.handed_on":
        told.handed_to.append(str((payload.get("to") or {}).get("name") or ""))
        if payload.get("reason") == "missed":
            told.missed_at = told.missed_at or at
    elif kind.startswith("review."):
        told.review = {} if kind == "review.withdrawn" else payload
    elif kind in GIVEN:
        sent = (payload.get("content") or {}).get("sha256")
        if sent and sent not in told.photos:
            told.photos.append(sent)
        if kind in ("step.done", "step.in_review"):
            told.proof = payload
