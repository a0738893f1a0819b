"""A step run as the rules of holding see it, and where they put it written back."""

from webapp.models import StepRun
from webapp.rules import chain as chains
from webapp.rules.holding import Stand, Terms


def terms_of(step_run: StepRun) -> Terms:
    """Return what was frozen into the step."""
    chain = chains.from_json(step_run.chain)
    return Terms(chain, step_run.deadline_at, step_run.reached_within_minutes)


def stand_of(step_run: StepRun) -> Stand:
    """Return where an open step stands."""
    assert step_run.holder_id is not None, "an open step has a holder"
    return Stand(
        level=step_run.level,
        holder=step_run.holder_id,
        moves_at=step_run.moves_at,
        looks_at=step_run.escalate_at,
        why=step_run.escalate_why,
        missed_at=step_run.missed_at,
    )


def put(step_run: StepRun, stand: Stand) -> None:
    """Have the step stand there from now on. Its holder is the caller's to write."""
    step_run.level = stand.level
    step_run.moves_at, step_run.escalate_at = stand.moves_at, stand.looks_at
    step_run.escalate_why, step_run.missed_at = stand.why, stand.missed_at
