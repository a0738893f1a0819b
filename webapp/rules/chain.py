"""The chain of a step: who holds it first, who takes over, and who is the last resort."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from webapp.rules.sentences import N_, say

ROLES = ("assignee", "backup", "fallback", "owner")
# A wait beyond a year is a typing mistake; refusing it also keeps date arithmetic in range.
LONGEST_WAIT = timedelta(days=366)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Level:
    """One station of a chain.

    `wait` is the time since the previous handoff was due: zero for the assignee; for the
    backup it is the grace after the deadline.
    """

    role: str
    person: str
    name: str
    wait: timedelta


Chain = tuple[Level, ...]


class ChainProblem(NamedTuple):
    """Why a chain cannot be saved: a stable code and a sentence for people."""

    code: str
    message: str


def problems(chain: Sequence[Level]) -> list[ChainProblem]:
    """Everything that keeps the chain from being saved; empty when it may be saved.

    A chain is one responsible person, one backup, at most one fallback, and the owner last.
    The owner is the last resort and may repeat anyone before; nobody else may appear twice.
    """
    return [*_station_problems(chain), *_person_problems(chain), *_wait_problems(chain)]


def to_json(chain: Sequence[Level]) -> list[dict[str, Any]]:
    """The snapshot frozen into a step run. Raises ValueError for a wait with part minutes."""
    return [
        {
            "role": level.role,
            "person": level.person,
            "name": level.name,
            "wait_minutes": _whole_minutes(level.wait),
        }
        for level in chain
    ]


def from_json(levels: Sequence[dict[str, Any]]) -> Chain:
    """The chain of a snapshot made by `to_json`. Raises KeyError when a part is missing."""
    return tuple(
        Level(
            role=level["role"],
            person=level["person"],
            name=level["name"],
            wait=timedelta(minutes=level["wait_minutes"]),
        )
        for level in levels
    )


def wait_of(role: str, wait_minutes: int, grace_minutes: int) -> timedelta:
    """How long a station waits: the backup for the grace after the deadline, whatever it says."""
    return (grace_minutes if role == "backup" else wait_minutes) * _MINUTE


def _whole_minutes(wait: timedelta) -> int:
    if wait % _MINUTE:
        raise ValueError(say("a wait is counted in whole minutes, not %(wait)s", wait=wait))
    return wait // _MINUTE


def _station_problems(chain: Sequence[Level]) -> Iterator[ChainProblem]:
    roles = [level.role for level in chain]
    if unknown := [role for role in roles if role not in ROLES]:
        yield ChainProblem(
            "role_unknown",
            say(
                "“%(unknown)s” is not a station of a chain. Use assignee, backup, fallback"
                " and owner.",
                unknown=unknown[0],
            ),
        )
        return
    if "assignee" not in roles:
        yield ChainProblem("no_responsible", N_("Name one person who is responsible."))
    if "backup" not in roles:
        yield ChainProblem("no_backup", N_("Name one backup who takes over when it is missed."))
    if roles[-1:] != ["owner"]:
        yield ChainProblem("no_owner", N_("End the chain with the owner, who is the last resort."))
    if repeated := [role for role in ROLES if roles.count(role) > 1]:
        yield ChainProblem(
            "role_twice",
            say(
                "Name only one %(role)s: exactly one person holds a step at a time.",
                role=say(_WORDS[repeated[0]]),
            ),
        )
    elif roles != sorted(roles, key=ROLES.index):
        yield ChainProblem(
            "wrong_order", N_("Order the chain: responsible person, backup, fallback, owner.")
        )


_WORDS = {
    "assignee": N_("responsible person"),
    "backup": N_("backup"),
    "fallback": N_("fallback"),
    "owner": N_("owner"),
}


def _person_problems(chain: Sequence[Level]) -> Iterator[ChainProblem]:
    first_as: dict[str, Level] = {}
    for level in chain:
        if not level.person:
            words = say(_WORDS.get(level.role, level.role))
            yield ChainProblem("no_person", say("Say who is the %(words)s.", words=words))
        elif level.role != "owner" and level.person in first_as:
            yield _same_person(first_as[level.person], level)
        else:
            first_as[level.person] = level


def _same_person(before: Level, again: Level) -> ChainProblem:
    if (before.role, again.role) == ("assignee", "backup"):
        return ChainProblem(
            "backup_is_responsible",
            say(
                "%(name)s is both responsible and backup. Name somebody else as the backup.",
                name=again.name,
            ),
        )
    return ChainProblem(
        "person_twice",
        say(
            "%(name)s is in the chain twice. Name somebody else as the %(role)s.",
            name=again.name,
            role=say(_WORDS[again.role]),
        ),
    )


def _wait_problems(chain: Sequence[Level]) -> Iterator[ChainProblem]:
    for level in chain:
        if problem := _wait_problem(level):
            yield problem


def _wait_problem(level: Level) -> ChainProblem | None:
    if level.wait < timedelta(0):
        return ChainProblem(
            "negative_wait", say("The wait before %(level)s is below zero.", level=level.name)
        )
    if level.wait > LONGEST_WAIT:
        return ChainProblem(
            "wait_too_long", say("The wait before %(level)s is over a year.", level=level.name)
        )
    if level.wait % _MINUTE:
        return ChainProblem(
            "wait_part_minute",
            say("Give the wait before %(level)s in whole minutes.", level=level.name),
        )
    if level.role == "assignee" and level.wait:
        return ChainProblem(
            "responsible_waits",
            say(
                "%(level)s is responsible from the start, so give no wait there.", level=level.name
            ),
        )
    return None
