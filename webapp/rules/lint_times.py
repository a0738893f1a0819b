"""Lint of times: who is told too late for it to matter, and what is due while nobody is there."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise

from webapp.rules.deadline import format_clock, wait_words
from webapp.rules.lint_facts import Facts, Finding, Link, Place, Station
from webapp.rules.opening_hours import AROUND_HOURS
from webapp.rules.sentences import N_, say

# Work whose first handoff waits longer than this is not work of one day.
SAME_DAY = timedelta(hours=12)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

Hours = tuple[datetime, datetime]


def times(facts: Facts) -> Iterator[Finding]:
    """What is wrong with the times of a definition, at most once for each location."""
    yield from _opens_long_before(facts)
    for place in facts.places:
        yield from _outside_hours(place)
        yield from _later_outside_hours(place)
        yield from _told_after_closing(facts, place)
    yield from _told_after_the_next(facts)


def _opens_long_before(facts: Facts) -> Iterator[Finding]:
    """An opening that is not before the due time is of the day before: a night, or a slip."""
    opens = facts.opens
    dues = (due for place in facts.places for due in place.dues)
    due = next((due for due in dues if opens is not None and opens >= due.time()), None)
    if opens is None or due is None:
        return
    wait = due - datetime.combine(due.date() - _DAY, opens, due.tzinfo)
    if wait > SAME_DAY:
        yield Finding(
            "opens_long_before",
            "opens",
            say(
                "It opens at %(opens)s the day before, %(wait)s before it is due at %(due)s.",
                opens=format_clock(opens),
                wait=_words(wait),
                due=f"{due:%H:%M}",
            ),
            N_("If it is to open on the day it is due, choose a time before it is due."),
        )


def _outside_hours(place: Place) -> Iterator[Finding]:
    for due in place.dues:
        if place.hours and _hours_around(place, due) is None:
            opens, closes = place.hours
            yield Finding(
                "outside_hours",
                "deadline",
                say(
                    "It is due at %(time)s; %(place)s is open from %(opens)s to %(closes)s.",
                    time=f"{due:%H:%M}",
                    place=place.name,
                    opens=format_clock(opens),
                    closes=format_clock(closes),
                ),
                say("Change the time, or the opening hours of %(place)s.", place=place.name),
                Link("location", place.id),
            )
            return


def _later_outside_hours(place: Place) -> Iterator[Finding]:
    """Each step that opens later and is then due while nobody is there."""
    found = {each.step: each for each in reversed(place.later) if not _is_within(place, each.due)}
    for each in sorted(found.values(), key=lambda each: each.step):
        opens, closes = map(format_clock, place.hours or ())
        yield Finding(
            "outside_hours",
            f"steps[{each.step}].after.wait",
            say(
                "“%(title)s” is due at %(time)s if what it follows is done when it is due;"
                " %(place)s is open from %(opens)s to %(closes)s.",
                title=each.title,
                time=f"{each.due:%H:%M}",
                place=place.name,
                opens=opens,
                closes=closes,
            ),
            N_("Let it open sooner, or let the process be due earlier."),
            Link("location", place.id),
        )


def _is_within(place: Place, due: datetime) -> bool:
    return place.hours is None or _hours_around(place, due) is not None


def _told_after_closing(facts: Facts, place: Place) -> Iterator[Finding]:
    """The backup hears of it when the place is closed; work of closing itself has its hour more."""
    backup = facts.station("backup")
    if backup is None or backup.wait > SAME_DAY:
        return
    for due in place.dues:
        hours = _hours_around(place, due)
        told = due.astimezone(UTC) + backup.wait
        if hours and told > _people_leave(hours, due):
            yield Finding(
                "told_after_closing",
                "grace",
                say(
                    "%(name)s is told at %(time)s, when %(place)s has been closed since"
                    " %(closes)s.",
                    name=backup.name,
                    time=f"{told.astimezone(due.tzinfo):%H:%M}",
                    place=place.name,
                    closes=f"{hours[1].astimezone(due.tzinfo):%H:%M}",
                ),
                N_("Let it be due earlier, or hand it on sooner."),
                Link("location", place.id),
            )
            return


def _people_leave(hours: Hours, due: datetime) -> datetime:
    closes = hours[1]
    return closes if due <= closes else closes + AROUND_HOURS


def _hours_around(place: Place, due: datetime) -> Hours | None:
    """The opening hours, in UTC, that the moment lies in or within an hour of; None for none."""
    for opens, closes in _hours_near(place, due):
        if opens - AROUND_HOURS <= due <= closes + AROUND_HOURS:
            return opens, closes
    return None


def _hours_near(place: Place, due: datetime) -> Iterator[Hours]:
    """Those of the day before and of the day, in UTC: wall times cannot tell a repeated hour."""
    if place.hours is None:
        return
    opens, closes = place.hours
    for day in (due.date() - _DAY, due.date()):
        end = day if opens < closes else day + _DAY
        yield (
            datetime.combine(day, opens, due.tzinfo).astimezone(UTC),
            datetime.combine(end, closes, due.tzinfo).astimezone(UTC),
        )


def _told_after_the_next(facts: Facts) -> Iterator[Finding]:
    """The first station that hears of it only when the next one is due already."""
    gap = min((_shortest_gap(place.dues) for place in facts.places), default=None)
    late = _first_later_than(facts.chain, gap) if gap else None
    if gap and late:
        station, wait = late
        yield Finding(
            "told_after_next",
            "grace" if station.role == "backup" else f"chain.{station.role}.after",
            say(
                "%(name)s is told %(wait)s after it was due. By then the next one is due:"
                " they come %(gap)s apart.",
                name=station.name,
                wait=_words(wait),
                gap=_words(gap),
            ),
            N_("Shorten the waits, so that it ends with somebody before the next one is due."),
        )


def _first_later_than(chain: Iterable[Station], gap: timedelta) -> tuple[Station, timedelta] | None:
    stations = list(chain)
    waits = accumulate(each.wait for each in stations)
    return next(
        ((each, wait) for each, wait in zip(stations, waits, strict=True) if wait >= gap), None
    )


def _shortest_gap(dues: Iterable[datetime]) -> timedelta:
    moments = [due.astimezone(UTC) for due in dues]
    return min((later - before for before, later in pairwise(moments)), default=timedelta.max)


def _words(wait: timedelta) -> str:
    return wait_words(wait // _MINUTE)
