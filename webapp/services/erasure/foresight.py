"""What erasing a person would take, said before anybody does it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Person, Process, ProcessVersion, Proof, Step
from webapp.services.erasure import events, obstacles, photos, trace


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How many events lose their words, how many proofs, signatures and photos are theirs.

    `named_in` are processes whose texts hold the name; they stay as they are. `obstacles` are
    sentences about what must be settled first.
    """

    events: int
    proofs: int
    signatures: int
    photos: int
    named_in: tuple[str, ...]
    obstacles: tuple[str, ...]


def foresee(session: Session, person: Person) -> Foreseen:
    """Return what erasing the person would take, and what stands in the way."""
    known = trace.of(session, person)
    given = select(func.count()).where(Proof.person_id == person.id)
    return Foreseen(
        events=len(events.telling_of(session, person.org_id, known)),
        proofs=session.scalar(given) or 0,
        signatures=len(photos.of_person(session, person, ("signature",))),
        photos=len(photos.of_person(session, person, ("photo", "file"))),
        named_in=tuple(_named_in(session, person)),
        obstacles=tuple(obstacles.against(session, person)),
    )


def _named_in(session: Session, person: Person) -> list[str]:
    """Processes of today in whose name or steps the person's name stands."""
    query = (
        select(Process.name, Step.title, Step.instructions)
        .join(ProcessVersion, ProcessVersion.process_id == Process.id)
        .join(Step, Step.version_id == ProcessVersion.id)
        .where(Process.org_id == person.org_id, ProcessVersion.number == Process.version_number)
    )
    known = trace.of(session, person)
    found = {
        name for name, *texts in session.execute(query) if known.is_in(" ".join([name, *texts]))
    }
    return sorted(found)
