"""When a later step is needed, when it opens, when it is due, and how that is said."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from webapp.rules.later import (
    UNKNOWN,
    Condition,
    Earlier,
    FollowUp,
    Verdict,
    became,
    condition_from_json,
    condition_to_json,
    deadline_of,
    decide,
    done_at,
    follow_up_from_json,
    follow_up_to_json,
    opened_from,
)
from webapp.rules.later_words import asks, span, why_not
from webapp.rules.proof import Requirement

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRIDGE = Requirement("number", unit="°F", minimum=Decimal(33), maximum=Decimal(41))
COLDEST = Requirement("number", maximum=Decimal("41.0"))
WARMEST = Requirement("number", minimum=Decimal(33))


def reading(number: str, requirement: Requirement = FRIDGE) -> Earlier:
    return Earlier("Fridge", "done", requirement, Decimal(number), NOON)


def not_done(how: str) -> Earlier:
    return Earlier("Fridge", how, FRIDGE)


def if_(becomes: str, value: str | None = None) -> Condition:
    return Condition("fridge", becomes, value and Decimal(value))


@pytest.mark.parametrize(
    ("asked", "earlier", "needed"),
    [
        (if_("outside"), reading("42"), True),
        (if_("outside"), reading("41"), False),
        (if_("outside"), reading("32.9"), True),
        (if_("outside"), reading("50", COLDEST), True),
        (if_("outside"), reading("-50", COLDEST), False),
        (if_("inside"), reading("33"), True),
        (if_("inside"), reading("41.1"), False),
        (if_("above", "38.5"), reading("38.6"), True),
        (if_("above", "38.5"), reading("38.5"), False),
        (if_("below", "0"), reading("-1"), True),
        (if_("below", "0"), reading("0"), False),
        (if_("skipped"), not_done("skipped"), True),
        (if_("skipped"), reading("38"), False),
        (if_("skipped"), not_done("left_out"), False),
        (if_("skipped"), not_done("unknown"), None),
        (if_("outside"), not_done("unknown"), None),
        (if_("outside"), not_done("skipped"), False),
        (if_("outside"), not_done("left_out"), False),
    ],
)
def test_an_answer_decides_whether_a_step_is_needed(asked, earlier, needed):
    assert decide(asked, None, {"fridge": earlier}).needed is needed


def test_a_follow_up_opens_so_long_after_the_other_step_is_done():
    after = FollowUp("fridge", 2 * HOUR, HOUR)
    assert decide(None, after, {"fridge": reading("38")}) == Verdict(True, NOON + 2 * HOUR)


@pytest.mark.parametrize(
    ("how", "needed"), [("unknown", None), ("skipped", False), ("left_out", False)]
)
def test_a_follow_up_of_what_is_not_done_does_not_open(how, needed):
    after = FollowUp("fridge", 2 * HOUR, HOUR)
    assert decide(None, after, {"fridge": not_done(how)}).needed is needed


def test_a_step_whose_question_is_gone_falls_away():
    assert decide(if_("outside"), None, {}).needed is False
    assert decide(None, FollowUp("fridge", HOUR, HOUR), {}).needed is False


@pytest.mark.parametrize(
    ("fridge", "buffet", "expected"),
    [
        (reading("42"), reading("1"), Verdict(True, NOON + HOUR)),
        (reading("42"), not_done("unknown"), UNKNOWN),
        (not_done("unknown"), reading("1"), UNKNOWN),
    ],
)
def test_who_asks_both_ways_opens_at_its_time_if_it_is_needed(fridge, buffet, expected):
    after = FollowUp("buffet", HOUR, HOUR)
    assert decide(if_("outside"), after, {"fridge": fridge, "buffet": buffet}) == expected


def test_who_asks_both_ways_falls_away_as_soon_as_one_says_so():
    after = FollowUp("buffet", HOUR, HOUR)
    earlier = {"fridge": reading("38"), "buffet": not_done("unknown")}
    assert decide(if_("outside"), after, earlier).needed is False


@pytest.mark.parametrize(
    ("state", "by_itself", "expected"),
    [
        ("waiting", False, "unknown"),
        ("open", False, "unknown"),
        ("claimed", False, "unknown"),
        ("in_review", False, "done"),
        ("done", False, "done"),
        ("skipped", False, "skipped"),
        ("skipped", True, "left_out"),
        ("void", False, "left_out"),
    ],
)
def test_what_a_step_has_become(state, by_itself, expected):
    assert became(state, by_itself=by_itself) == expected


def test_work_counts_from_its_capture_unless_its_clock_proves_nothing():
    assert done_at(NOON, NOON + HOUR, "estimated") == NOON
    assert done_at(NOON, NOON + HOUR, "unproven") == NOON + HOUR
    assert done_at(NOON + 2 * HOUR, NOON + HOUR, "live") == NOON + HOUR


@pytest.mark.parametrize(
    ("late", "expected"),
    [(timedelta(0), NOON), (timedelta(seconds=60), NOON), (HOUR, NOON + HOUR)],
)
def test_an_opening_that_comes_late_counts_from_now(late, expected):
    assert opened_from(NOON, NOON + late) == expected


def test_what_opens_at_once_opens_now():
    assert opened_from(None, NOON) == NOON


@pytest.mark.parametrize(
    ("follow_up", "run_is_due", "expected"),
    [
        (None, NOON + HOUR, NOON + HOUR),
        (None, NOON, NOON + timedelta(minutes=30)),
        (None, NOON - HOUR, NOON + timedelta(minutes=30)),
        (FollowUp("buffet", HOUR, timedelta(minutes=15)), NOON, NOON + timedelta(minutes=15)),
    ],
)
def test_when_a_later_step_is_due(follow_up, run_is_due, expected):
    assert deadline_of(follow_up, run_is_due, NOON) == expected


@pytest.mark.parametrize("asked", [if_("above", "38.50"), if_("outside"), if_("skipped"), None])
def test_a_condition_is_kept_to_the_last_digit(asked):
    assert condition_from_json(condition_to_json(asked)) == asked


def test_a_follow_up_is_kept_in_whole_minutes():
    kept = {"step": "buffet", "wait_minutes": 120, "due_minutes": 15}
    asked = FollowUp("buffet", 2 * HOUR, timedelta(minutes=15))
    assert follow_up_to_json(asked) == kept
    assert follow_up_from_json(kept) == asked
    assert follow_up_to_json(None) is follow_up_from_json(None) is None


@pytest.mark.parametrize(
    ("asked", "requirement", "words"),
    [
        (if_("outside"), FRIDGE, "Only if Fridge is outside 33 to 41 °F"),
        (if_("inside"), FRIDGE, "Only if Fridge is 33 to 41 °F"),
        (if_("outside"), COLDEST, "Only if Fridge is above 41.0"),
        (if_("outside"), WARMEST, "Only if Fridge is below 33"),
        (if_("inside"), COLDEST, "Only if Fridge is 41.0 or less"),
        (if_("inside"), WARMEST, "Only if Fridge is 33 or more"),
        (if_("above", "38.5"), FRIDGE, "Only if Fridge is above 38.5 °F"),
        (if_("below", "0"), FRIDGE, "Only if Fridge is below 0 °F"),
        (if_("skipped"), FRIDGE, "Only if Fridge is marked not applicable"),
    ],
)
def test_a_condition_in_words(asked, requirement, words):
    assert asks(asked, None, {"fridge": Earlier("Fridge", "unknown", requirement)}) == [words]


def test_a_follow_up_in_words():
    steps = {"buffet": Earlier("Buffet out", "unknown", Requirement("note"))}
    asked = FollowUp("buffet", timedelta(minutes=150), HOUR)
    assert asks(None, asked, steps) == ["Opens 2 h 30 min after Buffet out"]


@pytest.mark.parametrize(
    ("asked", "earlier", "words"),
    [
        (if_("outside"), reading("38"), "Not needed: Fridge was 38 °F"),
        (if_("skipped"), reading("38"), "Not needed: Fridge was done"),
        (if_("outside"), not_done("skipped"), "Not needed: Fridge was left out"),
    ],
)
def test_why_a_step_is_not_needed_in_words(asked, earlier, words):
    because = decide(asked, None, {"fridge": earlier}).because
    assert why_not(because) == words


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (if_("outside"), ("33", "41", False)),
        (if_("inside"), ("33", "41", True)),
        (if_("above", "38.5"), (None, "38.5", False)),
        (if_("below", "0"), ("0", None, False)),
    ],
)
def test_a_device_reads_each_condition_as_one_closed_span(asked, expected):
    assert span(asked, FRIDGE) == expected
