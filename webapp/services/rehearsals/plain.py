"""Playing a draft with people and places that are plain values; nothing here asks a database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from webapp.models import ProcessVersion
from webapp.problems import Problem
from webapp.rules import cadence
from webapp.rules.chain import Chain, Level, wait_of
from webapp.rules.course import Course, Occasion, Someone
from webapp.rules.holding import Terms
from webapp.rules.later_ahead import Ahead, ahead
from webapp.rules.opening_hours import Hours
from webapp.rules.planning import PlannedRun, plan
from webapp.rules.rehearsal import rehearse
from webapp.rules.reminder import remind_at
from webapp.rules.sentences import say
from webapp.services import calendars
from webapp.services.definitions.check import faults_to_play
from webapp.services.definitions.draft import ProcessDraft
from webapp.services.definitions.later import steps_ahead
from webapp.services.definitions.preview import schedule_of
from webapp.services.definitions.rows import settled_chain
from webapp.services.places import Place

DAYS = 7
MOST_DAYS = 400
DAY = timedelta(days=1)
# A chain has three waits of at most 31 days; what its people need is known for that long.
LONGEST_CHAIN = 100 * DAY


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One due time at one place, by its key there, and what becomes of it.

    `step` is the one that is due then, where that is a later one with a time of its own.
    """

    place: str
    occurrence: str
    occasion: Occasion
    course: Course
    step: Ahead | None = None

    @property
    def deadline_at(self) -> datetime:
        """When it is due."""
        return self.occasion.terms.deadline_at

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the place."""
        return self.occasion.hours.zone


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What becomes of a process from `since` to `until`, the next due time first.

    `people` and `places` are by the keys that `runs` name. `conditional` are the steps that only
    an answer opens: they are due with their run, and nobody misses one before that.
    `opens_with_its_day`: no time is set at which it opens.
    """

    name: str
    process_id: str | None
    since: datetime
    until: datetime
    people: Mapping[str, Someone]
    places: Mapping[str, Place]
    runs: tuple[Rehearsed, ...]
    conditional: tuple[Ahead, ...] = ()
    opens_with_its_day: bool = False

    @property
    def dead_ends(self) -> list[Rehearsed]:
        """The due times at which somebody cannot be told, or not in time, the next one first."""
        return [run for run in self.runs if run.course.dead_ends]


