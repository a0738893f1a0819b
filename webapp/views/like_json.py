"""The earlier photo that a proof looks like, as the API shows it beside the new one."""

from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Person, Proof, StepRun
from webapp.services import board, reviews
from webapp.views.chain_json import who


def likes(session: Session, person: Person, step_runs: list[StepRun]) -> dict[str, dict[str, Any]]:
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
