"""When later steps will open, if what they wait for is done just when it is due."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from webapp.rules.escalation import SEND_BACK_WINDOW
from webapp.rules.later import Condition, Earlier, FollowUp
from webapp.rules.later_ahead import Step, ahead
from webapp.rules.proof import Requirement

DUE = datetime(2026, 11, 23, 12, tzinfo=UTC)
EARLY = DUE - timedelta(hours=6)
HOUR = timedelta(hours=1)
FRIDGE = Requirement("number", unit="°F", minimum=Decimal(33), maximum=Decimal(41))
NOTE = Requirement("note")
WARM = Condition("fridge", "outside")


def step(key, only_if=None, follow_up=None, became="unknown", **more) -> Step:
    due_at = more.pop("due_at", None)
    requirement = FRIDGE if key == "fridge" else NOTE
    earlier = Earlier(key.title(), became, requirement, **more)
    return Step(key, earlier, only_if, follow_up, due_at)


def after(key: str, hours: int = 2) -> FollowUp:
    return FollowUp(key, hours * HOUR, HOUR / 4)


def times(*steps: Step, now: datetime = EARLY):
    """Each step that may open: when, and when it is due, in hours from the deadline of its run."""
    return [
        (
            each.key,
            None if each.opens_at is None else (each.opens_at - DUE) / HOUR,
            (each.deadline_at - DUE) / HOUR,
            each.is_supposed,
        )
        for each in ahead(steps, DUE, now)
    ]


def test_a_run_whose_steps_all_open_with_it_has_none():
    assert times(step("fridge"), step("doors")) == []


def test_a_follow_up_opens_its_wait_after_the_deadline_of_what_it_follows():
    assert times(step("buffet"), step("clear", None, after("buffet"))) == [
        ("clear", 2.0, 2.25, True)
    ]


def test_a_follow_up_of_a_follow_up_counts_from_when_that_is_due():
    first, second = step("clear", None, after("buffet")), step("mop", None, after("clear", 1))
    assert times(step("buffet"), first, second)[1] == ("mop", 3.25, 3.5, True)


def test_a_step_that_an_answer_opens_is_due_with_its_run_and_has_no_time():
    assert times(step("fridge"), step("move", WARM)) == [("move", None, 0.0, True)]


def test_what_an_answer_opens_after_the_run_is_due_has_the_window_of_a_send_back():
    fridge = step("fridge", None, after("buffet"))
    found = times(step("buffet"), fridge, step("move", WARM))
    assert found[1] == ("move", 2.25, 2.25 + SEND_BACK_WINDOW / HOUR, True)


def test_what_is_done_already_gives_the_real_time():
    buffet = step("buffet", became="done", done_at=DUE - 3 * HOUR)
    found = times(buffet, step("clear", None, after("buffet")))
    assert found == [("clear", -1.0, -0.75, False)]


def test_what_is_overdue_is_taken_as_done_now():
    found = times(step("buffet"), step("clear", None, after("buffet")), now=DUE + HOUR)
    assert found == [("clear", 3.0, 3.25, True)]


@pytest.mark.parametrize(
    "fridge",
    [
        step("fridge", became="done", number=Decimal(38), done_at=EARLY),
        step("fridge", became="skipped"),
        step("fridge", became="left_out"),
    ],
)
def test_what_is_known_not_to_be_needed_is_left_out_and_so_is_what_follows_it(fridge):
    assert times(fridge, step("move", WARM), step("call", None, after("move"))) == []


def test_an_open_step_is_done_when_it_is_due_at_its_own_time():
    buffet = step("buffet", None, after("fridge"), due_at=DUE + 4 * HOUR)
    assert times(step("fridge"), buffet, step("clear", None, after("buffet"))) == [
        ("clear", 6.0, 6.25, True)
    ]


def test_it_says_what_the_step_waits_for():
    both = step("move", WARM, after("fridge"))
    assert list(next(ahead([step("fridge"), both], DUE, EARLY)).asks) == [
        "Only if Fridge is outside 33 to 41 °F",
        "Opens 2 h after Fridge",
    ]