class Due(NamedTuple):
    """What is due of one occurrence, by its key: all that opened with it, or one later step."""

    occurrence: str
    occasion: Occasion
    step: Ahead | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What there is of a saved process already: its version, and what has begun, by place.

    `open` is what is still due of what has begun.
    """

    version: ProcessVersion
    begun: Mapping[str, Sequence[PlannedRun]] = field(default_factory=dict)
    open: Mapping[str, Sequence[Due]] = field(default_factory=dict)


def of_plain_draft(
    draft: ProcessDraft,
    people: Mapping[str, Someone],
    places: Mapping[str, Place],
    owner: str,
    now: datetime,
    days: int = DAYS,
    past: Past | None = None,
) -> Rehearsal:
    """Play every due time of the draft from now on for so many days, as if nobody did anything.

    `people` are by the ids that the draft's chain names, `places` by what its locations name, and
    `owner` is the id of who comes last. Raises "process_not_valid" with what must be mended first,
    by field as in a definition's faults, and "not_valid" for other than 1 to 400 days.
    """
    check_days(days)
    _check(draft, people, {key: places[key] for key in draft.locations if key in places}, now, past)
    stage = _Stage(draft, people, _chain(draft, people, owner), now, now + days * DAY, past)
    runs = [run for key in dict.fromkeys(draft.locations) for run in stage.at(key, places[key])]
    return Rehearsal(
        name=draft.name,
        process_id=past.version.process_id if past else None,
        since=now,
        until=stage.until,
        people=people,
        places=places,
        runs=tuple(sorted(runs, key=lambda run: (run.deadline_at, run.place))),
        conditional=tuple(each for each in stage.later(now) if each.opens_at is None),
        opens_with_its_day=draft.opens is None,
    )


def check_days(days: int) -> None:
    """Raise "not_valid" for other than 1 to 400 days."""
    if not 1 <= days <= MOST_DAYS:
        words = say("Rehearse 1 to %(most)s days.", most=MOST_DAYS)
        raise Problem("not_valid", words, fields={"days": words})


def _check(
    draft: ProcessDraft,
    people: Mapping[str, Someone],
    places: Mapping[str, Place],
    now: datetime,
    past: Past | None,
) -> None:
    current = past.version if past else None
    if wrong := faults_to_play(draft, people, places, now, current):
        raise Problem("process_not_valid", fields=wrong)


def _chain(draft: ProcessDraft, people: Mapping[str, Someone], owner: str) -> Chain:
    return tuple(
        Level(
            level.role,
            level.person_id or owner,
            people[level.person_id or owner].name,
            wait_of(level.role, level.wait_minutes, draft.grace_minutes),
        )
        for level in settled_chain(draft)
    )


@dataclass(frozen=True, slots=True)
class _Stage:
    """What is the same for every due time of one rehearsal."""

    draft: ProcessDraft
    people: Mapping[str, Someone]
    chain: Chain
    now: datetime
    until: datetime
    past: Past | None

    def at(self, key: str, place: Place) -> Iterator[Rehearsed]:
        """What is due at this place, the runs that are open already among it."""
        hours = hours_of(place, self.now, self.until)
        standing = self.past.open.get(key, ()) if self.past else ()
        coming = (due for each in self._due(key, place) for due in self._dues(each, hours))
        for occurrence, occasion, step in (*standing, *coming):
            yield Rehearsed(key, occurrence, occasion, rehearse(occasion, self.people), step)

    def later(self, deadline_at: datetime) -> Iterator[Ahead]:
        """The later steps of a run that is due then and has not begun."""
        return ahead(steps_ahead(self.draft.steps), deadline_at, self.now)

    def _dues(self, due: cadence.Occurrence, hours: Hours) -> Iterator[Due]:
        """All that opens with it, and each later step that has a time of its own."""
        yield Due(due.key, self._occasion(due, hours))
        for step in self.later(due.deadline_at):
            if step.opens_at is not None:
                terms = Terms(self.chain, step.deadline_at, self.draft.reached_within_minutes)
                yield Due(due.key, announced(terms, step.opens_at, hours), step)

    def _due(self, key: str, place: Place) -> list[cadence.Occurrence]:
        """What the schedule wants, without what has begun: as planning would see it."""
        current = self.past.version if self.past else None
        schedule = schedule_of(self.draft, place, self.now, current)
        assert schedule is not None, "a draft without faults says when it is due"
        wanted = calendars.due_between(schedule, place, self.now, self.until)
        begun = self.past.begun.get(key, ()) if self.past else ()
        several = cadence.several_a_day(schedule)
        return plan(wanted, begun, self.now, several_a_day=several).create

    def _occasion(self, due: cadence.Occurrence, hours: Hours) -> Occasion:
        """What should have opened already opens now."""
        draft = self.draft
        return Occasion(
            terms=Terms(self.chain, due.deadline_at, draft.reached_within_minutes),
            opens_at=max(due.opens_at, self.now),
            remind_at=remind_at(due.opens_at, due.deadline_at, draft.remind_minutes),
            hours=hours,
        )


def announced(terms: Terms, opens_at: datetime, hours: Hours) -> Occasion:
    """Return how a step is due that opens in the midst of its run; the run's reminder is over."""
    return Occasion(terms, opens_at, None, hours, is_announced=True)


def hours_of(place: Place, since: datetime, until: datetime) -> Hours:
    """When a place is open, and on which dates not, as long as a chain may go on after `until`."""
    first, last = (since - 2 * DAY).date(), (until + LONGEST_CHAIN).date()
    closed = calendars.closed_at(place, first, last)
    return Hours(cadence.load_zone(place.time_zone), place.opens, place.closes, closed)
