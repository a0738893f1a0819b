"""When a device that is silent matters, and how that is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from webapp.rules import dark
from webapp.rules.dark import DeviceFacts

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FRESH = DeviceFacts(NOON - MINUTE, 0, None, has_said=True, is_newest=True)
FULL = replace(FRESH, waiting=3, oldest_at=NOON - MINUTE)
ZONE = "America/Chicago"


@pytest.mark.parametrize(
    ("facts", "light"),
    [
        pytest.param(FRESH, "safe", id="heard from, and all sent"),
        pytest.param(replace(FRESH, has_said=False), "unknown", id="an app that says nothing"),
        pytest.param(FULL, "waiting", id="something is on its way"),
        pytest.param(replace(FULL, heard_at=NOON - 6 * DAY), "waiting", id="dark for six days"),
        pytest.param(replace(FULL, heard_at=NOON - 7 * DAY), "holds_back", id="dark for a week"),
        pytest.param(
            replace(FULL, oldest_at=NOON - 7 * DAY), "holds_back", id="there, and unsent for a week"
        ),
        pytest.param(
            replace(FULL, oldest_at=NOON + DAY), "waiting", id="by a clock that is a day fast"
        ),
        pytest.param(replace(FRESH, heard_at=NOON - 7 * DAY), "silent", id="silent for a week"),
        pytest.param(
            replace(FRESH, heard_at=NOON - 7 * DAY, is_newest=False),
            "safe",
            id="an old phone beside a newer one",
        ),
        pytest.param(
            replace(FRESH, heard_at=NOON - 9 * DAY, revoked_at=NOON), "signed_off", id="signed off"
        ),
        pytest.param(
            replace(FULL, heard_at=NOON - 9 * DAY, revoked_at=NOON - 8 * DAY),
            "holds_back",
            id="signed off, and unsent for a week since before that",
        ),
        pytest.param(
            replace(FULL, revoked_at=NOON), "waiting", id="signed off, with something on its way"
        ),
        pytest.param(
            replace(FULL, heard_at=NOON, oldest_at=NOON - 8 * DAY, revoked_at=NOON - 9 * DAY),
            "signed_off",
            id="signed off, and what waits was done after that",
        ),
    ],
)
def test_how_things_stand_with_a_device(facts, light):
    assert dark.light(facts, NOON) == light


def test_when_a_phone_was_last_heard_from_in_words():
    assert dark.last_heard("Ben's iPad", NOON, NOON, ZONE) == (
        "Ben's iPad was last heard from at 06:00."
    )
    assert dark.last_heard("Ben's iPad", NOON - DAY, NOON, ZONE) == (
        "Ben's iPad was last heard from at 06:00 yesterday."
    )


def test_what_waited_on_it_in_words():
    assert dark.held_back(3, NOON, NOON, ZONE) == (
        "3 pieces of work waited on it then, the oldest from 06:00."
    )
    assert dark.held_back(1, NOON, NOON, ZONE) == ("1 piece of work waited on it then, from 06:00.")
    assert dark.held_back(2, None, NOON, ZONE) == "2 pieces of work waited on it then."


def test_what_was_lost_in_words():
    after, before = NOON + 10 * MINUTE, NOON + 40 * MINUTE
    assert dark.lost("Ana's iPad", 2, after, before, NOON, "UTC") == (
        "Ana's iPad lost 2 pieces of work between 12:10 and 12:40 that it had kept."
    )
    assert dark.lost("Ana's iPad", 1, None, before, NOON, "UTC") == (
        "Ana's iPad lost 1 piece of work before 12:40 that it had kept."
    )
