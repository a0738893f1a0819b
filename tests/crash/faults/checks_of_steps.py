"""No handoff lost, none without reason, and no level left out."""

from collections.abc import Iterator
from datetime import timedelta

from tests.crash.faults.facts import Facts
from webapp.models import Event, StepRun

CLAIM_PAUSE = timedelta(minutes=30)
CLOSING = {"step.done", "step.in_review", "step.skipped"}
MOVING = {"step.handed_on", "step.passed_over"}


def violations(facts: Facts) -> Iterator[str]:
    """What is wrong with the steps of the run."""
    for step in facts.steps:
        for sentence in (*_lost(facts, step), *_levels(facts, step), *_ghosts(facts, step)):
            yield f"{facts.title(step)}: {sentence}"


def _lost(facts: Facts, step: StepRun) -> Iterator[str]:
    """What nobody did has come all the way, and stays with an owner, missed."""
    if step.set_aside_at is not None:
        yield f"was set aside: {step.set_aside_why}"
    if step.state in ("waiting", "void"):
        yield f"never opened: {step.state}"
    if step.state not in ("open", "claimed"):
        return
    if step.level != step.last_level:
        yield f"a handoff was lost: open at level {step.level} of {step.last_level}"
    if step.missed_at is None:
        yield "was missed, and nothing says so"
    owner = facts.played.world.members["olivia"].id
    if step.holder_id != owner:
        yield f"is held by {facts.played.world.name_of(step.holder_id)}, not by the owner"


def _levels(facts: Facts, step: StepRun) -> Iterator[str]:
    """One up at a time; down only when the record says that it was handed back."""
    level, chain = 0, [each["person"] for each in step.chain]
    for event in facts.events[step.id]:
        if event.kind in MOVING:
            if event.payload["level"] != level + 1:
                yield f"moved from level {level} to {event.payload['level']}"
            level = event.payload["level"]
        elif event.kind == "step.handed_back":
            level = chain.index(event.payload["from"]["id"])
    if level != step.level:
        yield f"stands at level {step.level}, the record says {level}"
    standing = [each.level for each in facts.handoffs[step.id] if each.returned_at is None]
    if sorted(standing) != list(range(1, step.level + 1)):
        yield f"stands at level {step.level} with handoffs of the levels {standing}"
    moves = sum(event.kind in MOVING for event in facts.events[step.id])
    if moves != len(facts.handoffs[step.id]):
        yield f"{len(facts.handoffs[step.id])} handoffs, the record tells {moves}"


def _ghosts(facts: Facts, step: StepRun) -> Iterator[str]:
    """Nothing moves while it is closed, nor while a claim holds it."""
    closed, claim, paused = False, None, False
    for event in facts.events[step.id]:
        if event.kind in CLOSING:
            closed, claim = True, None
        elif event.kind == "review.sent_back":
            closed, claim, paused = False, None, False
        elif event.kind == "step.claimed":
            claim, paused = (None, True) if paused else (event, True)
        elif event.kind == "proof.refused":
            claim = None
        elif event.kind in (*MOVING, "step.missed") and closed:
            yield f"{event.kind} (event {event.seq}) although it was done"
        elif event.kind == "step.handed_on" and claim is not None and _breaks(event, claim):
            yield f"was handed on at {event.at}, {event.at - claim.at} after a claim"


def _breaks(event: Event, claim: Event) -> bool:
    by_itself = event.payload["reason"] in ("missed", "unreached")
    return by_itself and event.at < claim.at + CLAIM_PAUSE
