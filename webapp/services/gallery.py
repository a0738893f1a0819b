"""The photos that proved steps, over all locations that somebody looks after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from webapp.models import (
    Blob,
    Location,
    Person,
    Process,
    ProcessVersion,
    Proof,
    Run,
    Step,
    StepRun,
    StepWording,
)
from webapp.services import reach

PER_PAGE = 60
# Beyond that the page says only that there are more.
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which photos; every part is optional. `days`: given in so many days of 24 hours before now.

    `step` is the title of a step, `page` counts from 1.
    """

    location_id: str = ""
    process_id: str = ""
    step: str = ""
    person_id: str = ""
    days: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo, and the one of the same step that was sent back before it, if there is one."""

    proof: Proof
    step_run: StepRun
    before: Proof | None


@dataclass(frozen=True, slots=True)
class Page:
    """The photos of one page, the newest first, and whether older ones follow.

    `of` is how many there are on all pages, counted up to `COUNTED` and one more.
    """

    photos: Sequence[Shown]
    has_older: bool
    of: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from: processes and steps with photos, and who gave some."""

    processes: Sequence[Process]
    steps: Sequence[str]
    people: Sequence[Person]


def page(session: Session, asking: Person, wanted: Wanted, now: datetime) -> Page:
    """Return the photos of the page that an owner, or a manager of their locations, asks for."""
    query = _narrowed(_visible(asking), wanted, now)
    ordered = query.order_by(Proof.received_at.desc(), Proof.id.desc())
    # The newest are counted, since they lie together; of any others each is somewhere else.
    counted = ordered.with_only_columns(Proof.id).limit(COUNTED + 1).subquery()
    of = session.scalar(select(func.count()).select_from(counted)) or 0
    first = (wanted.page - 1) * PER_PAGE
    found = session.execute(ordered.offset(first).limit(PER_PAGE + 1)).unique().all()
    shown = found[:PER_PAGE]
    before = _sent_back(session, [step_run.id for _, step_run in shown])
    photos = [
        Shown(proof, step_run, before.get(step_run.id) if proof.state == "current" else None)
        for proof, step_run in shown
    ]
    return Page(photos, len(found) > len(shown), of)


def choices(session: Session, asking: Person, process_id: str = "") -> Choices:
    """Return what the photos that `asking` sees can be narrowed to; steps of that process.

    Processes and steps are those that ask for photos, as they are defined: looking through all
    photos for them would take longer with every day.
    """
    asks = _asking_for_photos(asking)
    titles = asks.where(ProcessVersion.process_id == process_id) if process_id else asks
    processes = asks.with_only_columns(ProcessVersion.process_id)
    named = select(Process).where(Process.id.in_(processes)).order_by(Process.name)
    people = select(Person).where(Person.org_id == asking.org_id, _has_given(asking))
    return Choices(
        session.scalars(named).unique().all(),
        sorted({title for row in session.execute(titles) for title in row if title}),
        session.scalars(people.order_by(Person.name)).unique().all(),
    )


def _asking_for_photos(asking: Person) -> Select[str, str | None]:
    """The titles of the steps, in every version and wording, whose proof is a photo."""
    query = (
        select(Step.title, StepWording.title)
        .join(ProcessVersion, ProcessVersion.id == Step.version_id)
        .join(Process, Process.id == ProcessVersion.process_id)
        .outerjoin(StepWording, StepWording.step_id == Step.id)
        .where(Process.org_id == asking.org_id, Step.proof_kind == "photo")
    )
    if asking.role == "owner":
        return query
    mine = [place.id for place in asking.locations]
    return query.where(ProcessVersion.locations.any(Location.id.in_(mine)))


def _has_given(asking: Person) -> ColumnElement[bool]:
    """Whether somebody has given a photo that `asking` sees."""
    given = select(Proof.id).where(Proof.person_id == Person.id, Proof.kind == "photo")
    if asking.role == "owner":
        return given.exists()
    seen = given.join(StepRun, StepRun.id == Proof.step_run_id).join(Run, Run.id == StepRun.run_id)
    return reach.of_runs(asking, seen).exists()


def _visible(asking: Person) -> Select[Proof, StepRun]:
    """Photos whose bytes are here; one that was sent back stands beside what came after it."""
    after = aliased(Proof)
    came_after = exists().where(after.step_run_id == Proof.step_run_id, after.state == "current")
    query = (
        select(Proof, StepRun)
        .join(StepRun, StepRun.id == Proof.step_run_id)
        .join(Run, Run.id == StepRun.run_id)
        .join(Blob, (Blob.org_id == Proof.org_id) & (Blob.sha256 == Proof.blob_sha256))
        .where(
            Proof.org_id == asking.org_id,
            Proof.kind == "photo",
            Blob.width.is_not(None),
            Blob.erased_at.is_(None),
            or_(Proof.state == "current", (Proof.state == "sent_back") & ~came_after),
        )
    )
    return reach.of_runs(asking, query)


def _narrowed(
    query: Select[Proof, StepRun], wanted: Wanted, now: datetime | None
) -> Select[Proof, StepRun]:
    parts = (
        (Run.location_id, wanted.location_id),
        (Run.process_id, wanted.process_id),
        (StepRun.title, wanted.step),
        (Proof.person_id, wanted.person_id),
    )
    query = query.where(*(column == value for column, value in parts if value))
    if wanted.days is None or now is None:
        return query
    return query.where(Proof.received_at >= now - timedelta(days=wanted.days))


def _sent_back(session: Session, step_run_ids: list[str]) -> dict[str, Proof]:
    """The last photo of each of these that was sent back."""
    query = (
        select(Proof)
        .join(Blob, (Blob.org_id == Proof.org_id) & (Blob.sha256 == Proof.blob_sha256))
        .where(
            Proof.step_run_id.in_(step_run_ids),
            Proof.kind == "photo",
            Proof.state == "sent_back",
            Blob.width.is_not(None),
            Blob.erased_at.is_(None),
        )
        .order_by(Proof.received_at, Proof.id)
    )
    return {proof.step_run_id: proof for proof in session.scalars(query).unique()}
