"""Chain lint: for each finding a case that has it, and one that is just not it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from webapp.rules.chain_lint import warnings
from webapp.rules.lint_facts import Facts, LaterDue, Link, Place, Station, Window

CHICAGO = ZoneInfo("America/Chicago")
MONDAY = date(2026, 11, 23)
MINUTE = timedelta(minutes=1)
HERE, THERE = frozenset(["downtown"]), frozenset(["harbour"])


def station(role: str, name: str, wait: int, **more: Any) -> Station:
    known: dict[str, Any] = {"works_at": HERE} | more
    return Station(role, name.lower(), name, wait * MINUTE, **known)


ANA, BEN = station("assignee", "Ana", 0), station("backup", "Ben", 5)
FAY = station("fallback", "Fay", 20)
OLIVIA = station("owner", "Olivia", 30, works_at=None)


def dues(at: time = time(7, 15), days: int = 5, every: int = 1) -> tuple[datetime, ...]:
    first = datetime.combine(MONDAY, at, CHICAGO)
    return tuple(first + number * timedelta(days=every) for number in range(days))


def place(at: time = time(7, 15), hours: tuple[time, time] | None = None, **more: Any) -> Place:
    return Place("downtown", "Downtown", dues(at, **more), hours or (time(6, 30), time(18)))


HEALTHY = Facts((ANA, BEN, FAY, OLIVIA), MONDAY, (place(),), ("photo", "note"))


def found(facts: Facts = HEALTHY, **changed: Any) -> list[str]:
    return [each.code for each in warnings(replace(facts, **changed))]


def days(*numbers: int) -> frozenset[date]:
    return frozenset(date(2026, 11, number) for number in numbers)


def away(of: Station, *numbers: int) -> Station:
    return replace(of, gone=days(*numbers))


def as_(of: Station, role: str, wait: int | None = None) -> Station:
    return replace(of, role=role, wait=of.wait if wait is None else wait * MINUTE)


def test_a_healthy_definition_has_no_finding() -> None:
    assert found() == []
    assert found(Facts((OLIVIA,), MONDAY)) == []


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        ((ANA, as_(OLIVIA, "backup"), OLIVIA), "owner_only_backup"),
        ((ANA, as_(OLIVIA, "backup"), as_(OLIVIA, "fallback"), OLIVIA), "owner_only_backup"),
        ((ANA, BEN, OLIVIA), None),
        ((ANA, BEN, as_(OLIVIA, "fallback"), OLIVIA), "owner_twice"),
        ((ANA, as_(OLIVIA, "backup"), FAY, OLIVIA), "owner_twice"),
        ((as_(OLIVIA, "assignee", 0), BEN, OLIVIA), "owner_behind_owner"),
        ((as_(OLIVIA, "assignee", 0), BEN, FAY, OLIVIA), None),
        ((ANA, OLIVIA), None),
    ],
)
def test_the_owner_before_the_end_of_the_chain(
    chain: tuple[Station, ...], code: str | None
) -> None:
    assert found(chain=chain) == ([code] if code else [])


@pytest.mark.parametrize(
    ("ana", "ben", "fay", "words"),
    [
        ((24,), (24,), (), "on 24 November. It begins with Fay then."),
        ((23, 24, 25), (24, 25, 26), (), "on 24–25 November. It begins with Fay then."),
        ((23, 25), (23, 25), (25,), "on 23 November and 25 November. It begins with Olivia then."),
        ((24,), (25,), (), None),
        ((28,), (28,), (), None),  # a Saturday: nothing is due
        ((), (24,), (), None),
    ],
)
def test_both_away_or_off_on_a_day_on_which_it_is_due(
    ana: tuple[int, ...], ben: tuple[int, ...], fay: tuple[int, ...], words: str | None
) -> None:
    facts = replace(HEALTHY, chain=(away(ANA, *ana), away(BEN, *ben), away(FAY, *fay), OLIVIA))
    assert found(facts) == (["both_away"] if words else [])
    if words:
        [both] = warnings(facts)
        assert both.sentence == f"Ana and Ben are both away or off when it is due {words}"
        assert both.link == Link("away", "ben")


def test_days_between_which_nothing_is_due_are_one_span_and_many_spans_are_counted() -> None:
    weekly = replace(HEALTHY, places=(place(days=4, every=7),))
    november = days(23, 30) | {date(2026, 12, 7)}
    gone = (replace(ANA, gone=november), replace(BEN, gone=november), OLIVIA)
    assert "due on 23 November – 7 December." in warnings(replace(weekly, chain=gone))[0].sentence
    daily = replace(HEALTHY, places=(place(days=8),))
    every_other = days(23, 25, 27, 29)
    gone = (replace(ANA, gone=every_other), replace(BEN, gone=every_other), OLIVIA)
    sentence = warnings(replace(daily, chain=gone))[0].sentence
    assert "on 23 November, 25 November and 27 November and 1 more time." in sentence


@pytest.mark.parametrize(
    ("without", "code"),
    [
        (("Ana", "Ben", "Fay", "Olivia"), "nobody_told"),
        (("Ana", "Ben", "Fay"), "backup_not_told"),
        (("Ben",), "backup_not_told"),
        (("Ana", "Fay", "Olivia"), None),
    ],
)
def test_a_chain_or_a_backup_that_no_device_tells(
    without: tuple[str, ...], code: str | None
) -> None:
    chain = tuple(replace(each, has_device=each.name not in without) for each in HEALTHY.chain)
    assert found(chain=chain) == ([code] if code else [])


def test_who_has_not_joined_is_given_a_link_and_not_asked_to_press_a_button() -> None:
    ben = replace(BEN, has_device=False)
    asked, invited = (
        warnings(replace(HEALTHY, chain=(ANA, each, FAY, OLIVIA)))[0].mend
        for each in (ben, replace(ben, has_joined=False))
    )
    assert asked.startswith("Ask Ben to open Baton")
    assert invited == "Ben has not joined yet. Give them a new invitation link."


@pytest.mark.parametrize(
    ("works_at", "codes"),
    [
        ((THERE, THERE, THERE), ["nobody_works_there"]),
        ((THERE, HERE, THERE), []),
        ((THERE, THERE, None), []),
    ],
)
def test_nobody_of_the_chain_works_at_the_location(works_at: Any, codes: list[str]) -> None:
    chain = [replace(each, works_at=at) for each, at in zip((ANA, BEN, FAY), works_at, strict=True)]
    assert found(chain=(*chain, OLIVIA)) == codes


@pytest.mark.parametrize(
    ("at", "grace", "code"),
    [
        (time(17, 50), 15, "told_after_closing"),
        (time(17, 50), 10, None),
        (time(18, 45), 10, None),  # closing up: people are still there
        (time(18, 45), 20, "told_after_closing"),
        (time(17, 50), 24 * 60, None),  # a matter of days
    ],
)
def test_a_backup_who_is_told_after_the_place_has_closed(
    at: time, grace: int, code: str | None
) -> None:
    chain = (ANA, as_(BEN, "backup", grace), OLIVIA)
    assert found(chain=chain, places=(place(at, every=7),)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("at", "hours", "code"),
    [
        (time(5, 30), (time(6, 30), time(18)), None),
        (time(5, 29), (time(6, 30), time(18)), "outside_hours"),
        (time(19, 1), (time(6, 30), time(18)), "outside_hours"),
        (time(1, 30), (time(17), time(1)), None),  # a bar: Tuesday's half past one is Monday's
        (time(3), (time(17), time(1)), "outside_hours"),
    ],
)
def test_a_deadline_outside_the_opening_hours(
    at: time, hours: tuple[time, time], code: str | None
) -> None:
    assert found(places=(place(at, hours),)) == ([code] if code else [])


@pytest.mark.parametrize(
    ("opens", "code"),
    [
        (None, None),
        (time(7, 14), None),
        (time(19, 15), None),  # a night
        (time(19, 14), "opens_long_before"),
        (time(7, 15), "opens_long_before"),
    ],
)
def test_an_opening_that_is_later_than_the_due_time_and_no_night(
    opens: time | None, code: str | None
) -> None:
    assert found(opens=opens) == ([code] if code else [])


def test_an_opening_of_the_day_before_says_how_long_before_and_how_to_mend_it() -> None:
    [told] = warnings(replace(HEALTHY, opens=time(8, 15)))
    assert (told.field, told.severity) == ("opens", "warning")
    assert told.sentence == "It opens at 08:15 the day before, 23 hours before it is due at 07:15."
    assert told.mend == "If it is to open on the day it is due, choose a time before it is due."


def test_a_step_that_opens_later_is_told_once_where_it_is_due_outside_the_hours() -> None:
    here = place(time(17), (time(6, 30), time(18)))
    due = [each.replace(hour=19, minute=15) for each in here.dues]
    clear = tuple(LaterDue(3, "Clear it", each) for each in due)
    mop = tuple(LaterDue(4, "Mop", each.replace(hour=18)) for each in due)
    here = replace(here, later=(*clear, *mop))
    [told] = warnings(replace(HEALTHY, places=(here,)))
    assert (told.code, told.field) == ("outside_hours", "steps[3].after.wait")
    assert told.sentence == (
        "“Clear it” is due at 19:15 if what it follows is done when it is due; Downtown is open"
        " from 06:30 to 18:00."
    )


def test_a_location_that_says_no_hours_has_none_to_be_outside_of() -> None:
    somewhere = Place("downtown", "Downtown", dues(time(3)))
    assert found(places=(somewhere,)) == []


@pytest.mark.parametrize(
    ("waits", "field"),
    [
        ((5, 20, 23 * 60 + 34), None),
        ((5, 20, 23 * 60 + 35), "chain.owner.after"),
        ((5, 24 * 60, 30), "chain.fallback.after"),
        ((24 * 60, 5, 5), "grace"),
    ],
)
def test_somebody_who_is_told_only_after_the_next_is_due(
    waits: tuple[int, int, int], field: str | None
) -> None:
    stations = zip((BEN, FAY, OLIVIA), waits, strict=True)
    chain = (ANA, *(replace(each, wait=wait * MINUTE) for each, wait in stations))
    told = warnings(replace(HEALTHY, chain=chain))
    assert [(each.code, each.field) for each in told] == (
        [("told_after_next", field)] if field else []
    )


def test_a_wait_is_counted_in_hours_that_pass_also_when_the_clocks_change() -> None:
    night = datetime(2026, 10, 31, 20, 30, tzinfo=CHICAGO)
    # Six hours on from 20:30 is 01:30 in that night, for the second time: the clocks went back.
    bar = Place("bar", "Bar", (night,), (time(17), time(1, 45)))
    chain = (replace(ANA, works_at=None), as_(BEN, "backup", 6 * 60), OLIVIA)
    assert found(Facts(chain, MONDAY, (bar,))) == ["told_after_closing"]


def window(process: str, person: str, role: str, steps: int, at: str, minutes: int) -> Window:
    first = datetime.fromisoformat(f"2026-11-23T{at}").replace(tzinfo=CHICAGO)
    return Window(process, "downtown", person, role, steps, first, first + minutes * MINUTE)


OPENING = window("Opening", "ben", "backup", 4, "07:20", 20)


@pytest.mark.parametrize(
    ("own", "others", "steps"),
    [
        (OPENING, [window("Till", "ben", "backup", 1, "07:30", 10)], 5),
        (OPENING, [window("Till", "ben", "assignee", 1, "07:00", 30)], None),  # 40 minutes for 5
        (OPENING, [window("Till", "ben", "backup", 3, "07:40", 10)], None),
        (OPENING, [window("Till", "fay", "backup", 3, "07:30", 10)], None),
        (OPENING, [window("Books", "ben", "assignee", 9, "00:00", 9 * 60)], None),
        (OPENING, [], None),
        (
            window("Opening", "ana", "assignee", 5, "06:00", 120),
            [window(name, "ana", "assignee", 4, "06:00", 120) for name in ("Till", "Yard")],
            13,
        ),
        (
            window("Opening", "ana", "assignee", 5, "06:00", 120),
            [window("Till", "ana", "assignee", 8, "06:00", 120)],
            None,
        ),
    ],
)
def test_one_person_behind_steps_that_overlap(
    own: Window, others: list[Window], steps: int | None
) -> None:
    facts = replace(HEALTHY, windows=(own,), others=tuple(others))
    told = warnings(facts)
    assert [each.code for each in told] == (["too_much_at_once"] if steps else [])
    if steps:
        assert f" {steps} steps of Opening" in told[0].sentence
        assert told[0].field == f"chain.{own.role}"


def test_one_person_at_two_locations_at_once_counts_as_two() -> None:
    harbour = replace(OPENING, place="harbour")
    [told] = warnings(replace(HEALTHY, windows=(OPENING, harbour)))
    assert told.sentence == (
        "Ben stands behind 8 steps of Opening at the same time: on Monday 23 November from 07:20"
        " to 07:40."
    )


def test_the_span_is_told_on_the_clock_of_the_definitions_own_location() -> None:
    zone = ZoneInfo("America/New_York")
    till = window("Till", "ben", "backup", 3, "07:20", 30)
    there = replace(till, first=till.first.astimezone(zone), last=till.last.astimezone(UTC))
    [told] = warnings(replace(HEALTHY, windows=(OPENING,), others=(there,)))
    assert "from 07:20 to 07:50" in told.sentence


@pytest.mark.parametrize(
    ("proofs", "codes"),
    [(("note",), ["words_alone"]), (("note", "note", "timed"), []), ((), [])],
)
def test_steps_that_all_close_with_words(proofs: tuple[str, ...], codes: list[str]) -> None:
    assert found(proofs=proofs) == codes
