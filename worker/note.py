"""One outbox row as its words need it, and what all messages share. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Note:
    """One outbox row, as far as its words need it."""

    id: str
    kind: str
    run_id: str | None
    step_run_id: str | None
    facts: dict[str, Any]


def runs_of(notes: list[Note]) -> int:
    """How many runs the rows are about."""
    return len({note.run_id for note in notes})


def shown(*, title: str, body: str, url: str, tag: str, step_run: str | None) -> dict[str, Any]:
    """What a push shows: its words, where a press leads, and what it replaces (by its tag)."""
    return {
        "title": title,
        "body": body,
        "url": url,
        "tag": tag,
        "image": None,
        "actions": [],
        "step_run": step_run,
        "seen": None,
    }


def page(note: Note) -> str:
    """The path of the step on the page of its run."""
    return f"/run/{note.run_id}#{note.step_run_id}"


def due(facts: dict[str, Any]) -> str:
    """The deadline's time of day on the clock of the place."""
    there = datetime.fromisoformat(facts["deadline_at"]).astimezone(ZoneInfo(facts["time_zone"]))
    return there.strftime("%H:%M")
