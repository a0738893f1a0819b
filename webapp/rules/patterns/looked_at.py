"""What patterns are looked for in, and what is found: plain facts, no sentence."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """One step in one run that is over or failed already.

    `first` is who was to do it, `closer` who did; `first_away`: it was known that they were away.
    `at_the_end`: it was closed in time, in the last tenth of what there was.
    """

    step_run: str
    run: str
    step: str
    title: str
    place: str
    due_at: datetime
    failed: str = ""
    first: str = ""
    closer: str = ""
    first_away: bool = False
    at_the_end: bool = False


@dataclass(frozen=True, slots=True)
class Noted:
    """A fix note of a step at a place, in its own words."""

    id: str
    step: str
    place: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class HeldDay:
    """A day on which somebody held steps first, and whether their phone was dark then."""

    day: date
    dark: bool
    run: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """All that an organisation's look goes over: the chances are taken over the whole of it.

    `steps` at each of their places, `processes` at each of theirs, `people` who hold steps.
    """

    steps: int
    processes: int
    people: int


@dataclass(frozen=True, slots=True)
class Found:
    """Something that luck does not explain well.

    `subject` says what it is about within the organisation, so that it stays the same pattern from
    night to night. `times` of `of` is the count; `chance` is that of seeing such a thing anywhere
    in the organisation within a month by luck alone. `is_over`: so many clean runs came since.
    """

    kind: str
    place: str
    times: int
    of: int
    chance: float
    process: str = ""
    person: str = ""
    is_over: bool = False
    runs: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """What stays the same from night to night."""
        return ":".join((self.kind, self.process, self.place, self.person))

    @property
    def share(self) -> float:
        """How much of what was looked at."""
        return self.times / self.of if self.of else 1.0
