"""A missed step moves along its chain, one level at a time, and always has an heir."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.chain import Chain, Level
from webapp.rules.escalation import (
    CLAIM_PAUSE,
    ON_TIME_WITHIN,
    Handoff,
    after_send_back,
    first_due_at,
    next_handoff,
    next_look,
    pause_for_claim,
    reach_window,
    unreached_at,
)

DUE = datetime(2026, 11, 23, 7, 20, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def chain_of(*waits: int) -> Chain:
    roles = ["assignee", "backup", *["fallback"] * (len(waits) - 2), "owner"]
    people = [f"person-{place}" for place in range(len(roles))]
    spans = [timedelta(0), *(wait * MINUTE for wait in waits)]
    return tuple(
        Level(role, person, person, wait)
        for role, person, wait in zip(roles, people, spans, strict=True)
    )


CHAIN = chain_of(5, 20, 30)


def everybody(person: str) -> str | None:
    return None


def nobody(person: str) -> str | None:
    return "absent"


def all_but(absent: str, why: str) -> Callable[[str], str | None]:
    return lambda person: why if person == absent else None


def test_the_first_handoff_is_due_after_deadline_and_grace() -> None:
    assert first_due_at(CHAIN, DUE - 5 * MINUTE) == DUE


@pytest.mark.parametrize(
    ("level", "late", "expected"),
    [
        pytest.param(0, -SECOND, None, id="not due yet"),
        pytest.param(
            0, 0 * SECOND, Handoff(1, "person-1", DUE, DUE + 20 * MINUTE, None), id="due now"
        ),
        pytest.param(
            0,
            ON_TIME_WITHIN,
            Handoff(1, "person-1", DUE, DUE + 20 * MINUTE, None),
            id="a slow look keeps the chain's times",
        ),
        pytest.param(
            0,
            ON_TIME_WITHIN + SECOND,
            Handoff(1, "person-1", DUE, DUE + ON_TIME_WITHIN + SECOND + 20 * MINUTE, None),
            id="after an outage the window is fresh",
        ),
        pytest.param(
            0,
            timedelta(days=2),
            Handoff(1, "person-1", DUE, DUE + timedelta(days=2, minutes=20), None),
            id="two days dark: one level, and its whole window",
        ),
        pytest.param(
            1, 0 * SECOND, Handoff(2, "person-2", DUE, DUE + 30 * MINUTE, None), id="to fallback"
        ),
        pytest.param(2, 0 * SECOND, Handoff(3, "person-3", DUE, None, None), id="to the owner"),
        pytest.param(3, timedelta(days=9), None, id="the owner keeps it"),
    ],
)
def test_when_everybody_can_be_reached(
    level: int, late: timedelta, expected: Handoff | None
) -> None:
    assert next_handoff(CHAIN, level, DUE, DUE + late, everybody) == expected


@pytest.mark.parametrize("why", ["absent", "deactivated", "unreachable"])
def test_a_level_that_cannot_take_it_is_recorded_and_the_next_is_due_at_once(why: str) -> None:
    now = DUE + 3 * SECOND
    passed = next_handoff(CHAIN, 0, DUE, now, all_but("person-1", why))
    assert passed == Handoff(1, "person-1", DUE, next_due_at=now, passed_over=why)
    following = next_handoff(CHAIN, 1, now, now, all_but("person-1", why))
    assert following == Handoff(2, "person-2", now, now + 30 * MINUTE, None)


def test_the_owner_is_never_passed_over() -> None:
    assert next_handoff(CHAIN, 2, DUE, DUE, nobody) == Handoff(3, "person-3", DUE, None, None)


def test_somebody_who_cannot_do_it_hands_it_on_at_once() -> None:
    now = DUE - 60 * MINUTE
    assert next_handoff(CHAIN, 0, now, now, everybody) == Handoff(
        1, "person-1", now, now + 20 * MINUTE, None
    )


def test_the_owner_has_nobody_to_hand_it_to() -> None:
    assert next_handoff(CHAIN, 3, DUE, DUE, everybody) is None


def test_a_level_below_the_first_is_an_error() -> None:
    with pytest.raises(ValueError, match="no level -1"):
        next_handoff(CHAIN, -1, DUE, DUE, everybody)


@pytest.mark.parametrize(
    ("escalate_at", "already_paused", "expected"),
    [
        pytest.param(DUE + MINUTE, False, DUE + CLAIM_PAUSE, id="a claim waits for its proof"),
        pytest.param(DUE - MINUTE, False, DUE + CLAIM_PAUSE, id="even when a handoff is overdue"),
        pytest.param(DUE + MINUTE, True, DUE + MINUTE, id="a second claim does not wait again"),
        pytest.param(
            DUE + 2 * CLAIM_PAUSE,
            False,
            DUE + 2 * CLAIM_PAUSE,
            id="a claim never brings a handoff forward",
        ),
        pytest.param(None, False, None, id="with the owner there is nothing to hold"),
    ],
)
def test_a_claim_pauses_the_chain_once(
    escalate_at: datetime | None, already_paused: bool, expected: datetime | None
) -> None:
    assert pause_for_claim(escalate_at, DUE, already_paused) == expected


@pytest.mark.parametrize(
    ("next_due_at", "missed_at", "expected"),
    [
        pytest.param(DUE - MINUTE, None, DUE, id="an early handoff waits until it is missed"),
        pytest.param(DUE + MINUTE, DUE, DUE + MINUTE, id="later windows keep their time"),
        pytest.param(None, None, DUE, id="at the last level it is looked at once, to be missed"),
        pytest.param(None, DUE, None, id="what is missed at the last level is looked at no more"),
    ],
)
def test_a_step_handed_on_is_looked_at_again_unless_all_is_known(
    next_due_at: datetime | None, missed_at: datetime | None, expected: datetime | None
) -> None:
    assert next_look(next_due_at, DUE, missed_at) == expected


@pytest.mark.parametrize(
    ("level", "late", "window"),
    [(0, 0, 30), (2, 0, 30), (3, 0, 30), (3, -60, 60)],
    ids=["a short wait is made longer", "a wait", "the last level", "never before its deadline"],
)
def test_a_step_sent_back_has_its_window_at_every_level(level: int, late: int, window: int) -> None:
    now = DUE + late * MINUTE
    assert after_send_back(CHAIN, level, DUE - 5 * MINUTE, now) == now + window * MINUTE


waits = st.lists(st.integers(min_value=0, max_value=10_000), min_size=2, max_size=3)


def walk(chain: Chain, reachable: Callable[[str], str | None], late: timedelta) -> list[Handoff]:
    """Every handoff of a step that nobody does, each looked at `late` after it was due."""
    handoffs: list[Handoff] = []
    level, due_at = 0, DUE
    while move := next_handoff(chain, level, due_at, due_at + late, reachable):
        handoffs.append(move)
        if move.next_due_at is None:
            break
        level, due_at = move.level, move.next_due_at
    return handoffs


@settings(max_examples=40, deadline=None)
@given(waits=waits, seconds=st.integers(min_value=0, max_value=60))
def test_on_time_the_whole_chain_takes_the_sum_of_its_waits(waits: list[int], seconds: int) -> None:
    chain = chain_of(*waits)
    handoffs = walk(chain, everybody, seconds * SECOND)
    assert [handoff.level for handoff in handoffs] == list(range(1, len(chain)))
    assert handoffs[-1].due_at == DUE + sum(waits[1:]) * MINUTE


@settings(max_examples=40, deadline=None)
@given(
    waits=waits,
    away=st.sets(st.integers(min_value=0, max_value=3)),
    late=st.integers(min_value=0, max_value=100_000),
)
def test_whoever_is_away_each_level_comes_once_in_order_and_the_owner_gets_it(
    waits: list[int], away: set[int], late: int
) -> None:
    chain = chain_of(*waits)
    people = {f"person-{place}" for place in away}
    handoffs = walk(chain, lambda person: "absent" if person in people else None, late * SECOND)
    assert [handoff.level for handoff in handoffs] == list(range(1, len(chain)))
    assert (handoffs[-1].person, handoffs[-1].passed_over) == (chain[-1].person, None)
    for handoff in handoffs[:-1]:
        assert bool(handoff.passed_over) == (handoff.person in people)


@settings(max_examples=40, deadline=None)
@given(waits=waits, late=st.integers(min_value=61, max_value=100_000))
def test_after_an_outage_each_person_gets_their_whole_window(waits: list[int], late: int) -> None:
    chain = chain_of(*waits)
    for handoff in walk(chain, everybody, late * SECOND)[:-1]:
        assert handoff.next_due_at is not None
        taken_at = handoff.due_at + late * SECOND
        assert handoff.next_due_at - taken_at == chain[handoff.level + 1].wait


@pytest.mark.parametrize(
    ("set_minutes", "next_wait", "window"),
    [
        pytest.param(None, 20 * MINUTE, 60 * SECOND, id="a chain of minutes"),
        pytest.param(None, 60 * MINUTE, 60 * SECOND, id="up to an hour"),
        pytest.param(None, 90 * MINUTE, 9 * MINUTE, id="a chain of hours: a tenth"),
        pytest.param(None, 2880 * MINUTE, 60 * MINUTE, id="a chain of days: an hour"),
        pytest.param(None, 1 * MINUTE, None, id="the chain itself is as quick"),
        pytest.param(None, 0 * MINUTE, None, id="the next comes at once anyway"),
        pytest.param(0, 20 * MINUTE, None, id="the process says never"),
        pytest.param(5, 20 * MINUTE, 5 * MINUTE, id="the process says how long"),
        pytest.param(20, 20 * MINUTE, None, id="as long as the chain's own wait"),
    ],
)
def test_how_long_a_holder_has_to_be_reached(
    set_minutes: int | None, next_wait: timedelta, window: timedelta | None
) -> None:
    assert reach_window(set_minutes, next_wait) == window


@pytest.mark.parametrize(
    ("told_at", "window", "expected"),
    [
        pytest.param(DUE, MINUTE, DUE + MINUTE, id="after the deadline"),
        pytest.param(DUE - 60 * MINUTE, MINUTE, DUE - 4 * MINUTE, id="not before the deadline"),
        pytest.param(DUE, None, None, id="never"),
    ],
)
def test_a_holder_counts_as_not_reached_once_it_is_due(
    told_at: datetime, window: timedelta | None, expected: datetime | None
) -> None:
    assert unreached_at(told_at, DUE - 5 * MINUTE, window) == expected
