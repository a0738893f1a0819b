"""Chains that dead-end in the days ahead, as rows of the owner's page."""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.models import Person, Process, Run
from webapp.rules.moment_words import day_words
from webapp.services import dead_end_words as words
from webapp.services import dead_ends
from webapp.words import gettext as _


def rows(session: Session, person: Person, now: datetime) -> list[dict[str, Any]]:
    """Return a row for each run with both away, one for backups, one for chains without a phone."""
    ahead = dead_ends.ahead(session, person, now)
    found = [_both_away(runs, now) for runs in words.by_chain(ahead.both_away)]
    if ahead.owner_only:
        said = words.owner_only(ahead.owner_only, person)
        found.append(_row(None, "", said, [process for process, _person in ahead.owner_only]))
    if ahead.no_phone:
        said = words.no_phone(ahead.no_phone)
        found.append(_row(None, "", said, ahead.no_phone) | {"kind": "no_phone"})
    return found


def _both_away(runs: list[Run], now: datetime) -> dict[str, Any]:
    first, zone = runs[0], runs[0].location.time_zone
    day = day_words(first.deadline_at, now, zone)
    said = words.both_away(runs, now)
    return _row(first.deadline_at, day, said, [first.process]) | {"zone": zone}


def _row(
    at: datetime | None, day: str, said: words.Said, processes: list[Process]
) -> dict[str, Any]:
    pages = [
        {"sentence": each.name, "url": url_for("processes.process", process_id=each.id)}
        for each in processes
    ]
    return {
        "kind": "dead_end",
        "need": False,
        "at": at,
        "day": day,
        "zone": "UTC",
        "sentence": said[0],
        "detail": said[1],
        "url": pages[0]["url"] if len(pages) == 1 else url_for("processes.processes"),
        "parts": pages if len(pages) > 1 else [],
        "parts_lead": _("Which processes"),
        "try_again": None,
    }
