"""What must be settled before a person can be erased, each with the way on."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from webapp.models import (
    ChainLevel,
    Command,
    Device,
    Person,
    Process,
    ProcessVersion,
    Proof,
    StepRun,
)
from webapp.rules.sentences import listed, say, say_many
from webapp.services.erasure.photos import WAITING

HOLDING = ("open", "claimed", "in_review")


def against(session: Session, person: Person) -> list[str]:
    """Return why this person cannot be erased yet, as sentences; empty when they can."""
    return [*_still_here(person), *_work(session, person), *_chains(session, person)]


def _still_here(person: Person) -> Iterator[str]:
    if person.deactivated_at is None:
        yield say(
            "%(name)s still works here. Deactivate them first: then their work moves on.",
            name=person.name,
        )


def _work(session: Session, person: Person) -> Iterator[str]:
    """What they hold, what of theirs waits for a decision, and what has not come in yet."""
    if steps := _count(session, StepRun, _is_with(person)):
        yield say_many(
            "%(name)s still holds %(num)s step. It moves on by itself; or do it for them.",
            "%(name)s still holds %(num)s steps. They move on by themselves; or do them for them.",
            steps,
            name=person.name,
        )
    if waiting := _waiting(session, person):
        yield say_many(
            "%(num)s piece of their work waits for a decision. Decide on it first.",
            "%(num)s pieces of their work wait for a decision. Decide on them first.",
            waiting,
        )
    if unsent := _unsent(session, person):
        yield say(
            "Work of theirs waits unsent on %(devices)s. Let it send, or say on the page of"
            " devices that it is gone for good.",
            devices=listed(unsent),
        )


def _is_with(person: Person) -> object:
    return (StepRun.holder_id == person.id) & StepRun.state.in_(HOLDING)


def _waiting(session: Session, person: Person) -> int:
    """Held commands, held proofs, and proofs in review."""
    held = (Command.status == "held") & Command.settled_at.is_(None)
    given = select(Proof.command_id).where(Proof.org_id == person.org_id)
    waits = given.where(Proof.state.in_(WAITING))
    in_review = given.join(StepRun, StepRun.proof_id == Proof.id).where(
        StepRun.org_id == person.org_id, StepRun.state == "in_review"
    )
    of_proof = Command.id.in_(waits.union(in_review))
    theirs = (Command.org_id == person.org_id) & (Command.person_id == person.id)
    return _count(session, Command, theirs & or_(held, of_proof))


def _unsent(session: Session, person: Person) -> list[str]:
    query = select(Device).where(
        Device.person_id == person.id, Device.waiting > 0, Device.gone_at.is_(None)
    )
    return [each.name or each.kind or say("a device") for each in session.scalars(query)]


def _chains(session: Session, person: Person) -> Iterator[str]:
    """A process of today that names them would go to nobody."""
    query = (
        select(Process.name)
        .join(ProcessVersion, ProcessVersion.process_id == Process.id)
        .where(
            Process.org_id == person.org_id,
            Process.retired_at.is_(None),
            ProcessVersion.number == Process.version_number,
            ProcessVersion.chain.any(ChainLevel.person_id == person.id),
        )
        .order_by(Process.name)
    )
    if found := session.scalars(query).all():
        yield say(
            "%(name)s stands in the chain of %(processes)s. Name somebody else there first.",
            name=person.name,
            processes=listed(found),
        )


def _count(session: Session, model: type, condition: object) -> int:
    return session.scalar(select(func.count()).select_from(model).where(condition)) or 0  # type: ignore[arg-type]
