"""What keeps going wrong: exact chances, few false alarms, and each kind by its own rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from webapp.rules import patterns
from webapp.rules.patterns import HeldDay, Noted, Scope, Seen, budget, chance, of_process
from webapp.rules.patterns.stretches import is_over, unlikeliest

SCOPE = Scope(steps=20, processes=8, people=6)
FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def seen(went: str, *, place: str = "north", step: str = "latch") -> list[Seen]:
    """Runs that went so: "." clean, "f" failed, "b" by another, "e" at the end, "a" away, "A" and
    failed.
    """
    return [_one(n, how, place, step) for n, how in enumerate(went)]


def _one(number: int, how: str, place: str, step: str) -> Seen:
    return Seen(
        step_run=f"{step}{number}{place}",
        run=f"{number}{place}",
        step=step,
        title=step,
        place=place,
        due_at=FIRST_DAY + timedelta(days=number),
        failed="missed" if how in "fA" else "",
        first="ana",
        closer="ben" if how in "baA" else "ana",
        first_away=how in "aA",
        at_the_end=how == "e",
    )


def stands(steps: list[Seen], notes=(), *, scope: Scope = SCOPE, leaves_proof: bool = True):
    found = of_process("opening", steps, notes, scope, leaves_proof=leaves_proof)
    return [each for each in found if each.chance <= patterns.LEVEL and not each.is_over]


@pytest.mark.parametrize(
    ("times", "of", "share", "tail"),
    [(0, 5, 0.05, 1.0), (5, 5, 0.05, 0.05**5), (5, 14, 0.05, 0.000428), (1, 1, 0.25, 0.25)],
)
def test_the_binomial_tail_is_exact(times, of, share, tail):
    assert chance.at_least(times, of, share) == pytest.approx(tail, rel=0.01)


def test_both_tails_together_are_certain():
    assert chance.at_least(4, 9, 0.3) + chance.at_most(3, 9, 0.3) == pytest.approx(1)


def test_fishers_test_of_the_lady_tasting_tea():
    assert chance.more_than_elsewhere(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert chance.more_than_elsewhere(3, 4, 1, 4) == pytest.approx(17 / 70)


@pytest.mark.parametrize(
    ("times", "of", "low", "high"),
    [(0, 10, 0, 0.3085), (10, 10, 0.6915, 1), (5, 14, 0.1276, 0.6486), (1, 20, 0.0013, 0.2487)],
)
def test_the_interval_is_that_of_clopper_and_pearson(times, of, low, high):
    assert chance.between(times, of) == pytest.approx((low, high), abs=1e-4)


def test_the_shares_of_all_kinds_are_the_whole_budget():
    assert sum(budget.SHARES.values()) == pytest.approx(1)
    assert budget.in_a_month(1e-9, "drift", 10, 20) == pytest.approx(1e-9 * 10 * 20 / 0.1)
    assert budget.in_a_month(0.9, "drift", 10, 99) == 1


@pytest.mark.parametrize(
    ("months", "said"), [(0.05, 20), (1 / 2345, 2300), (1e-12, 1_000_000), (0, 1_000_000)]
)
def test_luck_is_said_in_round_months(months, said):
    assert budget.one_in(months) == said


@pytest.mark.parametrize(
    ("went", "kinds"),
    [
        ("", []),
        ("ffff", []),
        ("fffff", ["repeated"]),
        ("." * 30 + "fff", []),
        ("." * 30 + "ffffff", ["repeated"]),
        ("." * 14 + ".f.ff.ff.f.ff.f.ff", ["repeated"]),
        ("f" * 10 + "." * 8, []),
        ("." * 40 + "f" + "." * 20 + "f" + "." * 10, []),
        ("." * 9 + "bbb.bb.b", []),
        ("." * 9 + "b" * 12, ["by_another"]),
        ("." * 9 + "a" * 30, []),
        ("." * 9 + "e" * 12, ["at_deadline"]),
        ("." * 9 + "e.e..e..e", []),
        ("." * 40 + "A..A..A..A", ["one_person"]),
        ("." * 40 + "a..a..a..a", []),
        ("." * 120, ["one_person"]),
        ("." * 60, []),
    ],
)
def test_each_kind_shows_from_enough_runs_on_and_no_sooner(went, kinds):
    assert sorted(each.kind for each in stands(seen(went))) == kinds


def test_more_steps_to_look_at_ask_for_more():
    went = seen("." * 20 + "fffff")
    assert stands(went, scope=Scope(4, 1, 1))
    assert not stands(went, scope=Scope(20_000, 5000, 300))


def test_what_another_then_did_is_said_of_the_other_alone():
    went = [replace(each, closer="ben") for each in seen("f" * 14)]
    assert [each.kind for each in stands(went)] == ["by_another"]


def test_steps_that_fail_together_are_one_pattern():
    both = [*seen("fffff"), *seen("ffffff", step="door")]
    (found,) = stands(sorted(both, key=lambda each: each.due_at))
    assert (found.facts["title"], found.facts["also"]) == ("door", ["latch"])


def test_a_fix_after_which_it_fails_again_and_again_is_named():
    note = Noted("n1", "latch", "north", FIRST_DAY + timedelta(days=9, hours=1), "Latch bent back.")
    (found,) = stands(seen("f" * 10 + "." + "ffff.f"), [note])
    assert (found.kind, found.times, found.of, found.facts["note"]) == ("fix_failed", 5, 7, "n1")


def test_the_same_words_written_again_are_no_other_fix():
    days = (9, 11, 13)
    words = ("Latch bent back.", "Latch bent back.", "New latch.")
    notes = [
        Noted(f"n{day}", "latch", "north", FIRST_DAY + timedelta(days=day, hours=1), each)
        for day, each in zip(days, words, strict=True)
    ]
    (found,) = stands(seen("f" * 10 + "." + "ffff.f"), notes)
    assert (found.facts["note"], found.facts["tried"]) == ("n9", 2)


def test_one_failure_after_a_fix_is_no_pattern():
    note = Noted("n1", "latch", "north", FIRST_DAY + timedelta(days=9, hours=1), "Latch bent back.")
    assert stands(seen("." * 9 + "f" + "...f..."), [note]) == []


def test_a_location_drifts_when_it_fails_more_than_the_others():
    north = [*seen("..f....f......f...f....f....f..f"[:30], step="a")]
    north += seen(".f...f....f.f......f...f...f....", step="b")[:30]
    south = seen("." * 40, place="south")
    (found,) = stands(sorted([*north, *south], key=lambda each: each.due_at))
    assert (found.kind, found.place, found.facts["others"]) == ("drift", "north", [0, 40])


def test_all_locations_failing_alike_is_no_drift():
    both = [*seen("...f" * 12, place="south"), *seen("..f." * 12)]
    kinds = {each.kind for each in stands(sorted(both, key=lambda each: each.due_at))}
    assert "drift" not in kinds


def test_a_process_of_taps_is_a_fact_from_ten_runs_on():
    assert stands(seen("." * 9), leaves_proof=False) == []
    (found,) = stands(seen("." * 10), leaves_proof=False)
    assert (found.kind, found.chance) == ("no_proof", 0)


@pytest.mark.parametrize(("dark", "found"), [("." * 30, 0), ("." * 9 + "dd.d.d", 0), ("d" * 10, 1)])
def test_a_phone_is_dark_too_often(dark, found):
    days = [HeldDay(date(2026, 1, 5) + timedelta(days=n), how == "d") for n, how in enumerate(dark)]
    rows = patterns.of_devices({"ana": days}, SCOPE)
    assert sum(each.chance <= patterns.LEVEL for each in rows) == found


def test_the_shortest_stretch_sees_what_began_lately():
    flags = [False] * 35 + [True] * 5
    assert (unlikeliest(flags, 0.05).times, unlikeliest(flags, 0.05).of) == (5, 5)


def test_it_is_over_after_so_many_clean_runs_as_would_be_unlikely():
    assert not is_over([True] * 5 + [False] * 4, 5, 10)
    assert is_over([True] * 5 + [False] * 5, 5, 10)


@pytest.mark.parametrize(
    ("now", "then", "worse"),
    [((6, 10), (6, 10), False), ((9, 10), (6, 10), True), ((8, 10), (6, 10), False)],
)
def test_worse_is_half_as_often_again(now, then, worse):
    assert patterns.is_worse(*now, *then) == worse
