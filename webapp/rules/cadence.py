"""When work is due: a schedule in a location's time zone gives occurrences in UTC.

Local date-times without a zone are called nominal here; nothing nominal leaves this module except
as the key of an occurrence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from webapp.rules.recurrence import Rule, clock_times, first_date, nominal_times
from webapp.rules.rrule_text import CadenceError, parse_rule, rule_text
from webapp.rules.sentences import N_, say

__all__ = [
    "CadenceError",
    "Occurrence",
    "Schedule",
    "check_schedule",
    "load_zone",
    "occurrences",
    "parse_rrule",
    "resolve_local",
    "several_a_day",
]

DEFAULT_WINDOW = timedelta(hours=2)

_DAY = timedelta(days=1)
# Real names in the zone database that mean "this machine" or count leap seconds.
_UNUSABLE_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a process is due at a location; all times are local wall times, to the minute.

    opens None: when the location opens, if that is before the deadline, else two hours before.
    """

    rrule: str
    deadline: time
    starts_on: date
    opens: time | None = None
    opens_days_before: int = 0


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due time. key is the nominal local deadline ("2026-11-22T07:15"); times are UTC."""

    key: str
    opens_at: datetime
    deadline_at: datetime


def load_zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; CadenceError "unknown_time_zone" otherwise."""
    try:
        if name.startswith(_UNUSABLE_ZONES):
            raise ValueError(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CadenceError("unknown_time_zone", _unknown_zone_words(name)) from error


def parse_rrule(text: str) -> str:
    """The rule in one normal form ("FREQ=WEEKLY;BYDAY=MO,TU"), by RFC 5545 section 3.3.10.

    CadenceError "impossible_rrule" for bad syntax, for more often than daily without BYHOUR, for
    COUNT or UNTIL, and for a rule that no calendar date can meet (30 February).
    """
    rule = parse_rule(text)
    if not _ever_occurs(rule):
        raise CadenceError(
            "impossible_rrule",
            say(
                "“%(rule_text)s” never falls on any date. Choose a day that exists.",
                rule_text=rule_text(rule),
            ),
        )
    return rule_text(rule)


def check_schedule(schedule: Schedule) -> None:
    """Refuse a schedule whose rule, counted from starts_on, does not come up in a hundred years.

    "Every second year on 29 February" is fine from 2024 and never happens from 2025.
    """
    if first_date(parse_rule(schedule.rrule), schedule.starts_on) is None:
        raise CadenceError(
            "impossible_rrule",
            say(
                "Counted from %(isoformat)s, “%(rrule)s” never falls on any date. Change"
                " the rule or the date it starts on.",
                isoformat=schedule.starts_on.isoformat(),
                rrule=schedule.rrule,
            ),
        )


def several_a_day(schedule: Schedule) -> bool:
    """Does the rule give more than one due time on one date (BYHOUR, BYMINUTE)?"""
    return len(clock_times(parse_rule(schedule.rrule), schedule.deadline)) > 1


def resolve_local(nominal: datetime, zone: ZoneInfo) -> datetime:
    """A nominal local date-time as UTC.

    A time that the clocks skip moves forward by the skipped span; a repeated time is the first.
    Both are what fold=0 means (PEP 495), read through UTC.
    """
    if nominal.tzinfo is not None:
        raise ValueError(N_("a nominal local time carries no time zone"))
    return nominal.replace(tzinfo=zone, fold=0).astimezone(UTC)


def occurrences(
    schedule: Schedule,
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
    *,
    closed: frozenset[date] = frozenset(),
    location_opens: time | None = None,
) -> list[Occurrence]:
    """The occurrences with start <= deadline_at < end, sorted by deadline, each key once.

    start and end are aware. An occurrence whose nominal deadline is on a closed date is left out.
    Where the clocks skip, two nominal times can mean one instant (02:30 and 03:30, or the day that
    Samoa never had): that is one occurrence, the one that the clock on the wall really shows.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError(N_("start and end need a time zone"))
    by_deadline: dict[datetime, datetime] = {}
    for nominal in _nominal_deadlines(schedule, zone, start, end):
        by_deadline[resolve_local(nominal, zone)] = nominal  # the later nominal is the real one
    return [
        Occurrence(
            key=nominal.isoformat(timespec="minutes"),
            opens_at=min(_opens_at(schedule, zone, nominal, location_opens), deadline_at),
            deadline_at=deadline_at,
        )
        for deadline_at, nominal in sorted(by_deadline.items())
        if start <= deadline_at < end and nominal.date() not in closed
    ]


def _nominal_deadlines(
    schedule: Schedule, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[datetime]:
    # A skipped span moves a deadline by a day at most, so one date more on each side is enough.
    first = start.astimezone(zone).date() - _DAY
    last = end.astimezone(zone).date() + _DAY
    rule = parse_rule(schedule.rrule)
    yield from nominal_times(rule, schedule.starts_on, schedule.deadline, first, last)


def _opens_at(
    schedule: Schedule, zone: ZoneInfo, nominal: datetime, location_opens: time | None
) -> datetime:
    """When the run opens, in UTC: never before an earlier deadline of the same date.

    The last part lets "temperatures at 8, 12 and 16" have a window each, not three at once.
    """
    opens_at = _wished_opening(schedule, zone, nominal, location_opens)
    clocks = clock_times(parse_rule(schedule.rrule), schedule.deadline)
    earlier = [clock for clock in clocks if clock < nominal.time()]
    if not earlier:
        return opens_at
    return max(opens_at, resolve_local(datetime.combine(nominal.date(), earlier[-1]), zone))


def _wished_opening(
    schedule: Schedule, zone: ZoneInfo, nominal: datetime, location_opens: time | None
) -> datetime:
    day = nominal.date() - schedule.opens_days_before * _DAY
    if schedule.opens is not None:
        opening = datetime.combine(day, schedule.opens)
        # Not before the deadline on its own clock: the evening before (22:00 for 00:30).
        return resolve_local(opening if opening < nominal else opening - _DAY, zone)
    if location_opens is not None and datetime.combine(day, location_opens) < nominal:
        return resolve_local(datetime.combine(day, location_opens), zone)
    return resolve_local(datetime.combine(day, nominal.time()), zone) - DEFAULT_WINDOW


def _ever_occurs(rule: Rule) -> bool:
    """Can any date meet the rule? Starts and intervals are check_schedule's business."""
    return first_date(replace(rule, interval=1), date(2024, 1, 1)) is not None


def _unknown_zone_words(name: str) -> str:
    wanted = name.strip().replace(" ", "_").casefold()
    known = {zone.casefold(): zone for zone in available_timezones() if zone not in _UNUSABLE_ZONES}
    known |= {zone.rpartition("/")[2].casefold(): zone for zone in known.values() if "/" in zone}
    close = get_close_matches(wanted, known, n=1, cutoff=0.8)
    if close:
        return say(
            "“%(name)s” is not a known time zone. Did you mean %(meant)s?",
            name=name,
            meant=known[close[0]],
        )
    return say(
        "“%(name)s” is not a known time zone. Use a name such as America/Chicago.", name=name
    )
