"""The scan: what was answered, and the tasks and drafts in it."""

import pytest

from webapp.rules.fragility import HIGH, LUCK, OUTSIDE, PROOF, read
from webapp.rules.scan import answers as said
from webapp.rules.scan.answers import Answers
from webapp.rules.scan.drafts import draft_of
from webapp.rules.scan.examples import KINDS, examples_of
from webapp.rules.scan.made_up import made_up
from webapp.rules.scan.questions import (
    HARM,
    KNOWN_BY,
    MISSED,
    MOST_TASKS,
    NOBODY,
    NOTICED_BY,
    OWNER,
    SCREENS,
    STAND_IN,
    WHO,
)
from webapp.services.definitions import rule_of


def same(text: str) -> str:
    return text


def begun(*tasks: str) -> Answers:
    answers = said.about(said.nothing(), "daycare", "Mara", "Maria, James")
    return said.work(answers, tasks or ("Locking up",), "", said.usual("daycare", same))


def test_names_are_taken_once_and_only_where_they_are_one_person() -> None:
    typed = "Maria, james;  Maria , Mara, the team, Lin and Kim\nLin, @owner"
    answers = said.about(said.nothing(), "shop", " Mara ", typed)
    assert (answers["owner"], answers["people"]) == ("Mara", ["Maria", "james", "Lin"])


def test_names_may_stand_in_a_row_as_arabic_writes_it() -> None:
    assert said.about(said.nothing(), "shop", "Mara", "مريم، يوسف")["people"] == ["مريم", "يوسف"]


def test_a_tapped_task_comes_with_what_is_usual_and_a_typed_one_with_what_its_words_say() -> None:
    answers = said.work(
        begun(), ["Fridge temperatures"], "Wash the floor\n\n wages ", said.usual("daycare", same)
    )
    assert [(task["name"], task.get("often"), task["proof"]) for task in answers["tasks"]] == [
        ("Fridge temperatures", "FREQ=DAILY", "number"),
        ("Wash the floor", None, "photo"),
        ("wages", None, None),
    ]


def test_what_was_said_of_a_task_stays_with_it() -> None:
    answers = said.asked(begun("Locking up"), [WHO], {"who-0": "Maria"})
    answers = said.work(answers, ["Fire drill", "Locking up"], "", {})
    assert answers["tasks"][1]["who"] == "Maria"


def test_so_many_tasks_and_no_more() -> None:
    answers = said.work(begun(), [], "\n".join(f"Task {n}" for n in range(40)), {})
    assert len(answers["tasks"]) == MOST_TASKS


@pytest.mark.parametrize("given", ["Nobody I named", "@all", "", "x" * 5000])
def test_an_answer_that_was_not_offered_is_no_answer(given: str) -> None:
    answers = said.asked(begun(), [WHO, HARM], {"who-0": given, "harm-0": given, "who-7": "Maria"})
    assert "who" not in answers["tasks"][0]
    assert "harm" not in answers["tasks"][0]


def test_the_answers_are_read_as_a_task() -> None:
    sent = {
        "who-0": OWNER,
        "stand_in-0": NOBODY,
        "known_by-0": LUCK,
        "missed-0": "month",
        "noticed_by-0": OUTSIDE,
        "harm-0": HIGH,
    }
    answers = said.asked(begun(), [WHO, STAND_IN, KNOWN_BY, MISSED, NOTICED_BY, HARM], sent)
    answers = said.landed(answers, ["0"], "stops")
    (task,) = said.tasks_of(answers, "The owner")
    assert (task.name, task.who, task.stand_in) == ("Locking up", "Mara", "")
    assert (task.who_is_owner, task.stand_in_is_owner, task.fell_lately) == (True, False, True)
    assert (task.known_by, task.noticed_by, task.harm) == (LUCK, OUTSIDE, HIGH)
    assert task.was_missed is True
    assert answers["away"] == "stops"


def test_who_noticed_counts_only_where_something_was_missed() -> None:
    sent = {"missed-0": "never", "noticed_by-0": LUCK}
    (task,) = said.tasks_of(said.asked(begun(), [MISSED, NOTICED_BY], sent), "The owner")
    assert (task.was_missed, task.noticed_by) == (False, None)


