"""Years of an organisation of many locations, up to this morning, on a database of its own."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bench.years import crew
from tests.bench.years.copies import Chain, Place, Rows, copy_day
from tests.bench.years.loading import loading
from tests.bench.years.played import GROUP_MARK, Phones, Played
from tests.bench.years.template import Day, day_of
from webapp import context, create_app, database
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import (
    Event,
    Location,
    Person,
    Process,
    ProcessVersion,
    RecordHead,
    Step,
    StepRun,
    TestClock,
)
from webapp.services import commands
from webapp.services.planning import HORIZON
from worker.duties import tick

# This morning: the first processes of the day are open, and nothing is due yet.
NOW = datetime(2026, 11, 23, 6, 45, tzinfo=UTC)
DAYS_AT_ONCE = 4
PHOTOS_TODAY = 5
Says = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Model:
    """What was played: its days, the day that is planned only, and its ids that copies share."""

    days: Sequence[Day]
    planned: Day
    shared: dict[str, str]


@contextmanager
def application(directory: Path, url: str | None = None) -> Iterator[Session]:
    """Lend a session on an empty database of its own."""
    directory.mkdir(parents=True, exist_ok=True)
    given = {"BATON_DATA_DIR": str(directory), "BATON_TEST_CLOCK": "1"} | (
        {"DATABASE_URL": url} if url else {}
    )
    settings = Settings.from_env(given)
    database.upgrade(settings)
    with create_app(settings).app_context():
        yield db.session()
        db.session.remove()
        db.engine.dispose()


def model(days: int, names: Sequence[str] = crew.NAMES) -> Model:
    """Play so many days at one location."""
    with (
        tempfile.TemporaryDirectory() as directory,
        application(Path(directory)) as session,
    ):
        played = Played(session, days, names)
        played.play()
        shared = _shared(session, played.owner, GROUP_MARK, played.group.places[0])
        dates = [each.date() for each in (*played.days, played.planned_day)]
        known = list(shared.values())
        found = [day_of(session.connection(), each, known) for each in dates]
        return Model(found[:-1], found[-1], shared)


def fill(
    session: Session,
    made: Model,
    locations: int,
    days: int,
    names: Sequence[str] = crew.NAMES,
    says: Says = print,
) -> Person:
    """Make the organisation and so many days of it before today; return its owner."""
    since = datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC) - timedelta(days=days)
    owner = crew.begin(session, "Fifty Places", since)
    places = list(_places(session, owner, made, locations, since, names))
    session.commit()
    says(f"{locations} locations, {len(places[0].shared)} shared ids each")
    _copy(session, owner.org_id, made, places, since, days, says)
    tick(session, NOW - timedelta(minutes=10))
    _begin_today(session, owner.org_id)
    tick(session, NOW)
    session.add(TestClock(id=1, shows=NOW))
    session.commit()
    return owner


def _begin_today(session: Session, org_id: str) -> None:
    """Some photos were given this morning, and wait for review."""
    phones = Phones(session, context.settings().blob_dir, Random(1))
    given = select(StepRun).where(
        StepRun.org_id == org_id,
        StepRun.state == "open",
        StepRun.requirement["kind"].as_string() == "photo",
    )
    for step_run in session.scalars(given.order_by(StepRun.id).limit(PHOTOS_TODAY)).unique().all():
        assert step_run.holder is not None, "an open step has a holder"
        phones.complete(step_run.holder, step_run, NOW - timedelta(minutes=5))
        session.commit()


def _places(
    session: Session,
    owner: Person,
    made: Model,
    locations: int,
    since: datetime,
    names: Sequence[str],
) -> Iterator[Place]:
    for first in range(0, locations, crew.LOCATIONS_A_CREW):
        mark = f"{first // crew.LOCATIONS_A_CREW + 1:02d}"
        numbers = range(first, min(first + crew.LOCATIONS_A_CREW, locations))
        marks = [f"{number + 1:03d}" for number in numbers]
        group = crew.group(session, owner, mark, marks, since, names)
        _phones(session, group, since)
        for number, place in zip(numbers, group.places, strict=True):
            here = _shared(session, owner, mark, place)
            assert here.keys() == made.shared.keys(), "a copy has all that the model has"
            shared = [here[each] for each in made.shared]
            yield Place(number, (*shared, mark, place.name.split()[-1]))


def _phones(session: Session, group: crew.Group, since: datetime) -> None:
    """The phones that the copies' commands come from."""
    for person in group.people.values():
        device_id = f"{person.name.lower()}-phone-{person.org_id}"
        commands.known_device(session, person, device_id, since).kind = "Android phone"


def _shared(session: Session, owner: Person, mark: str, place: Location) -> dict[str, str]:
    """The ids that stand for the same in each group, by what they are."""

    def known_as(name: str) -> str:
        return name.removesuffix(f" {mark}")

    people = select(Person.name, Person.id).where(
        Person.org_id == owner.org_id, Person.name.endswith(f" {mark}")
    )
    versions = (
        select(Process.name, Process.id, ProcessVersion.id)
        .join(ProcessVersion, ProcessVersion.process_id == Process.id)
        .where(Process.org_id == owner.org_id, Process.name.endswith(f" {mark}"))
    )
    found = {"organisation": owner.org_id, "owner": owner.id, "place": place.id}
    found |= {f"person {known_as(name)}": own for name, own in session.execute(people)}
    for name, process_id, version_id in session.execute(versions).all():
        found |= {f"process {known_as(name)}": process_id, f"version {known_as(name)}": version_id}
        steps = select(Step.position, Step.key).where(Step.version_id == version_id)
        found |= {f"step {known_as(name)} {n}": key for n, key in session.execute(steps)}
    return dict(sorted(found.items()))


def _copy(
    session: Session,
    org_id: str,
    made: Model,
    places: Sequence[Place],
    since: datetime,
    days: int,
    says: Says,
) -> None:
    head = session.get_one(RecordHead, org_id)
    chain, rng = Chain(org_id, head.seq, head.hash), Random(days)
    session.commit()
    with loading(session.get_bind()) as writer:
        for first in range(0, days, DAYS_AT_ONCE):
            written: Rows = {}
            for number in range(first, min(first + DAYS_AT_ONCE, days)):
                on = (since + timedelta(days=number)).date()
                copy_day(made.days, places, on, chain, rng, written)
            writer.write(written)
            if first // DAYS_AT_ONCE % 50 == 0:
                says(f"{first} of {days} days, {chain.seq:,} events")
        ahead: Rows = {}
        for number in range(HORIZON.days):
            copy_day(
                [made.planned], places, (NOW + timedelta(days=number)).date(), chain, rng, ahead
            )
        writer.write(ahead)
    head = session.get_one(RecordHead, org_id, populate_existing=True)
    head.seq, head.hash = chain.seq, chain.hash
    session.commit()


def count_of_events(session: Session) -> int:
    """How long the record is."""
    return session.scalar(select(func.max(Event.seq))) or 0
