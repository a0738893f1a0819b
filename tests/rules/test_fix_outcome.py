"""One rule says whether a fix held."""

import pytest

from webapp.rules.fix_outcome import FixOutcome, clean_runs_needed, has_failed, outcome


@pytest.mark.parametrize(
    ("failed", "of", "needed"),
    [(1, 1, 14), (5, 5, 5), (10, 20, 5), (6, 20, 9), (3, 20, 19), (2, 20, 29), (1, 20, 30)],
)
def test_rarer_failures_need_more_clean_runs(failed, of, needed):
    assert clean_runs_needed(failed, of) == needed


@pytest.mark.parametrize(("failed", "of"), [(10, 20), (6, 20), (3, 20), (2, 20), (1, 5)])
def test_so_many_clean_runs_would_be_unlikely_if_nothing_had_changed(failed, of):
    needed = clean_runs_needed(failed, of)
    assert (1 - failed / of) ** needed <= 0.05


@pytest.mark.parametrize(
    ("since", "said", "clean"),
    [
        ([], None, 0),
        ([False] * 4, None, 4),
        ([False] * 5, "held", 5),
        ([False] * 7 + [True], "held", 7),
        ([True], "did_not_hold", 0),
        ([False] * 4 + [True] + [False] * 9, "did_not_hold", 4),
    ],
)
def test_it_held_after_enough_clean_runs_and_did_not_at_the_first_failure(since, said, clean):
    assert outcome(since, 5) == FixOutcome(said, clean, 5)


@pytest.mark.parametrize(
    ("facts", "failed"),
    [
        ({}, False),
        ({"missed": True}, True),
        ({"missed": True, "explained": True}, False),
        ({"sent_back": True}, True),
        ({"could_not": True}, True),
        ({"missed": True, "explained": True, "sent_back": True}, True),
    ],
)
def test_a_step_failed_when_missed_sent_back_or_given_up(facts, failed):
    nothing = {"missed": False, "explained": False, "sent_back": False, "could_not": False}
    assert has_failed(**(nothing | facts)) == failed
