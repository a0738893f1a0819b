"""Which bytes a kiosk may bring and show: those of its location's work."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from webapp.models import Kiosk, Proof, Run, StepRun, Turn


def may_bring(session: Session, kiosk: Kiosk, sha256: str) -> bool:
    """Whether these bytes belong to a proof of its location, or to one that was given at it."""
    given_here = Proof.turn_id.in_(
        select(Turn.id)
        .join(Turn.kiosk)
        .where(Turn.org_id == kiosk.org_id, Kiosk.device_id == kiosk.device_id)
    )
    return bool(session.scalar(select(_proof(kiosk, sha256, or_(_is_at(kiosk), given_here)))))


def may_see(session: Session, kiosk: Kiosk, sha256: str) -> bool:
    """Whether it proves a step at its location, or shows how one there should look."""
    looks = (
        exists()
        .where(StepRun.org_id == kiosk.org_id, StepRun.picture_sha256 == sha256)
        .where(StepRun.run_id == Run.id, _is_at(kiosk))
    )
    return bool(session.scalar(select(_proof(kiosk, sha256, _is_at(kiosk)) | looks)))


def _proof(kiosk: Kiosk, sha256: str, also: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        exists()
        .where(Proof.org_id == kiosk.org_id, Proof.blob_sha256 == sha256)
        .where(Proof.step_run_id == StepRun.id, StepRun.run_id == Run.id, also)
    )


def _is_at(kiosk: Kiosk) -> ColumnElement[bool]:
    return Run.location_id == kiosk.location_id
