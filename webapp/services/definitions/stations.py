"""What is wrong with a draft's chain: its stations, who stands there, and how long each waits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from webapp.models import Person
from webapp.rules import chain
from webapp.rules.sentences import say
from webapp.services.definitions import fault
from webapp.services.definitions.draft import DraftLevel
from webapp.services.definitions.fault import Fault

_FIELDS = {
    "no_responsible": "chain.assignee",
    "no_backup": "chain.backup",
    "backup_is_responsible": "chain.backup",
    "person_twice": "chain.fallback",
}


class Named(Protocol):
    """A person as far as a chain's faults name them."""

    @property
    def name(self) -> str:
        """What others call them."""


def faults(levels: Sequence[DraftLevel], people: Mapping[str, Person]) -> Iterator[Fault]:
    """Every fault of a chain that is to be saved, by field; `people` by id."""
    for level in levels:
        if level.role != "owner" and level.person_id:
            yield from _person(level.role, people.get(level.person_id))
    yield from _chain(levels, people)


def faults_to_play(levels: Sequence[DraftLevel], people: Mapping[str, Named]) -> Iterator[Fault]:
    """What keeps a chain from being played, by field; who has left may stand in it."""
    for level in levels:
        if level.person_id and level.person_id not in people:
            yield from _person(level.role, None)
    yield from _chain(levels, people)


def problems(levels: Sequence[DraftLevel], people: Mapping[str, Named]) -> list[chain.ChainProblem]:
    """What the rule of chains says against the draft's; `people` by id."""
    return chain.problems(_stations(levels, people))


def _chain(levels: Sequence[DraftLevel], people: Mapping[str, Named]) -> Iterator[Fault]:
    for level in levels:
        words = fault.of_wait(level.wait_minutes)
        if words and level.role != "backup":  # the backup's wait is the grace
            yield f"chain.{level.role}.after", words
    for problem in problems(levels, people):
        yield _FIELDS.get(problem.code, "chain"), problem.message


def _person(role: str, person: Person | None) -> Iterator[Fault]:
    if person is None:
        yield f"chain.{role}", say("This person does not work here. Choose somebody who does.")
    elif person.deactivated_at:
        yield (
            f"chain.{role}",
            say("%(person)s no longer works here. Name somebody else.", person=person.name),
        )


def _stations(levels: Sequence[DraftLevel], people: Mapping[str, Named]) -> list[chain.Level]:
    """The draft's chain for the rule, which judges stations and people; waits are judged here.

    A station without a person counts as not named; the owner is added where it is left out.
    """
    stations = [
        chain.Level(level.role, level.person_id, _name_of(people, level.person_id), timedelta(0))
        for level in levels
        if level.role != "owner" and level.person_id
    ]
    owner = chain.Level("owner", "owner", say("the owner"), timedelta(0))
    places = [index for index, level in enumerate(levels) if level.role == "owner"]
    for index in places or [len(stations)]:
        stations.insert(index, owner)
    return stations


def _name_of(people: Mapping[str, Named], person_id: str) -> str:
    return people[person_id].name if person_id in people else say("This person")
