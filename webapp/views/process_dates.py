"""The next dates of a definition in words, with those that fall out and why."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from webapp.formats import day, first_up, listed, row, weekday
from webapp.models import Location, ProcessVersion
from webapp.rules.deadline import format_clock
from webapp.services.definitions import ProcessDraft
from webapp.services.definitions.preview import Dates, LeftOut, next_dates, opening
from webapp.words import gettext as _
from webapp.words import ngettext

MOST_LEFT_OUT = 12


def shown(
    draft: ProcessDraft,
    places: Sequence[Location],
    now: datetime,
    current: ProcessVersion | None = None,
) -> dict[str, Any] | None:
    """The next dates at the first of these places, and when it begins at the others.

    None while the definition is unclear.
    """
    first, *others = places
    found = next_dates(draft, first, now, current)
    if not found.due and not found.left_out:
        return None
    return {
        "place": first.name,
        "opens": _opens(draft, places, now, current),
        "rows": [{"words": words, "is_due": is_due} for _on, words, is_due in sorted(_rows(found))],
        "days_off": _days_off(found, first),
        "counted_from": _counted_from(found),
        "others": [
            sentence for place in others if (sentence := _begins(draft, place, now, current))
        ],
    }


def _opens(
    draft: ProcessDraft, places: Sequence[Location], now: datetime, current: ProcessVersion | None
) -> str:
    words = opening_words(opening(draft, places, now, current))
    if not words or draft.deadline is None:
        return ""
    return row(first_up(words), _("due at %(time)s", time=format_clock(draft.deadline))) + "."


def opening_words(found: tuple[int, time] | None) -> str:
    """When it opens, for a line that goes on with when it is due; "" where that is unclear."""
    if found is None:
        return ""
    days_before, at = found[0], format_clock(found[1])
    if days_before == 1:
        # Translators: when a run opens; “due at 07:15” follows.
        return _("opens at %(time)s the day before", time=at)
    if days_before:
        at = ngettext(
            "%(time)s, %(num)s day before", "%(time)s, %(num)s days before", days_before, time=at
        )
    return _("opens at %(time)s", time=at)


def _rows(found: Dates) -> Iterator[tuple[date, str, bool]]:
    for due in found.due:
        yield due.date(), moment_words(due), True
    for each in found.left_out[:MOST_LEFT_OUT]:
        yield each.on, _left_out(each), False


def moment_words(due: datetime) -> str:
    """A moment by the calendar and the clock of its place."""
    # Translators: a day with its year, and a time.
    return _("%(day)s, %(time)s", day=day(due.date(), year=True), time=f"{due:%H:%M}")


def _left_out(each: LeftOut) -> str:
    on = day(each.on, year=True)
    if each.holiday is None:
        return _("%(day)s is left out: closed.", day=on)
    return _("%(day)s is left out: %(holiday)s.", day=on, holiday=each.holiday)


def _days_off(found: Dates, place: Location) -> str:
    if not found.days_off:
        return ""
    days = listed([weekday(number) for number in found.days_off])
    # Translators: %(days)s are weekdays: “Saturday and Sunday”.
    return _("Not on %(days)s: %(place)s is not open then.", days=days, place=place.name)


def _counted_from(found: Dates) -> str:
    if found.counted_from is None:
        return ""
    # Translators: the day from which “every 2 weeks” counts.
    return _("Counted from %(day)s.", day=day(found.counted_from, year=True))


def _begins(
    draft: ProcessDraft, place: Location, now: datetime, current: ProcessVersion | None
) -> str:
    found = next_dates(draft, place, now, current, count=1)
    if not found.due:
        return ""
    first = moment_words(found.due[0])
    # Translators: %(first)s is a day and a time.
    return _("At %(place)s first on %(first)s, its own time.", place=place.name, first=first)
