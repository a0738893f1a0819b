"""What an edit changes in the runs of one location, counted."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from webapp.rules.run_changes import Change, SeenRun, SeenStep, changes, counted

DUE = datetime(2026, 11, 24, 7, 15)
FRONT = SeenStep("Front room ready", "photo", "Ana")
GATE = SeenStep("Gate latch checked", "note", "Ana")
RUN = SeenRun(DUE - timedelta(minutes=45), DUE, {"front": FRONT, "gate": GATE})


def days(count: int) -> dict[str, SeenRun]:
    return {
        f"run-{day}": replace(
            RUN, opens=RUN.opens + timedelta(days=day), due=DUE + timedelta(days=day)
        )
        for day in range(count)
    }


def found(before: dict[str, SeenRun], after: dict[str, SeenRun]) -> list[tuple[str, tuple, int]]:
    return [(each.kind, each.values, each.count) for each in counted(changes(before, after))]


def test_nothing_changes_in_equal_runs() -> None:
    assert found(days(3), days(3)) == []


def test_runs_that_go_and_that_come_are_counted_with_their_dates() -> None:
    gone, added = counted(changes({"a": RUN}, {"b": replace(RUN, due=DUE + timedelta(days=1))}))
    assert gone == Change("gone", (), 1, (date(2026, 11, 24),))
    assert (added.kind, added.values) == ("added", (DUE.time(),))
    assert added.days == (date(2026, 11, 25),)


def test_alike_moves_are_one_change_and_their_opening_goes_without_saying() -> None:
    early = {
        key: replace(
            run, due=run.due - timedelta(minutes=45), opens=run.opens - timedelta(minutes=45)
        )
        for key, run in days(5).items()
    }
    moved = DUE - timedelta(minutes=45)
    assert found(days(5), early) == [("due", (DUE.time(), moved.time()), 5)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"opens": RUN.opens - timedelta(days=1)},
            [("opens", ((0, RUN.opens.time()), (1, RUN.opens.time())), 1)],
        ),
        ({"steps": {"gate": GATE}}, [("step_removed", ("Front room ready", "photo"), 1)]),
        (
            {"steps": RUN.steps | {"bin": SeenStep("Bins out", "timed", "Ana")}},
            [("step_added", ("Bins out", "timed"), 1)],
        ),
        (
            {"steps": RUN.steps | {"front": replace(FRONT, proof="note", asked=1)}},
            [("proof", ("Front room ready", "photo", "note"), 1)],
        ),
        (
            {"steps": RUN.steps | {"front": replace(FRONT, asked=1)}},
            [("asked", ("Front room ready",), 1)],
        ),
        (
            {"steps": RUN.steps | {"front": replace(FRONT, title="Front room tidy")}},
            [("title", ("Front room ready", "Front room tidy"), 1)],
        ),
        (
            {"steps": RUN.steps | {"front": replace(FRONT, shown="From the door")}},
            [("shown", ("Front room ready",), 1)],
        ),
        ({"steps": {"gate": GATE, "front": FRONT}}, [("order", (), 1)]),
        (
            {"steps": {key: replace(step, holder="Ben") for key, step in RUN.steps.items()}},
            [("holder", ("Ana", "Ben"), 2)],
        ),
        ({"later": "Fay"}, [("chain", (), 1)]),
        ({"review": "all"}, [("review", ("none", "all"), 1)]),
        ({"reminding": (10, None)}, [("reminding", (), 1)]),
    ],
)
def test_each_part_of_a_run_has_its_kind_of_change(
    change: dict[str, object], expected: list[tuple[str, tuple, int]]
) -> None:
    assert found({"a": RUN}, {"a": replace(RUN, **change)}) == expected


def test_the_gravest_kind_comes_first() -> None:
    before = days(3)
    after = {key: replace(run, review="all") for key, run in before.items() if key != "run-2"}
    assert [kind for kind, _values, _count in found(before, after)] == ["gone", "review"]
