"""What a rehearsal says is what the live engine then does, moment by moment."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.services.rehearsals.comparing import differences
from tests.services.rehearsals.live import Live
from tests.services.rehearsals.village import WEEKDAYS, village
from webapp.problems import Problem
from webapp.services import people, rehearsals

DAY = 24 * 60
ONE_DAY = timedelta(days=1)
HOLIDAY = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
CLOCKS_BACK = datetime(2026, 10, 30, 12, tzinfo=UTC)  # in Chicago, on 1 November
CLOCKS_FORWARD = datetime(2027, 3, 12, 12, tzinfo=UTC)  # in Chicago, on 14 March
CLOCKS_FORWARD_IN_LISBON = datetime(2027, 3, 26, 12, tzinfo=UTC)  # on 28 March
BOTH = ("Downtown", "Belem")
ROUNDS = "FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0"


def on_minutes(made, now):
    """Chains that count in minutes, with every kind of device along them."""
    made.defines(
        "Opening",
        ("ana", "ben", "fay"),
        (5, 20, 30),
        time(7, 15),
        now,
        WEEKDAYS,
        BOTH,
        opens=time(6),
    )
    made.defines("Told by nothing", ("ana", "gus", "ben"), (5, 20, 30), time(9), now)
    made.defines("Told by mail", ("gus", "eve", "fay"), (5, 20, 30), time(9, 30), now)
    made.defines("A chain of three", ("ana", "gus"), (5, 30), time(10), now)
    made.defines("Who left", ("ana", "dan", "ben"), (5, 20, 30), time(10, 30), now)
    made.defines("Who left was first", ("dan", "ben"), (5, 30), time(11), now)
    made.defines("A silent phone", ("ana", "hal", "ben"), (5, 20, 30), time(11, 30), now)
    made.defines("A refused phone", ("ana", "ivy", "fay"), (5, 20, 30), time(13), now)
    made.defines("Closing", ("ana", "ben", "fay"), (15, 20, 30), time(17, 50), now)


def at_odd_hours(made, now):
    """Nights on which clocks change, waits of nothing, and windows that the process sets."""
    night = ("ana", "hal", "fay")
    made.defines("Skipped", night, (5, 20, 30), time(2, 30), now, places=BOTH, opens=time(1, 30))
    made.defines("Repeated", night, (45, 60, 90), time(1, 30), now, places=BOTH)
    made.defines("Rounds", ("ivy", "hal", "gus"), (1, 2, 3), time(8), now, ROUNDS, opens=None)
    made.defines("At once", ("ana", "ben", "eve"), (0, 0, 5), time(14), now)
    made.defines(
        "Soon", ("ana", "gus", "hal"), (0, 40, 60), time(15), now, reached_within_minutes=10
    )
    made.defines(
        "Never early", ("ana", "gus", "ben"), (0, 40, 60), time(16), now, reached_within_minutes=0
    )
    made.defines("Unreminded", ("ana", "ben"), (0, 9), time(16, 30), now, remind_minutes=0)


def on_days(made, now):
    """Chains that count in days, and open before their day."""
    made.defines("Month end", ("ana", "gus", "fay"), (DAY, DAY, DAY), time(17), now)
    made.defines(
        "Opens early",
        ("ana", "ben"),
        (DAY, DAY),
        time(12),
        now,
        WEEKDAYS,
        BOTH,
        opens_days_before=2,
    )
    made.defines("Slow mail", ("ben", "eve", "fay"), (300, 600, 900), time(12), now)


def with_absences(made, now):
    """Some are away alone, some together, and the owner on a day too."""
    today = now.date()
    day = timedelta(days=1)
    made.away("ana", today + day, 2, now)
    made.away("ben", today + 2 * day, 2, now)
    made.away("fay", today + day, 1, now)
    made.away("gus", today, 1, now)
    made.away("olivia", today + 3 * day, 1, now)


@pytest.fixture
def live(session, clock):
    return Live(session, clock)


@pytest.mark.parametrize(
    ("define", "now", "chains_end"),
    [
        pytest.param(on_minutes, HOLIDAY, ONE_DAY, id="minutes, around a holiday"),
        pytest.param(on_days, HOLIDAY, 5 * ONE_DAY, id="days, around a holiday"),
        pytest.param(on_days, CLOCKS_BACK, 5 * ONE_DAY, id="days, as clocks are set back"),
        pytest.param(at_odd_hours, CLOCKS_BACK, ONE_DAY, id="nights, as clocks are set back"),
        pytest.param(at_odd_hours, CLOCKS_FORWARD, ONE_DAY, id="nights, as clocks go forward"),
        pytest.param(at_odd_hours, CLOCKS_FORWARD_IN_LISBON, ONE_DAY, id="nights, in Lisbon"),
    ],
)
def test_the_engine_does_what_was_rehearsed(session, clock, live, define, now, chains_end):
    clock.shows = now
    made = village(session, now)
    define(made, now)
    with_absences(made, now)
    people.deactivate(session, made.owner, made.people["dan"], now)
    session.commit()
    before = rehearsals.of_organisation(session, made.org_id, now, 3)
    live.run(now + timedelta(days=2, hours=2, minutes=7))
    between = rehearsals.of_organisation(session, made.org_id, clock.now(), 1)
    live.run(clock.now() + ONE_DAY + chains_end)
    assert all(any(each.runs for each in played) for played in (before, between))
    assert list(differences(session, [*before, *between])) == []


@pytest.mark.parametrize("days", [0, 401, -1])
def test_only_1_to_400_days_are_rehearsed(session, clock, days):
    made = village(session, clock.now())
    with pytest.raises(Problem, match="1 to 400 days"):
        rehearsals.of_organisation(session, made.org_id, clock.now(), days)
