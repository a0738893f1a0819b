"""What a proof is judged beside: a photo that it looks like, and what was sent back before it."""

from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Person, Proof, Review, StepRun
from webapp.services import board, reviews
from webapp.views.chain_json import who


def beside(session: Session, person: Person, steps: list[StepRun]) -> dict[str, dict[str, Any]]:
    """Return what each step's proof is seen beside, by the step's id."""
    likes = _likes(session, person, steps)
    before = reviews.sent_back_before(session, steps)
    return {
        each.id: {
            "like": likes.get(each.id),
            "sent_back": _sent_back(*before[each.id]) if each.id in before else None,
        }
        for each in steps
    }


def _sent_back(review: Review, proof: Proof) -> dict[str, Any]:
    return {
        "by": who(review.reviewer),
        "at": review.at,
        "reason": review.reason,
        "kind": proof.kind,
        "captured_at": proof.captured_at,
        "sha256": proof.blob_sha256,
    }


def _likes(session: Session, person: Person, step_runs: list[StepRun]) -> dict[str, dict[str, Any]]:
    """Return what each step run's proof looks like, by its id, as this person sees it."""
    found = reviews.looked_like(session, step_runs)
    return {
        each.id: _like(person, each.proof, *found[each.proof.id])
        for each in step_runs
        if each.proof and each.proof.id in found
    }


def _like(person: Person, proof: Proof, earlier: Proof, step_run: StepRun) -> dict[str, Any]:
    """Who may not see the other run learns only when and where the photo was taken."""
    shown = {
        "kind": "alike" if proof.like_distance else "same",
        "rotated": proof.like_turned,
        "at": earlier.captured_at,
        "location": step_run.run.location.name,
        "time_zone": step_run.run.location.time_zone,
    }
    hidden = dict.fromkeys(("step_run", "title", "process", "by", "sha256"))
    if not board.may_see(person, step_run.run):
        return shown | hidden
    return shown | {
        "step_run": step_run.id,
        "title": step_run.title,
        "process": step_run.run.process.name,
        "by": who(earlier.person),
        "sha256": earlier.blob_sha256,
    }
