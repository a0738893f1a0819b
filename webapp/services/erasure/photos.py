"""Photos that go: first the row says so, then the files are removed, and nothing else is lost.

Whatever stops in between is gone on with: rows that say so and whose files may still be there are
found by the next sweep (`finish_removing`).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    and_,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from webapp.models import Blob, Command, LikenessBand, Person, Proof, Step, StepRun
from webapp.models.run import CLOSED_STATES, STEP_RUN_STATES
from webapp.services import blobs, pictures
from webapp.services.erasure import overwriting
from webapp.services.erasure.events import in_chunks

WAITING = ("awaiting", "held")
# Named one by one: an index finds what a state is, not what it is not.
GOING_ON = tuple(each for each in STEP_RUN_STATES if each not in CLOSED_STATES)
AT_ONCE = 500


def may_go(org_id: str) -> ColumnElement[bool]:
    """Whether nobody needs a blob's bytes any more, whatever its age.

    Not while a step that they prove is open or in review, or one whose photo looks like them; nor
    while a proof waits for a decision, while they show how a step should look, or while something
    was held that speaks of them.
    """
    of_blob = and_(Proof.org_id == Blob.org_id, Proof.blob_sha256 == Blob.sha256)
    open_still = StepRun.state.not_in(CLOSED_STATES) | Proof.state.in_(WAITING)
    in_use = exists().where(of_blob, StepRun.id == Proof.step_run_id, open_still)
    beside = Blob.sha256.in_(_beside_open_steps(org_id))
    shown = or_(
        Blob.sha256.in_(select(Step.picture_sha256).where(Step.picture_sha256.is_not(None))),
        exists().where(StepRun.org_id == org_id, StepRun.picture_sha256 == Blob.sha256),
    )
    held = func.coalesce(_held_words(org_id), "").contains(Blob.sha256)
    is_here = and_(Blob.completed_at.is_not(None), Blob.erased_at.is_(None))
    return and_(Blob.org_id == org_id, is_here, ~in_use, ~beside, ~shown, ~held)


# What follows is little, and asked for once. Asked for each blob, a database that knows only how
# often a state occurs on average reads every step and every command for each.


def _beside_open_steps(org_id: str) -> Select[str | None]:
    """The bytes that stand beside the proofs of open steps, as they look like them."""
    judged = aliased(Proof)
    return (
        select(Proof.blob_sha256)
        .join(judged, judged.like_id == Proof.id)
        .join(StepRun, StepRun.proof_id == judged.id)
        .where(StepRun.org_id == org_id, StepRun.state.in_(GOING_ON))
        .where(Proof.blob_sha256.is_not(None))
    )


def _held_words(org_id: str) -> ScalarSelect[str]:
    """All that was said by what is held and not decided on; NULL when nothing is."""
    waits = (Command.org_id == org_id, Command.status == "held", Command.settled_at.is_(None))
    words = func.aggregate_strings(cast(Command.content, String), " ")
    return select(words).where(*waits).scalar_subquery()


def of_person(session: Session, person: Person, kinds: Collection[str]) -> list[str]:
    """Return the bytes that they alone gave as such proofs, and that may go."""
    is_such, of_blob = Proof.kind.in_(kinds), Proof.blob_sha256 == Blob.sha256
    theirs = select(Proof.blob_sha256).where(Proof.person_id == person.id, is_such)
    query = select(Blob.sha256).where(
        may_go(person.org_id),
        Blob.sha256.in_(theirs),
        ~exists().where(
            Proof.org_id == Blob.org_id, of_blob, is_such, Proof.person_id != person.id
        ),
    )
    return list(session.scalars(query.order_by(Blob.sha256)))


def mark(
    session: Session, org_id: str, hashes: Iterable[str], now: datetime, months: int | None = None
) -> None:
    """Say of these blobs that they are erased, with all that pictures are compared by.

    The caller commits, and only then removes the files (`finish_removing`).
    """
    for chunk in in_chunks(sorted(hashes)):
        mine = (Blob.org_id == org_id, Blob.sha256.in_(chunk))
        bands = (LikenessBand.org_id == org_id, LikenessBand.sha256.in_(chunk))
        session.execute(delete(LikenessBand).where(*bands))
        values = {"erased_at": now, "erased_months": months, "likeness": b"", "taken_at": None}
        session.execute(update(Blob).where(*mine).values(values))
    session.expire_all()


def finish_removing(session: Session, directory: Path, now: datetime) -> int:
    """Remove the files of what is erased, and remember that they are gone; return how many.

    Ends the transaction. A file that cannot be removed is tried again the next time, and so is
    the database's log of writes.
    """
    removed = 0
    while found := _to_remove(session):
        session.rollback()
        gone = [each for each in found if _are_removed(directory, each)]
        _remember(session, gone, now)
        session.commit()
        removed += len(gone)
        if len(gone) < AT_ONCE:
            break
    session.rollback()
    overwriting.empty_log(session)
    return removed


def _to_remove(session: Session) -> Sequence[blobs.Upload]:
    query = select(Blob).where(Blob.erased_at.is_not(None), Blob.removed_at.is_(None))
    return [blobs.upload_of(each) for each in session.scalars(query.limit(AT_ONCE))]


def _remember(session: Session, gone: Sequence[blobs.Upload], now: datetime) -> None:
    """Unless the same bytes were given anew meanwhile: then the row says so no more."""
    for each in gone:
        mine = (Blob.org_id == each.org_id, Blob.sha256 == each.sha256)
        is_erased = Blob.erased_at.is_not(None)
        session.execute(update(Blob).where(*mine, is_erased).values(removed_at=now))


def _are_removed(directory: Path, erased: blobs.Upload) -> bool:
    """Whether no file of it is left, durably: names that are gone stay gone after a power cut."""
    whole = blobs.stored_path(directory, erased)
    try:
        for path in (*(pictures.sized(whole, size) for size in pictures.SIZES), whole):
            path.unlink(missing_ok=True)
        blobs.part_path(directory, erased).unlink(missing_ok=True)
        if whole.parent.is_dir():
            pictures.sync_directory(whole.parent)
    except OSError:
        return False
    return True
