"""What becomes of one due time if nobody does it, on plain values."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.chain import Level
from webapp.rules.course import (
    AFTER_CLOSING,
    LAST_AWAY,
    LAST_UNTOLD,
    NOBODY_TOLD,
    Begun,
    Occasion,
    Someone,
)
from webapp.rules.holding import Stand, Telling, Terms
from webapp.rules.opening_hours import Hours
from webapp.rules.rehearsal import rehearse

DUE = datetime(2026, 11, 23, 7, 15, tzinfo=UTC)
OPENS = DUE - timedelta(minutes=45)
TODAY = date(2026, 11, 23)
AWAY = ((TODAY, TODAY),)
MINUTE = timedelta(minutes=1)
HOURS = Hours(ZoneInfo("UTC"), time(6), time(18))
PHONE = {"has_device": True, "answers": True}


def crew(**changes):
    """Ana, Ben, Fay and Olivia have phones that answer, but for these changes by name."""
    names = ("ana", "ben", "fay", "olivia")
    return {name: Someone(name, name.title(), **PHONE | changes.get(name, {})) for name in names}


def occasion(*waits, opens_at=OPENS, due=DUE, hours=HOURS, within=None):
    people = ["ana", "ben", "fay", "olivia"] if len(waits) == 3 else ["ana", "ben", "olivia"]
    roles = ["assignee", "backup", "fallback", "owner"] if len(waits) == 3 else None
    roles = roles or ["assignee", "backup", "owner"]
    spans = [timedelta(0), *(wait * MINUTE for wait in waits)]
    chain = tuple(
        Level(role, person, person.title(), wait)
        for role, person, wait in zip(roles, people, spans, strict=True)
    )
    return Occasion(Terms(chain, due, within), opens_at, None, hours)


def heard(course):
    """Who gets it when, in minutes from the deadline, and by what they hear of it."""
    return [
        (
            (moment.at - DUE) / MINUTE,
            moment.person,
            moment.reason,
            [told.channel for told in moment.told],
        )
        for moment in course.moments
    ]


def test_each_gets_it_after_their_wait_and_is_told_by_push():
    course = rehearse(occasion(5, 20, 30), crew())
    assert heard(course) == [
        (-45, "ana", None, []),
        (5, "ben", "missed", ["push"]),
        (25, "fay", "missed", ["push"]),
        (55, "olivia", "missed", ["push"]),
    ]
    assert (course.missed_at, course.dead_ends) == (DUE + 5 * MINUTE, ())


def test_who_is_away_from_the_start_is_passed_over_and_the_next_begins():
    course = rehearse(occasion(5, 20, 30), crew(ana={"away": AWAY}))
    first = course.moments[0]
    assert (first.at, first.person, first.reason) == (OPENS, "ben", "absent")
    assert [(each.person, each.why) for each in first.passed] == [("ana", "absent")]


def test_when_all_are_away_the_owner_has_it_from_the_start_and_it_is_missed_later():
    gone = {"away": AWAY}
    course = rehearse(occasion(5, 20, 30), crew(ana=gone, ben={"has_left": True}, fay=gone))
    assert heard(course) == [(-45, "olivia", "absent", ["push"])]
    assert [each.why for each in course.moments[0].passed] == ["absent", "deactivated", "absent"]
    assert course.missed_at == DUE + 5 * MINUTE


def test_whom_no_device_tells_loses_it_after_a_minute_if_somebody_later_has_one():
    by_mail = {"has_device": False, "answers": False, "channels": ("email",)}
    course = rehearse(occasion(5, 20, 30), crew(ben=by_mail))
    assert heard(course)[1:3] == [
        (5, "ben", "missed", ["email"]),
        (6, "fay", "unreached", ["push"]),
    ]


def test_a_phone_that_never_answered_is_not_counted_on_and_mail_comes_behind_it():
    silent = {"answers": False, "channels": ("email", "extra")}
    course = rehearse(occasion(5, 20, 30), crew(ben=silent))
    ben = course.moments[1]
    assert [(each.channel, each.at - ben.at) for each in ben.told] == [
        ("email", timedelta(seconds=30)),
        ("extra", timedelta(seconds=30)),
    ]
    assert course.moments[2].reason == "unreached"


def test_who_has_it_for_no_time_at_all_hears_of_nothing():
    course = rehearse(occasion(5, 0, 30), crew())
    assert heard(course)[1:3] == [(5, "ben", "missed", []), (5, "fay", "missed", ["push"])]


CUT_OFF = {"has_device": False, "answers": False}


@pytest.mark.parametrize(
    ("changes", "waits", "due", "dead_ends"),
    [
        pytest.param({}, (5, 20, 30), DUE, (), id="none"),
        pytest.param({"olivia": CUT_OFF}, (5, 20, 30), DUE, (LAST_UNTOLD,), id="the last untold"),
        pytest.param({"olivia": {"away": AWAY}}, (5, 20, 30), DUE, (LAST_AWAY,), id="last away"),
        pytest.param(
            {"ben": CUT_OFF, "olivia": CUT_OFF}, (5, 30), DUE, (NOBODY_TOLD,), id="nobody told"
        ),
        pytest.param({}, (60, 60), DUE.replace(hour=17), (AFTER_CLOSING,), id="after closing"),
        pytest.param({}, (5, 120), DUE.replace(hour=17), (), id="the backup in time"),
    ],
)
def test_where_it_dead_ends_is_said(changes, waits, due, dead_ends):
    course = rehearse(occasion(*waits, due=due), crew(**changes))
    assert course.dead_ends == dead_ends


devices = st.sampled_from([PHONE, CUT_OFF, {"has_device": True, "answers": False}])
people = st.builds(
    lambda device, mail, away, left: device | {"channels": mail, "away": away, "has_left": left},
    devices,
    st.sampled_from([(), ("email",), ("email", "extra")]),
    st.lists(st.integers(-2, 4), max_size=2).map(
        lambda days: tuple((TODAY + timedelta(day), TODAY + timedelta(day + 1)) for day in days)
    ),
    st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(
    people=st.fixed_dictionaries(dict.fromkeys(("ana", "ben", "fay", "olivia"), people)),
    waits=st.lists(st.sampled_from([0, 1, 5, 90, 1440]), min_size=2, max_size=3),
    within=st.sampled_from([None, 0, 3, 60]),
)
def test_whatever_happens_somebody_has_it_at_every_moment_and_the_owner_in_the_end(
    people, waits, within
):
    course = rehearse(occasion(*waits, within=within), crew(**people))
    moments = course.moments
    assert moments[0].at == OPENS
    assert [each.until for each in moments[:-1]] == [each.at for each in moments[1:]]
    assert (moments[-1].person, moments[-1].until) == ("olivia", None)
    levels = [level for each in moments for level in (*_passed_levels(each), each.level)]
    assert levels == list(range(len(waits) + 1))
    assert course.missed_at is not None


def _passed_levels(moment):
    stations = ("assignee", "backup", "fallback", "owner")
    return [stations.index(each.role) for each in moment.passed]


def test_one_that_has_begun_goes_on_from_where_it_stands():
    whole = rehearse(occasion(5, 20, 30), crew())
    ben = whole.moments[1]
    stand = Stand(1, "ben", ben.until, ben.at + MINUTE, "missed", ben.at)
    begun = Begun(stand, ben.at, "missed", Telling(True, True, ben.at))
    rest = rehearse(replace(occasion(5, 20, 30), begun=begun), crew())
    assert rest.moments[1:] == whole.moments[2:]
    assert rest.missed_at == whole.missed_at
