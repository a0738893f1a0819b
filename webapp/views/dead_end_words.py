"""Chains that dead-end in the days ahead, as rows of the owner's page."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.models import Person, Process, Run
from webapp.rules.moment_words import clock_words, day_words
from webapp.services import dead_ends
from webapp.views.reach_words import listed


def rows(session: Session, person: Person, now: datetime) -> list[dict[str, Any]]:
    """Return a row for each run with both away, one for backups, one for chains without a phone."""
    ahead = dead_ends.ahead(session, person, now)
    runs = sorted(ahead.both_away, key=lambda run: (run.process_id, run.location_id))
    grouped = groupby(runs, key=lambda run: (run.process_id, run.location_id))
    away = [_both_away(list(group), now) for _key, group in grouped]
    found = sorted(away, key=lambda row: row["at"])
    if ahead.owner_only:
        found.append(_owner_only(ahead.owner_only, person))
    if ahead.no_phone:
        found.append(_no_phone(ahead.no_phone))
    return found


def _both_away(runs: list[Run], now: datetime) -> dict[str, Any]:
    first, *others = runs
    zone, chain = first.location.time_zone, first.step_runs[0].chain
    due = clock_words(first.deadline_at, now, zone)
    more = f", and {len(others)} more run{'' if len(others) == 1 else 's'}" if others else ""
    return _row(
        first.deadline_at,
        day_words(first.deadline_at, now, zone),
        f"{chain[0]['name']} and {chain[1]['name']} are both away for {first.process.name} at "
        f"{first.location.name}, due at {due}{more}.",
        f"{chain[2]['name']} holds it from the start. Name somebody else if that is too thin.",
        [first.process],
    ) | {"zone": zone}


def _owner_only(found: Sequence[tuple[Process, Person]], asking: Person) -> dict[str, Any]:
    behind = "you stand" if asking.role == "owner" else "the owner stands"
    names = listed([process.name for process, _ in found[:3]], "and")
    if len(found) > 3:
        names = f"{len(found)} processes"
    whom = found[0][1].name if len(found) == 1 else "the responsible person"
    sentence = f"Only {behind} behind {whom} in {names}."
    return _row(None, "", sentence, "Name a backup.", [process for process, _ in found])


def _no_phone(found: Sequence[Process]) -> dict[str, Any]:
    names = [process.name for process in found]
    which = listed(names, "or") if len(names) <= 3 else f"{len(names)} processes"
    sentence = f"Nobody in the chain of {which} has a device that takes messages."
    detail = "What is missed there moves on without a sound. One phone that works is a beginning."
    return _row(None, "", sentence, detail, list(found)) | {"kind": "no_phone"}


def _row(
    at: datetime | None, day: str, sentence: str, detail: str, processes: list[Process]
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
        "sentence": sentence,
        "detail": detail,
        "url": pages[0]["url"] if len(pages) == 1 else url_for("processes.processes"),
        "parts": pages if len(pages) > 1 else [],
        "parts_lead": "Which processes",
        "try_again": None,
    }
