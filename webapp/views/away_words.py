"""Who in a chain is away in the days ahead and what follows, as sentences for the pages."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.models import Person, Run
from webapp.rules.moment_words import clock_words, date_words, day_words
from webapp.services import away_ahead
from webapp.services.away_ahead import AwayAhead, day_of


def sentences(away: Sequence[AwayAhead], alone: Sequence[Run], today: date) -> list[str]:
    """Return who is away and what follows; `alone` are the runs that only the last is there for."""
    found = [_sentence(each, today) for each in away]
    return [_alone_sentence(alone, today), *found] if alone else found


def rows(session: Session, person: Person, moment: datetime) -> list[dict[str, Any]]:
    """Return the rows of the inbox about runs ahead for which nobody but the owner is there."""
    runs = away_ahead.left_to_the_owner(session, person, moment)
    runs.sort(key=lambda run: (run.process_id, run.location_id))
    grouped = groupby(runs, key=lambda run: (run.process_id, run.location_id))
    found = [_row(list(group), person, moment) for _key, group in grouped]
    return sorted(found, key=lambda row: row["at"])


def _sentence(each: AwayAhead, today: date) -> str:
    name = each.person.name
    if each.role == "owner":
        follows = "what reaches the owner stays there"
    elif each.role != "assignee":
        follows = f"what is missed passes over {name}"
    elif each.begins_with:
        follows = f"{' or '.join(each.begins_with)} holds it from the start"
    else:
        return f"{name} is away {_when(each, today)}."
    return f"{name} is away {_when(each, today)}; {follows}."


def _when(each: AwayAhead, today: date) -> str:
    last = date_words(each.last, today)
    if each.first <= today:
        return "today" if each.last <= today else f"until {last}"
    first = date_words(each.first, today)
    return f"on {first}" if each.first == each.last else f"from {first} to {last}"


def _alone_sentence(runs: Sequence[Run], today: date) -> str:
    days = list(dict.fromkeys(day_of(run) for run in runs))
    *others, last = [
        "today" if day == today else f"on {date_words(day, today)}" for day in sorted(days)
    ]
    when = f"{', '.join(others)} and {last}" if others else last
    owner = runs[0].step_runs[0].chain[-1]["name"]
    when = when[0].upper() + when[1:]
    return f"{when} nobody of the chain but {owner} is there: {owner} holds it from the start."


def _listed(run: Run) -> str:
    """Everybody in the run's chain before its last."""
    names = list(dict.fromkeys(level["name"] for level in run.step_runs[0].chain[:-1]))
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _row(runs: list[Run], asking: Person, moment: datetime) -> dict[str, Any]:
    first, *others = runs
    zone = first.location.time_zone
    last = first.step_runs[0].chain[-1]
    owner = "you" if last["person"] == asking.id else last["name"]
    more = f", nor for {len(others)} more run{'' if len(others) == 1 else 's'}" if others else ""
    return {
        "kind": "alone",
        "need": False,
        "at": first.deadline_at,
        "day": day_words(first.deadline_at, moment, zone),
        "zone": zone,
        "sentence": f"Nobody but {owner} is there for {first.process.name} at "
        f"{first.location.name}, due at {clock_words(first.deadline_at, moment, zone)}{more}.",
        "detail": f"{_listed(first)} are away or have left. Name somebody else, or "
        f"{'it is yours' if owner == 'you' else f'{owner} holds it'} from the start.",
        "url": url_for("processes.process", process_id=first.process_id),
        "try_again": None,
    }