def test_who_takes_over_for_themselves_is_nobody() -> None:
    sent = {"who-0": "Maria", "stand_in-0": "Maria"}
    (task,) = said.tasks_of(said.asked(begun(), [WHO, STAND_IN], sent), "The owner")
    assert task.stand_in == ""


def test_without_an_answer_nothing_is_known() -> None:
    (task,) = said.tasks_of(begun(), "The owner")
    assert (task.who, task.stand_in, task.known_by, task.harm, task.was_missed) == (None,) * 5


def test_the_draft_knows_what_was_answered_and_asks_the_rest() -> None:
    answers = said.asked(begun("Fire drill"), [WHO, STAND_IN], {"who-0": "Maria"})
    draft = draft_of(answers["tasks"][0], answers)
    assert (draft["name"], draft["responsible"], draft["backup"]) == ("Fire drill", "Maria", None)
    assert draft["cadence"]["words"] == "monthly on the last day"
    assert draft["steps"] == [{"title": "Fire drill", "proof": "note", "why": ""}]
    assert draft["questions"] == [
        "Who takes over when Maria cannot? You named James.",
        "By what time is it due?",
    ]


@pytest.mark.parametrize(
    ("people", "asked"),
    [
        ("Maria, James", "Who takes over when this person cannot? You named Maria and James."),
        ("", "Who takes over when this person cannot?"),
    ],
)
def test_an_owner_who_is_not_named_is_asked_for_and_is_no_person(people: str, asked: str) -> None:
    answers = said.work(said.about(said.nothing(), "shop", "", people), ["Wages"], "", {})
    answers = said.asked(answers, [WHO, STAND_IN], {"who-0": OWNER, "stand_in-0": NOBODY})
    draft = draft_of(answers["tasks"][0], answers)
    assert (draft["responsible"], draft["backup"]) == (None, None)
    assert draft["questions"][-3:] == [
        "Which one person is responsible?",
        asked,
        "By what time is it due?",
    ]


def test_an_owner_who_is_named_is_responsible_by_name() -> None:
    answers = said.asked(begun("Fire drill"), [WHO], {"who-0": OWNER})
    draft = draft_of(answers["tasks"][0], answers)
    assert draft["responsible"] == "Mara"
    assert "Who takes over when Mara cannot? You named Maria and James." in draft["questions"]


@pytest.mark.parametrize("kind", [kind.key for kind in KINDS])
def test_every_example_is_recurring_work_with_a_proof(kind: str) -> None:
    examples = examples_of(kind)
    assert len({each.name for each in examples}) == len(examples) == 7
    for each in examples:
        assert rule_of(each.rrule)
        assert each.proof in ("photo", "number", "note", "file")


def test_there_are_fourteen_questions_at_most_three_on_a_screen() -> None:
    own = {"about": 3, "work": 2, "you": 2}
    asked = [own.get(screen.key, 0) + len(screen.questions) for screen in SCREENS]
    assert (sum(asked), max(asked)) == (14, 3)
    assert PROOF in [each.key for each in KNOWN_BY.answers]


def test_what_a_draft_knows_of_its_task_is_not_asked_again() -> None:
    facts = {"often": "FREQ=MONTHLY;BYMONTHDAY=1", "who": "maria", "stand_in": "Mara"}
    kept = said.of_draft("Wages", "file", facts, begun())
    answers = said.work(begun(), ["Wages"], "", {"Wages": kept})
    (task,) = said.tasks_of(answers, "The owner")
    assert (task.who, task.stand_in, task.stand_in_is_owner) == ("maria", "Mara", True)
    assert "often" not in said.of_draft("Wages", None, {"often": ""}, begun())


def test_the_made_up_business_shows_most_of_what_can_be_weak() -> None:
    kinds = {each.kind for each in read(said.tasks_of(made_up(same), "The owner"))}
    assert {"harm_without_proof", "no_backup", "falls_to_owner", "missed", "by_luck"} <= kinds
