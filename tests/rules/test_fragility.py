"""The read of where recurring work is most fragile."""

from dataclasses import replace
from itertools import count

import pytest

from webapp.rules.fragility import (
    HIGH,
    LITTLE,
    LUCK,
    OUTSIDE,
    PROOF,
    TAP,
    TOLD,
    Share,
    Task,
    by_task,
    read,
)

numbers = count()
SOUND = Task(
    key="",
    name="Locking up",
    who="Maria",
    stand_in="James",
    known_by=PROOF,
    harm=LITTLE,
    was_missed=False,
    fell_lately=False,
    uncovered=Share(0, 5),
    reaches=True,
)


def task(**more: object) -> Task:
    """A task of which nothing is weak, but for what is said."""
    return replace(SOUND, key=str(next(numbers)), **more)  # type: ignore[arg-type]


def kinds(*tasks: Task) -> list[str]:
    return [finding.kind for finding in read(tasks)]


@pytest.mark.parametrize(
    ("more", "kind", "sentence", "words"),
    [
        (
            {"stand_in": ""},
            "no_backup",
            "1 of 2 recurring tasks has nobody named to take over.",
            "Maria does it.",
        ),
        (
            {"who": ""},
            "nobody",
            "1 of 2 recurring tasks belongs to nobody in particular.",
            "James takes over.",
        ),
        (
            {"harm": HIGH, "known_by": TOLD},
            "harm_without_proof",
            "1 of 1 recurring tasks that can do serious harm leaves no proof.",
            "Somebody would say so, or not.",
        ),
        (
            {"known_by": LUCK},
            "by_luck",
            "1 of 2 recurring tasks could be missed without anyone inside noticing.",
            "Nobody would notice for days.",
        ),
        (
            {"noticed_by": OUTSIDE},
            "by_luck",
            "1 of 2 recurring tasks could be missed without anyone inside noticing.",
            "A customer noticed the last miss.",
        ),
        (
            {"reaches": False},
            "unreached",
            "For 1 of 2 recurring tasks no phone would tell anyone before the owner.",
            "Maria does it.",
        ),
        (
            {"who_is_owner": True},
            "falls_to_owner",
            "1 of 2 recurring tasks falls to the owner.",
            "The owner does it.",
        ),
        (
            {"stand_in_is_owner": True},
            "falls_to_owner",
            "1 of 2 recurring tasks falls to the owner.",
            "The owner takes over.",
        ),
        (
            {"fell_lately": True},
            "falls_to_owner",
            "1 of 2 recurring tasks falls to the owner.",
            "It landed there in the last two weeks.",
        ),
        (
            {"fell": Share(4, 20)},
            "falls_to_owner",
            "1 of 2 recurring tasks falls to the owner.",
            "4 of 20 runs ended there.",
        ),
        (
            {"was_missed": True},
            "missed",
            "1 of 2 recurring tasks was missed in the last month.",
            "",
        ),
        (
            {"missed": Share(3, 20)},
            "missed",
            "1 of 2 recurring tasks was missed in the last month.",
            "3 of 20 runs were missed.",
        ),
        (
            {"uncovered": Share(2, 5)},
            "uncovered",
            "For 1 of 2 recurring tasks only the owner is there on some day ahead.",
            "2 of 5 runs ahead.",
        ),
        (
            {"known_by": TAP},
            "never_verified",
            "1 of 2 recurring tasks leaves nothing that shows it was done.",
            "A tap closes it, and nothing shows what was done.",
        ),
    ],
)
def test_each_weakness_is_said_with_both_numbers_and_what_is_known(
    more: dict[str, object], kind: str, sentence: str, words: str
) -> None:
    found = next(each for each in read([task(), task(**more)]) if each.kind == kind)
    assert found.sentence == sentence
    assert [case.words for case in found.cases] == [words]


def test_what_is_sound_is_not_found_fault_with() -> None:
    assert read([task(), task(who="James", stand_in="Maria")]) == []


def test_what_is_not_known_is_neither_held_against_a_task_nor_counted() -> None:
    unknown = Task(key="x", name="Wages")
    assert read([unknown]) == []
    assert read([unknown, task(stand_in="")])[0].sentence.startswith("1 of 1 recurring tasks")


def test_one_person_behind_everything_is_named_with_how_much() -> None:
    tasks = [task() for _ in range(3)] + [task(who="Lin"), task(who="")]
    found = next(each for each in read(tasks) if each.kind == "one_person")
    assert found.sentence == "Maria alone does 3 of 4 recurring tasks."
    assert "one_person" not in kinds(task(), task(), task(who="Lin"))
    spread = [task(who=name) for name in ("Ana", "Ben", "Cem", "Dora")]
    assert "one_person" not in kinds(*[task() for _ in range(3)], *spread)


def test_what_does_harm_or_was_missed_comes_first() -> None:
    tasks = [task(stand_in="") for _ in range(2)] + [task(who="", harm=HIGH)]
    assert kinds(*tasks) == ["nobody", "no_backup"]
    tasks = [task(stand_in="") for _ in range(2)] + [task(who="", missed=Share(1, 9))]
    assert kinds(*tasks) == ["nobody", "missed", "no_backup"]


def test_then_what_is_true_of_most() -> None:
    assert kinds(task(who="", stand_in=""), task(who="", stand_in="Lin")) == ["nobody", "no_backup"]


def test_the_worst_task_of_a_finding_is_named_first() -> None:
    found = read([task(name="Flowers", stand_in=""), task(name="Gas", stand_in="", harm=HIGH)])
    assert [case.task.name for case in found[0].cases] == ["Gas", "Flowers"]


def test_each_finding_mends_a_task_that_none_before_it_does() -> None:
    both = {"stand_in": "", "known_by": LUCK}
    found = read([task(name="Till", **both), task(name="Keys", **both)])
    assert {each.kind: each.mend.name for each in found} == {"no_backup": "Till", "by_luck": "Keys"}


def test_want_of_proof_is_told_of_the_same_tasks_only_once() -> None:
    assert kinds(task(), task(known_by=LUCK)) == ["by_luck"]
    assert kinds(task(known_by=TOLD, harm=HIGH)) == ["harm_without_proof"]
    assert kinds(task(known_by=LUCK), task(known_by=TOLD)) == ["never_verified", "by_luck"]


def blamed(*tasks: Task) -> dict[str, list[str]]:
    weak = by_task(read(tasks))
    return {each.task.name: [blame.kind for blame in each.blames] for each in weak}


def test_each_task_stands_once_with_all_that_is_weak_about_it() -> None:
    found = blamed(task(name="Till", stand_in="", who_is_owner=True), task(name="Keys", who=""))
    assert found == {"Till": ["no_backup", "falls_to_owner"], "Keys": ["nobody"]}
    assert blamed(task()) == {}


def test_the_task_that_hurts_comes_first_and_then_what_is_weak_in_most_ways() -> None:
    flowers = task(name="Flowers", stand_in="")
    till = task(name="Till", stand_in="", who_is_owner=True, reaches=False)
    gas = task(name="Gas", stand_in="", harm=HIGH)
    assert list(blamed(flowers, till, gas)) == ["Gas", "Till", "Flowers"]


def test_a_task_is_blamed_for_want_of_proof_only_once() -> None:
    found = blamed(task(name="Till", known_by=LUCK), task(name="Keys", known_by=TOLD))
    assert found == {"Till": ["never_verified"], "Keys": ["never_verified"]}
    (till,) = by_task(read([task(name="Till", known_by=LUCK)]))
    assert [tuple(each) for each in till.blames] == [("by_luck", "Nobody would notice for days.")]
