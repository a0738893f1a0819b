"""A rehearsal as the API and the command line give it: facts by their names, and sentences."""

from datetime import UTC, datetime
from typing import Any

from webapp.rules.course import Moment, Reminder
from webapp.rules.later_ahead import Ahead
from webapp.services.rehearsals import words
from webapp.services.rehearsals.opening_words import step_words
from webapp.services.rehearsals.plain import Rehearsal, Rehearsed


def as_json(rehearsal: Rehearsal, you: str | None = None) -> dict[str, Any]:
    """Return plain values: text, numbers, lists. Times are ISO 8601 in UTC.

    `told` names the channels (push, email, extra); none means that only a screen says so.
    """
    return {
        "process": {"id": rehearsal.process_id, "name": rehearsal.name},
        "since": _iso(rehearsal.since),
        "until": _iso(rehearsal.until),
        "summary": words.summary(rehearsal, you),
        "dead_ends": [
            {"location": _place(rehearsal, run), "occurrence": run.occurrence} | end
            for run in rehearsal.dead_ends
            for end in _dead_ends(rehearsal, run)
        ],
        "runs": [_run(rehearsal, run) for run in rehearsal.runs],
        "conditional": [_step(step) for step in rehearsal.conditional],
    }


def _run(rehearsal: Rehearsal, run: Rehearsed) -> dict[str, Any]:
    course = run.course
    return {
        "location": _place(rehearsal, run),
        "time_zone": run.zone.key,
        "occurrence": run.occurrence,
        "step": _step(run.step) if run.step else None,
        "opens_at": _iso(run.occasion.opens_at),
        "deadline_at": _iso(run.deadline_at),
        "begun": run.occasion.begun is not None,
        "reminder": _reminder(rehearsal, course.reminder),
        "moments": [
            _moment(rehearsal, run, number, moment) for number, moment in enumerate(course.moments)
        ],
        "missed_at": _iso(course.missed_at),
        "dead_ends": _dead_ends(rehearsal, run),
    }


def _step(step: Ahead) -> dict[str, Any]:
    return {"title": step.title, "words": " ".join(step_words(step))}


def _moment(rehearsal: Rehearsal, run: Rehearsed, number: int, moment: Moment) -> dict[str, Any]:
    return {
        "at": _iso(moment.at),
        "until": _iso(moment.until),
        "level": moment.level,
        "role": moment.role,
        "holder": _who(rehearsal, moment.person),
        "reason": moment.reason,
        "told": [{"channel": told.channel, "at": _iso(told.at)} for told in moment.told],
        "passed_over": [
            {"person": _who(rehearsal, each.person), "role": each.role, "reason": each.why}
            for each in moment.passed
        ],
        "after_closing": moment.after_closing,
        "words": " ".join(words.moment_words(rehearsal, run, number)),
    }


def _reminder(rehearsal: Rehearsal, reminder: Reminder | None) -> dict[str, Any] | None:
    if reminder is None:
        return None
    return {
        "at": _iso(reminder.at),
        "holder": _who(rehearsal, reminder.person),
        "told": list(reminder.channels),
    }


def _dead_ends(rehearsal: Rehearsal, run: Rehearsed) -> list[dict[str, str]]:
    return [
        {"kind": kind, "words": words.dead_end_words(rehearsal, run, kind)}
        for kind in run.course.dead_ends
    ]


def _place(rehearsal: Rehearsal, run: Rehearsed) -> dict[str, str]:
    return {"id": run.place, "name": rehearsal.places[run.place].name}


def _who(rehearsal: Rehearsal, person: str) -> dict[str, str]:
    return {"id": person, "name": rehearsal.people[person].name}


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
