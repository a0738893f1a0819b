"""Chains that dead-end in the days ahead, as rows of the owner's page."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.formats import listed, one_of
from webapp.models import Person, Process, Run
from webapp.rules.moment_words import clock_words, day_words
from webapp.services import dead_ends
from webapp.words import gettext as _
from webapp.words import ngettext


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
    values = {
        "names": listed([chain[0]["name"], chain[1]["name"]]),
        "process": first.process.name,
        "location": first.location.name,
        "due": clock_words(first.deadline_at, now, zone),
    }
    if others:
        sentence = ngettext(
            "%(names)s are both away for %(process)s at %(location)s, due at %(due)s, and"
            " %(num)s more run.",
            "%(names)s are both away for %(process)s at %(location)s, due at %(due)s, and"
            " %(num)s more runs.",
            len(others),
            **values,
        )
    else:
        sentence = _(
            "%(names)s are both away for %(process)s at %(location)s, due at %(due)s.", **values
        )
    detail = _(
        "%(name)s holds it from the start. Name somebody else if that is too thin.",
        name=chain[2]["name"],
    )
    day = day_words(first.deadline_at, now, zone)
    return _row(first.deadline_at, day, sentence, detail, [first.process]) | {"zone": zone}


def _owner_only(found: Sequence[tuple[Process, Person]], asking: Person) -> dict[str, Any]:
    names = _processes([process.name for process, _person in found[:3]], len(found), listed)
    whom = found[0][1].name if len(found) == 1 else _("the responsible person")
    if asking.role == "owner":
        sentence = _("Only you stand behind %(whom)s in %(names)s.", whom=whom, names=names)
    else:
        sentence = _("Only the owner stands behind %(whom)s in %(names)s.", whom=whom, names=names)
    return _row(None, "", sentence, _("Name a backup."), [process for process, _person in found])


def _no_phone(found: Sequence[Process]) -> dict[str, Any]:
    which = _processes([process.name for process in found[:3]], len(found), one_of)
    sentence = _("Nobody in the chain of %(which)s has a device that takes messages.", which=which)
    detail = _(
        "What is missed there moves on without a sound. One phone that works is a beginning."
    )
    return _row(None, "", sentence, detail, list(found)) | {"kind": "no_phone"}


def _processes(names: list[str], count: int, joined: Callable[[list[str]], str]) -> str:
    if count > len(names):
        return ngettext("%(num)s process", "%(num)s processes", count)
    return joined(names)


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
        "parts_lead": _("Which processes"),
        "try_again": None,
    }
