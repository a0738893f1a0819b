"""What keeps a definition from being saved: every fault at once, by field, as a sentence.

Fields are named `name`, `locations`, `cadence`, `starts_on`, `deadline`, `opens_days_before`,
`grace`, `remind`, `reached_within`, `review`, `wording`, `chain`, `chain.<role>`,
`chain.<role>.after`, `steps`, `steps[<index>].<part>`; parts of what a step waits for are
`only_if.step`, `only_if.is`, `only_if.value`, `after.step`, `after.wait`, `after.due`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Location, Person, Process, ProcessVersion
from webapp.rules.cadence import CadenceError, load_zone
from webapp.rules.sentences import say
from webapp.services.definitions import stations, steps, times, wordings
from webapp.services.definitions.draft import ProcessDraft
from webapp.services.definitions.fault import Fault
from webapp.services.definitions.stations import Named
from webapp.services.places import Place

LONGEST_NAME = 120


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


def faults(
    draft: ProcessDraft, known: Around, now: datetime, current: ProcessVersion | None
) -> dict[str, str]:
    """Every fault of the draft, by field; empty when it may follow the version `current`."""
    found: dict[str, str] = {}
    for field, sentence in (
        *_name(draft.name, known.processes, current.process if current else None),
        *_locations(draft.locations, known.places),
        *times.faults(draft, known.places, now, current),
        *stations.faults(draft.chain, known.people),
        *steps.faults(draft.steps),
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
        *times.faults(draft, places, now, current),
        *stations.faults_to_play(draft.chain, people),
    ):
        found.setdefault(field, sentence)
    return found


def places_of(session: Session, org_id: str, wanted: Sequence[str]) -> dict[str, Location]:
    """The organisation's locations among the wanted ids or names, keyed as they were wanted."""
    rows = session.scalars(select(Location).where(Location.org_id == org_id)).all()
    known = {row.name: row for row in rows} | {row.id: row for row in rows}
    return {key: known[key] for key in wanted if key in known}


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
