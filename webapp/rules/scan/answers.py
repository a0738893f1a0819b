"""What was answered: kept as it was sent as far as it is an answer, and read as tasks."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from webapp.rules.capture.proofs import suggested_proof
from webapp.rules.capture.settle import SEVERAL
from webapp.rules.fragility import Task
from webapp.rules.scan.examples import examples_of
from webapp.rules.scan.questions import (
    AWAY,
    LONGEST_NAME,
    LONGEST_TASK,
    MOST_PEOPLE,
    MOST_TASKS,
    NOBODY,
    OWNER,
    Question,
)

Translate = Callable[[str], str]
BETWEEN_NAMES = re.compile(r"[,;\n\N{ARABIC COMMA}]")


class Answered(TypedDict):
    """What is known of one task; what was not answered is left out."""

    name: str
    proof: str | None
    often: NotRequired[str]
    who: NotRequired[str]
    stand_in: NotRequired[str]
    known_by: NotRequired[str]
    missed: NotRequired[str]
    noticed_by: NotRequired[str]
    harm: NotRequired[str]
    landed: NotRequired[bool]


class Answers(TypedDict):
    """Everything that was answered. `owner` is what the owner is called; "" is not said."""

    kind: str
    owner: str
    people: list[str]
    tasks: list[Answered]
    away: str


def nothing() -> Answers:
    """The answers of somebody who has not begun."""
    return {"kind": "", "owner": "", "people": [], "tasks": [], "away": ""}


def about(answers: Answers, kind: str, owner: str, names: str) -> Answers:
    """Take the kind of business, and the names as they were typed: "Maria, James"."""
    people = _once(_tidy(each, LONGEST_NAME) for each in BETWEEN_NAMES.split(names))
    own = _tidy(owner, LONGEST_NAME)
    others = [name for name in people if name.casefold() != own.casefold()]
    singles = [name for name in others if not SEVERAL.search(name)]
    return {**answers, "kind": kind[:20], "owner": own, "people": singles[:MOST_PEOPLE]}


def usual(kind: str, translate: Translate) -> dict[str, Answered]:
    """What a kind of business knows of its tasks before it is asked, by their names."""
    return {
        (name := translate(each.name)): {"name": name, "proof": each.proof, "often": each.rrule}
        for each in examples_of(kind)
    }


def of_draft(name: str, proof: str | None, facts: Mapping[str, str], answers: Answers) -> Answered:
    """What a draft knows of its task: `often`, `who` and `stand_in`, of which "" is not known."""
    known = {key: _whom(given, answers) for key, given in facts.items() if given}
    return {"name": _tidy(name, LONGEST_TASK), "proof": proof, **known}  # type: ignore[typeddict-item]


def work(
    answers: Answers, chosen: Sequence[str], own: str, known: Mapping[str, Answered]
) -> Answers:
    """Take the tasks, tapped or typed one a line; what was said of one before stays with it.

    `known` is what is known of tasks before they are asked about, by their names.
    """
    before = {task["name"]: task for task in answers["tasks"]}
    names = _once(_tidy(name, LONGEST_TASK) for name in (*chosen, *own.splitlines()))
    tasks = [before.get(name) or known.get(name) or _typed(name) for name in names[:MOST_TASKS]]
    return {**answers, "tasks": tasks}


def asked(answers: Answers, questions: Iterable[Question], sent: Mapping[str, str]) -> Answers:
    """Take what was tapped for each task: fields are called QUESTION-NUMBER."""
    tasks = [dict(task) for task in answers["tasks"]]
    for question in questions:
        allowed = [each.key for each in question.answers]
        if question.whom:
            allowed += [OWNER, *answers["people"]]
        for number, task in enumerate(tasks):
            given = sent.get(f"{question.key}-{number}", "")
            if given in allowed:
                task[question.key] = given
    return _with(answers, tasks)


def landed(answers: Answers, numbers: Iterable[str], away: str) -> Answers:
    """Take which tasks landed with the owner lately, and how two weeks without them would go."""
    ticked = set(numbers)
    tasks = [
        {**task, "landed": str(number) in ticked} for number, task in enumerate(answers["tasks"])
    ]
    known = away if away in [each.key for each in AWAY] else ""
    return {**_with(answers, tasks), "away": known}


def tasks_of(answers: Answers, the_owner: str) -> list[Task]:
    """Return the tasks as the read takes them; who is not named is called `the_owner`."""
    owner = answers["owner"] or the_owner
    return [_task(number, task, owner) for number, task in enumerate(answers["tasks"])]


def person(given: str | None, owner: str) -> str | None:
    """Return the name behind an answer: "" for nobody, None for no answer."""
    return {None: None, OWNER: owner, NOBODY: ""}.get(given, given)


def _task(number: int, said: Answered, owner: str) -> Task:
    missed = said.get("missed")
    return Task(
        key=str(number),
        name=said["name"],
        who=person(said.get("who"), owner),
        stand_in=_stand_in(said, owner),
        who_is_owner=said.get("who") == OWNER,
        stand_in_is_owner=said.get("stand_in") == OWNER,
        known_by=said.get("known_by"),
        noticed_by=said.get("noticed_by") if missed in ("month", "year") else None,
        harm=said.get("harm"),
        was_missed=None if missed is None else missed == "month",
        fell_lately=said.get("landed"),
    )


def _stand_in(said: Answered, owner: str) -> str | None:
    """Nobody, where it is the very person who does it."""
    given = said.get("stand_in")
    return "" if given is not None and given == said.get("who") else person(given, owner)


def _typed(name: str) -> Answered:
    return {"name": name, "proof": suggested_proof(name)[0]}


def _whom(name: str, answers: Answers) -> str:
    return OWNER if name.casefold() == answers["owner"].casefold() else name


def _with(answers: Answers, tasks: list[Any]) -> Answers:
    return {**answers, "tasks": tasks}


def _tidy(text: str, longest: int) -> str:
    return " ".join(text.replace("\0", "").split())[:longest].strip(" .")


def _once(names: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for name in names:
        if name and not name.startswith("@"):
            first.setdefault(name.casefold(), name)
    return list(first.values())
