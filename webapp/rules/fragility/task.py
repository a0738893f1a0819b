"""A recurring task as far as it is known, whoever knows it."""

from dataclasses import dataclass
from typing import NamedTuple

# How somebody would know that it was not done; only the first leaves something to look at.
PROOF, TOLD, OUTSIDE, LUCK, TAP = "proof", "told", "outside", "luck", "tap"
HIGH, SOME, LITTLE = "high", "some", "little"


class Share(NamedTuple):
    """So many of so many: runs, or days."""

    num: int
    of: int


@dataclass(frozen=True, slots=True)
class Task:
    """A recurring task as far as it is known; None is not known, and is never held against it.

    `who` and `stand_in` are names, or "" for nobody in particular. `missed` and `fell` count runs
    of the last weeks that were missed and that ended with the owner; where only words are known,
    `was_missed` and `fell_lately`. `uncovered` counts the planned runs for which only the owner is
    there; `reaches` says whether anything would tell anyone before the owner.
    """

    key: str
    name: str
    who: str | None = None
    stand_in: str | None = None
    who_is_owner: bool = False
    stand_in_is_owner: bool = False
    known_by: str | None = None
    noticed_by: str | None = None
    harm: str | None = None
    was_missed: bool | None = None
    fell_lately: bool | None = None
    missed: Share | None = None
    fell: Share | None = None
    uncovered: Share | None = None
    reaches: bool | None = None

    @property
    def hurts(self) -> bool:
        """Whether it does serious harm, or was missed lately."""
        return self.harm == HIGH or bool(self.was_missed) or bool(self.missed and self.missed.num)
