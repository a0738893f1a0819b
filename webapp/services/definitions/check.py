"""What keeps a definition from being saved: every fault at once, by field, as a sentence.

Fields are named `name`, `locations`, `cadence`, `deadline`, `opens_days_before`, `grace`,
`remind`, `reached_within`, `review`, `wording`, `chain`, `chain.<role>`, `chain.<role>.after`,
`steps`, `steps[<index>].<part>`; parts of what a step waits for are `only_if.step`, `only_if.is`,
`only_if.value`, `after.step`, `after.wait`, `after.due`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Location, Person, Process, ProcessVersion
from webapp.models.process import REVIEW_POLICIES
from webapp.rules import chain
from webapp.rules.cadence import CadenceError, Schedule, check_schedule, load_zone
from webapp.rules.deadline import LONGEST_WAIT
from webapp.rules.proof_gate import (
    KINDS,
    ProofError,
    Requirement,
    requirement_from_json,
    requirement_to_json,
)
from webapp.rules.sentences import say
from webapp.services.definitions import later, wordings
from webapp.services.definitions.draft import DraftLevel, DraftStep, ProcessDraft, normal_rule
from webapp.services.places import Place

LONGEST_NAME = 120
MOST_STEPS = 60
MOST_DAYS_BEFORE = 31

Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Around:
    """Whom and what a draft may name: places as they were wanted, people by id, other processes."""

    places: Mapping[str, Location]
    people: Mapping[str, Person]
    processes: Sequence[Process] = ()


def around(session: Session, org_id: str, draft: ProcessDraft) -> Around:
    """What the draft may name in its organisation."""
    people = session.scalars(select(Person).where(Person.org_id == org_id))
    processes = session.scalars(select(Process).where(Process.org_id == org_id))
    return Around(
        places_of(session, org_id, draft.locations),
        {person.id: person for person in people},
        processes.all(),
    )


class Named(Protocol):
    """A person as far as a chain's faults name them."""

    @property
    def name(self) -> str:
        """What others call them."""


def faults(
    draft: ProcessDraft, known: Around, now: datetime, current: ProcessVersion | None
) -> dict[str, str]:
    """Every fault of the draft, by field; empty when it may follow the version `current`."""
    found: dict[str, str] = {}
    for field, sentence in (
        *_name(draft.name, known.processes, current.process if current else None),
        *_locations(draft.locations, known.places),
        *_cadence(draft, known.places, now, current),
        *_times(draft),
        *_people(draft.chain, known.people),
        *_steps(draft.steps),
        *wordings.faults(draft, known.places.values()),
    ):
        found.setdefault(field, sentence)
    return found


def faults_to_play(
    draft: ProcessDraft,
    people: Mapping[str, Named],
    places: Mapping[str, Location | Place],
    now: datetime,
    current: ProcessVersion | None,
) -> dict[str, str]:
    """What keeps a draft from being played, by field; who has left may stand in its chain."""
    found: dict[str, str] = {}
    for field, sentence in (
        *_locations(draft.locations, places),
        *_cadence(draft, places, now, current),
        *_times(draft),
        *_unknown(draft.chain, people),
        *_chain(draft.chain, people),
    ):
        found.setdefault(field, sentence)
    return found


def places_of(session: Session, org_id: str, wanted: Sequence[str]) -> dict[str, Location]:
    """The organisation's locations among the wanted ids or names, keyed as they were wanted."""
    rows = session.scalars(select(Location).where(Location.org_id == org_id)).all()
    known = {row.name: row for row in rows} | {row.id: row for row in rows}
    return {key: known[key] for key in wanted if key in known}


def starts_on(
    rrule: str, place: Location | Place, now: datetime, current: ProcessVersion | None
) -> date:
    """The date from which the rule counts: today at the place, or since the rule was given.

    A rule keeps its start for as long as it stays the same, so "every 2 weeks" keeps its phase.
    """
    if current is not None and current.rrule == rrule:
        return current.starts_on
    return now.astimezone(load_zone(place.time_zone)).date()


def _name(name: str, others: Iterable[Process], process: Process | None) -> Iterator[Fault]:
    wanted = " ".join(name.split())
    if not wanted:
        yield "name", say("Give the process a name.")
    elif len(wanted) > LONGEST_NAME:
        yield "name", say("Use a name of at most %(most)s characters.", most=LONGEST_NAME)
    elif taken := _of_that_name(wanted, others, process):
        yield (
            "name",
            (
                say(
                    "A retired process is called “%(taken)s”. Choose another name.",
                    taken=taken.name,
                )
                if taken.retired_at
                else say(
                    "There is a process called “%(taken)s” already. Choose another name.",
                    taken=taken.name,
                )
            ),
        )


def _of_that_name(name: str, others: Iterable[Process], process: Process | None) -> Process | None:
    for other in others:
        if other is not process and other.name.casefold() == name.casefold():
            return other
    return None


def _locations(wanted: Sequence[str], places: Mapping[str, Location | Place]) -> Iterator[Fault]:
    if not wanted:
        yield "locations", say("Choose at least one location.")
    for key in wanted:
        if key not in places:
            yield "locations", say("There is no location called “%(key)s”. Add it first.", key=key)
    for place in places.values():
        try:
            load_zone(place.time_zone)
        except CadenceError as error:
            yield "locations", f"{place.name}: {error}"


