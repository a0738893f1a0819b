"""Who in a chain is away in the days ahead and what follows, as sentences for the pages."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.formats import first_up, listed, one_of
from webapp.models import Person, Run
from webapp.rules.moment_words import clock_words, date_words, day_words
from webapp.services import away_ahead
from webapp.services.away_ahead import AwayAhead, day_of
from webapp.words import gettext as _
from webapp.words import ngettext


def sentences(
    away: Sequence[AwayAhead], alone: Sequence[Run], nobodys: Sequence[Run], today: date
) -> list[str]:
    """Return who is away and what follows.

    `alone` are the runs that nobody before the last is there for; for `nobodys` the last is not
    there either.
    """
    found = [_sentence(each, today) for each in away]
    there = [run for run in alone if run not in nobodys]
    if nobodys:
        found.insert(0, _nobody_sentence(nobodys, today))
    return [_alone_sentence(there, today), *found] if there else found


def rows(session: Session, person: Person, moment: datetime) -> list[dict[str, Any]]:
    """Return the rows of the inbox about runs ahead for which nobody but the owner is there."""
    runs = away_ahead.left_to_the_owner(session, person, moment)
    nobodys = away_ahead.nobodys(session, runs)
    there = [run for run in runs if run not in nobodys]
    found = [_row(group, person, moment) for group in _grouped(there)]
    found += [_nobody_row(group, person, moment) for group in _grouped(nobodys)]
    return sorted(found, key=lambda row: row["at"])


def _grouped(runs: Sequence[Run]) -> list[list[Run]]:
    """Those of one process at one location together."""
    of_one = sorted(runs, key=lambda run: (run.process_id, run.location_id))
    grouped = groupby(of_one, key=lambda run: (run.process_id, run.location_id))
    return [list(group) for _key, group in grouped]


def _sentence(each: AwayAhead, today: date) -> str:
    name, when = each.person.name, _when(each, today)
    # Translators: %(when)s is like “today”, “until Friday 27 November” or “on Monday 23 November”.
    if each.role == "owner":
        return _(
            "%(name)s is away %(when)s; what reaches the owner stays there.", name=name, when=when
        )
    if each.role != "assignee":
        return _(
            "%(name)s is away %(when)s; what is missed passes over %(name)s.", name=name, when=when
        )
    if each.begins_with:
        return _(
            "%(name)s is away %(when)s; %(others)s holds it from the start.",
            name=name,
            when=when,
            others=one_of(each.begins_with),
        )
    return _("%(name)s is away %(when)s.", name=name, when=when)


def _when(each: AwayAhead, today: date) -> str:
    last = date_words(each.last, today)
    if each.first <= today:
        return _("today") if each.last <= today else _("until %(day)s", day=last)
    first = date_words(each.first, today)
    if each.first == each.last:
        return _("on %(day)s", day=first)
    return _("from %(first)s to %(last)s", first=first, last=last)


def _alone_sentence(runs: Sequence[Run], today: date) -> str:
    return _(
        "%(when)s nobody of the chain but %(owner)s is there: %(owner)s holds it from the start.",
        when=_days(runs, today),
        owner=runs[0].step_runs[0].chain[-1]["name"],
    )


def _nobody_sentence(runs: Sequence[Run], today: date) -> str:
    return _(
        "%(when)s nobody of the chain is there: it waits for %(owner)s, who comes last.",
        when=_days(runs, today),
        owner=runs[0].step_runs[0].chain[-1]["name"],
    )


def _days(runs: Sequence[Run], today: date) -> str:
    days = sorted({day_of(run) for run in runs})
    when = [
        _("today") if day == today else _("on %(day)s", day=date_words(day, today)) for day in days
    ]
    return first_up(listed(when))


def _listed(run: Run) -> str:
    """Everybody in the run's chain before its last."""
    return listed(list(dict.fromkeys(level["name"] for level in run.step_runs[0].chain[:-1])))


def _row(runs: list[Run], asking: Person, moment: datetime) -> dict[str, Any]:
    values, is_mine = _values(runs[0], moment), _is_mine(runs[0], asking)
    return _about(runs[0], moment) | {
        "sentence": _alone(values, len(runs) - 1, is_mine),
        "detail": _(
            "%(names)s are away or have left. Name somebody else, or it is yours from the start.",
            **values,
        )
        if is_mine
        else _(
            "%(names)s are away or have left. Name somebody else, or %(owner)s holds it from the"
            " start.",
            **values,
        ),
    }


def _nobody_row(runs: list[Run], asking: Person, moment: datetime) -> dict[str, Any]:
    values = _values(runs[0], moment)
    return _about(runs[0], moment) | {
        "sentence": _nobody(values, len(runs) - 1),
        "detail": _(
            "%(names)s are away or have left, and you are away. Name somebody else, or it waits"
            " for you.",
            **values,
        )
        if _is_mine(runs[0], asking)
        else _(
            "%(names)s are away or have left, and %(owner)s is away. Name somebody else, or it"
            " waits for %(owner)s.",
            **values,
        ),
    }


def _about(first: Run, moment: datetime) -> dict[str, Any]:
    zone = first.location.time_zone
    return {
        "kind": "alone",
        "need": False,
        "at": first.deadline_at,
        "day": day_words(first.deadline_at, moment, zone),
        "zone": zone,
        "url": url_for("processes.process", process_id=first.process_id),
        "try_again": None,
    }


def _is_mine(run: Run, asking: Person) -> bool:
    return bool(run.step_runs[0].chain[-1]["person"] == asking.id)


def _values(first: Run, moment: datetime) -> dict[str, Any]:
    return {
        "owner": first.step_runs[0].chain[-1]["name"],
        "process": first.process.name,
        "location": first.location.name,
        "due": clock_words(first.deadline_at, moment, first.location.time_zone),
        "names": _listed(first),
    }


def _nobody(values: dict[str, Any], more: int) -> str:
    if more:
        return ngettext(
            "Nobody is there for %(process)s at %(location)s, due at %(due)s, nor for %(num)s more"
            " run.",
            "Nobody is there for %(process)s at %(location)s, due at %(due)s, nor for %(num)s more"
            " runs.",
            more,
            **values,
        )
    return _("Nobody is there for %(process)s at %(location)s, due at %(due)s.", **values)


def _alone(values: dict[str, Any], more: int, is_mine: bool) -> str:
    if is_mine and more:
        return ngettext(
            "Nobody but you is there for %(process)s at %(location)s, due at %(due)s, nor for"
            " %(num)s more run.",
            "Nobody but you is there for %(process)s at %(location)s, due at %(due)s, nor for"
            " %(num)s more runs.",
            more,
            **values,
        )
    if is_mine:
        return _(
            "Nobody but you is there for %(process)s at %(location)s, due at %(due)s.", **values
        )
    if more:
        return ngettext(
            "Nobody but %(owner)s is there for %(process)s at %(location)s, due at %(due)s, nor"
            " for %(num)s more run.",
            "Nobody but %(owner)s is there for %(process)s at %(location)s, due at %(due)s, nor"
            " for %(num)s more runs.",
            more,
            **values,
        )
    return _(
        "Nobody but %(owner)s is there for %(process)s at %(location)s, due at %(due)s.", **values
    )
