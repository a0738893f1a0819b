"""A leap year in every time zone: no occurrence is missed and none is doubled.

What is expected comes from dateutil's rules over naive local dates, and from tables of each
zone's offsets that were scanned from it; nothing of it is the product's own arithmetic.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr

from webapp.rules.cadence import Occurrence, Schedule, load_zone, occurrences

YEAR = 2028
START, END = datetime(YEAR, 1, 1, tzinfo=UTC), datetime(YEAR + 1, 1, 1, tzinfo=UTC)
MARGIN = timedelta(days=5)
SCAN = timedelta(hours=6)
SECOND = timedelta(seconds=1)
NOT_PLACES = ("localtime", "posixrules", "Factory", "posix/", "right/")

CADENCES = {
    "every night in the gap": ("FREQ=DAILY", time(2, 30)),
    "every midnight": ("FREQ=DAILY", time(0, 0)),
    "weekdays": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time(9, 0)),
    "every second Sunday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", time(1, 45)),
    "the last day of the month": ("FREQ=MONTHLY;BYMONTHDAY=-1", time(23, 45)),
    "the first weekday of the month": (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        time(8, 0),
    ),
    "every half hour of the night": (
        "FREQ=DAILY;BYHOUR=0,1,2,3,4;BYMINUTE=0,30",
        time(0, 0),
    ),
    "leap day": ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", time(12, 0)),
}


@dataclass(frozen=True)
class Offsets:
    """A zone as a table: from each instant on (naive UTC), its offset."""

    since: tuple[datetime, ...]
    offset: tuple[timedelta, ...]

    def instant(self, nominal: datetime) -> datetime:
        """The first moment at which the wall shows this time; in a gap, as before the gap."""
        for number, offset in enumerate(self.offset):
            moment = nominal - offset
            if self._at(moment) == number:
                return moment
        before = next(
            number
            for number, offset in enumerate(self.offset[:-1])
            if nominal - offset >= self.since[number + 1] > nominal - self.offset[number + 1]
        )
        return nominal - self.offset[before]

    def _at(self, moment: datetime) -> int:
        return bisect_right(self.since, moment) - 1


def scanned(name: str) -> Offsets:
    """Ask the zone for its offset every six hours, and find each change to the second."""
    zone = ZoneInfo(name)
    moment = START - MARGIN
    since, offsets = [moment], [_offset(zone, moment)]
    while moment < END + MARGIN:
        later = moment + SCAN
        if _offset(zone, later) != offsets[-1]:
            since.append(_change(zone, moment, later))
            offsets.append(_offset(zone, later))
        moment = later
    naive = tuple(each.replace(tzinfo=None) for each in since)
    return Offsets((datetime.min, *naive[1:]), tuple(offsets))


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    while after - before > SECOND:
        middle = before + (after - before) // (2 * SECOND) * SECOND
        is_before = _offset(zone, middle) == _offset(zone, before)
        before, after = (middle, after) if is_before else (before, middle)
    return after


@cache
def zones_by_offsets() -> dict[Offsets, list[str]]:
    """All zones, those together whose clocks show the same all year."""
    groups: defaultdict[Offsets, list[str]] = defaultdict(list)
    for name in sorted(available_timezones()):
        if not name.startswith(NOT_PLACES):
            groups[scanned(name)].append(name)
    return dict(groups)


@cache
def nominal_times(rule: str, deadline: time) -> tuple[datetime, ...]:
    """The local due times by dateutil, which counts from the first day of the year."""
    first = datetime.combine(date(YEAR, 1, 1), deadline)
    started = rrulestr(f"{rule};BYSECOND=0", dtstart=first)
    return tuple(started.between(first, first + timedelta(days=366), inc=True))


def expected(table: Offsets, rule: str, deadline: time) -> dict[datetime, datetime]:
    """Each instant with the local time that the wall shows then, in the order of time.

    Two local times at one instant (one of them skipped by the clocks) are one occurrence.
    """
    last = END.replace(tzinfo=None) - MARGIN
    at = {table.instant(nominal): nominal for nominal in nominal_times(rule, deadline)}
    return {moment: at[moment] for moment in sorted(at) if moment < last}


def planned(zone: ZoneInfo, rule: str, deadline: time) -> Iterator[Occurrence]:
    """What planning gives, week by week: no window may lose or double what lies at its edge."""
    schedule = Schedule(rrule=rule, deadline=deadline, starts_on=date(YEAR, 1, 1))
    since, until = START - MARGIN, END - MARGIN
    while since < until:
        end = min(since + timedelta(days=7, minutes=30), until)
        yield from occurrences(schedule, zone, since, end)
        since = end


@pytest.mark.parametrize("name", CADENCES)
def test_a_year_in_every_zone_misses_nothing_and_doubles_nothing(name):
    rule, deadline = CADENCES[name]
    for table, zones in zones_by_offsets().items():
        found = list(planned(load_zone(zones[0]), rule, deadline))
        moments = [each.deadline_at for each in found]
        keys = [each.key for each in found]
        wanted = expected(table, rule, deadline)
        assert [each.replace(tzinfo=None) for each in moments] == list(wanted), zones[0]
        assert keys == [each.isoformat(timespec="minutes") for each in wanted.values()], zones[0]
        assert all(before < after for before, after in pairwise(moments))
        assert len(set(keys)) == len(keys)


def test_every_zone_is_among_those_that_were_looked_at():
    listed = [name for zones in zones_by_offsets().values() for name in zones]
    assert len(listed) == len(set(listed)) > 590
    assert {"America/Chicago", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza"} <= set(listed)
    assert len(zones_by_offsets()) > 60


def test_the_leap_day_comes_once_in_every_zone():
    rule, deadline = CADENCES["leap day"]
    assert len(nominal_times(rule, deadline)) == 1