def _cadence(
    draft: ProcessDraft,
    places: Mapping[str, Location | Place],
    now: datetime,
    current: ProcessVersion | None,
) -> Iterator[Fault]:
    if not draft.rrule.strip():
        yield "cadence", say("Say how often it is due, like “every weekday”.")
        return
    try:
        rrule = normal_rule(draft.rrule)
        for place in list(places.values())[:1]:
            start = starts_on(rrule, place, now, current)
            check_schedule(Schedule(rrule, draft.deadline or time(12), start))
    except CadenceError as error:
        if error.code == "impossible_rrule":
            yield "cadence", str(error)


def _times(draft: ProcessDraft) -> Iterator[Fault]:
    if draft.deadline is None:
        yield "deadline", say("Say by what time it must be done, like 07:15.")
    if not 0 <= draft.opens_days_before <= MOST_DAYS_BEFORE:
        yield (
            "opens_days_before",
            say("A run opens 0 to %(most)s days before its date.", most=MOST_DAYS_BEFORE),
        )
    if words := _wait_fault(draft.grace_minutes):
        yield "grace", words
    for field, minutes in (
        ("remind", draft.remind_minutes),
        ("reached_within", draft.reached_within_minutes),
    ):
        if minutes is not None and (words := _wait_fault(minutes)):
            yield field, words
    if draft.review not in REVIEW_POLICIES:
        yield "review", say("The review must be none, photos, risky or all.")


def _wait_fault(minutes: int) -> str | None:
    if minutes < 0:
        return say("A wait cannot be below zero.")
    if minutes > LONGEST_WAIT:
        return say("Wait 31 days at most.")
    return None


_CHAIN_FIELDS = {
    "no_responsible": "chain.assignee",
    "no_backup": "chain.backup",
    "backup_is_responsible": "chain.backup",
    "person_twice": "chain.fallback",
}


def chain_problems(
    levels: Sequence[DraftLevel], people: Mapping[str, Named]
) -> list[chain.ChainProblem]:
    """What the rule of chains says against the draft's; `people` by id."""
    return chain.problems(_stations(levels, people))


def _people(levels: Sequence[DraftLevel], people: Mapping[str, Person]) -> Iterator[Fault]:
    for level in levels:
        if level.role != "owner" and level.person_id:
            yield from _person(level.role, people.get(level.person_id))
    yield from _chain(levels, people)


def _chain(levels: Sequence[DraftLevel], people: Mapping[str, Named]) -> Iterator[Fault]:
    for level in levels:
        words = _wait_fault(level.wait_minutes)
        if words and level.role != "backup":  # the backup's wait is the grace
            yield f"chain.{level.role}.after", words
    for problem in chain_problems(levels, people):
        yield _CHAIN_FIELDS.get(problem.code, "chain"), problem.message


def _unknown(levels: Sequence[DraftLevel], people: Mapping[str, Named]) -> Iterator[Fault]:
    for level in levels:
        if level.person_id and level.person_id not in people:
            yield from _person(level.role, None)


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


def _steps(steps: Sequence[DraftStep]) -> Iterator[Fault]:
    if not steps:
        yield "steps", say("Add at least one step.")
    if len(steps) > MOST_STEPS:
        yield (
            "steps",
            say("A process has at most %(most)s steps. Make two processes of it.", most=MOST_STEPS),
        )
    for index, step in enumerate(steps):
        for part, sentence in (
            *_title(step.title.strip()),
            *_requirement(step.requirement),
            *later.faults(index, steps),
        ):
            yield f"steps[{index}].{part}", sentence


def _title(title: str) -> Iterator[Fault]:
    if not title:
        yield "title", say("Say what is to be done in this step.")
    elif len(title) > wordings.LONGEST_TITLE:
        yield "title", wordings.too_long()


def _requirement(wanted: Requirement) -> Iterator[Fault]:
    ranged = wanted.minimum is not None or wanted.maximum is not None
    if wanted.kind not in KINDS:
        yield (
            "proof",
            say(
                "“%(kind)s” is no proof. Use one of %(kinds)s.",
                kind=wanted.kind,
                kinds=", ".join(KINDS),
            ),
        )
        return
    if wanted.kind != "number" and (ranged or wanted.unit or wanted.if_outside):
        limit = "min" if wanted.minimum is not None else "max"
        part = limit if ranged else "unit" if wanted.unit else "if_outside"
        yield part, say("Only a number has a unit and a range. Choose number as the proof.")
    elif wanted.if_outside and not ranged:
        yield "if_outside", say("Say which numbers are fine, or leave out what to do outside them.")
    if wanted.kind != "timed" and wanted.min_seconds:
        yield "min_seconds", say("Only a timed check has a least time. Choose timed as the proof.")
    if wanted.kind != "scan" and wanted.scan_code:
        yield "scan_code", say("Only a scan has a code. Choose scan as the proof.")
    try:
        requirement_from_json(requirement_to_json(wanted))
    except ProofError as problem:
        yield "min" if problem.code == "range_empty" else "min_seconds", problem.message
