"""What chain lint looks at, as plain values, and what it says."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

ERROR, WARNING = "error", "warning"


class Link(NamedTuple):
    """A page where something is mended: "people", "processes", or "away" or "location" by id."""

    page: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a definition that may let work slip.

    `code` is stable, `field` as in `services.definitions.check`; an error keeps it from being
    saved, a warning never does. `mend` says what to do; it is empty where `sentence` says it.
    """

    code: str
    field: str
    sentence: str
    mend: str = ""
    link: Link | None = None
    severity: str = WARNING


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the chain and what is known of its person.

    `works_at` holds ids of locations, None for everywhere; on the local dates `gone` they are
    away, or every location of theirs is closed. The wait is that of `rules.chain.Level`.
    """

    role: str
    person: str
    name: str
    wait: timedelta
    works_at: frozenset[str] | None = None
    gone: frozenset[date] = frozenset()
    has_device: bool = True
    has_joined: bool = True


class LaterDue(NamedTuple):
    """When the step of that index in the definition is due, if what it follows is done on time."""

    step: int
    title: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A location of the process: its opening hours, and when the work is due there next.

    `dues` are aware, in the location's own zone, in their order; `hours` are None where the
    location does not say them. Hours that end before they begin go on past midnight. `later` are
    the steps that are due at a time of their own.
    """

    id: str
    name: str
    dues: tuple[datetime, ...] = ()
    hours: tuple[time, time] | None = None
    later: tuple[LaterDue, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which one person has the steps of one run.

    As the responsible person from its opening to its deadline, as the backup from the first
    handoff to the next. `first` and `last` are aware.
    """

    process: str
    place: str
    person: str
    role: str
    steps: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """A definition with what surrounds it.

    `chain` ends with the owner and may lack stations that are not named yet. `today` is the local
    date at the first location; `windows` are those of this definition, `others` those of all
    others, and `proofs` the kinds of its steps' proofs in their order. `opens` is the time of day
    at which it opens, where one is given and no number of days before.
    """

    chain: tuple[Station, ...]
    today: date
    places: tuple[Place, ...] = ()
    proofs: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    others: tuple[Window, ...] = ()
    opens: time | None = None

    def station(self, role: str) -> Station | None:
        """The station of that role, where it is named."""
        return next((each for each in self.chain if each.role == role), None)
