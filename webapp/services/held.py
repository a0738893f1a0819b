"""What was sent but not applied: kept with its proof until an owner or a manager decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Blob, Command, Person, Proof, StepRun
from webapp.problems import Problem
from webapp.rules import completion as table
from webapp.rules import proof_gate
from webapp.rules.sentences import N_
from webapp.services import completion, proofs, record, reviews, risk, step_runs
from webapp.words import gettext as _
from webapp.words import ngettext

MOST_IN_DAYS = 100
OPEN_STATES = ("waiting", "open", "claimed")
WHY = {
    "not_on_chain": N_("%(by)s did not hold this step at the time."),
    "sent_back_unseen": N_("%(by)s did it before hearing that the step was sent back."),
    "ahead": N_("It belongs to an attempt that is not known here."),
    "device_revoked": N_("The device had been signed off before the work was done."),
    "person_left": N_("%(by)s works here no more. It came in a rescue file."),
    "pin_wrong": N_("Said to be by %(by)s; the PIN did not fit."),
    "pin_unchecked": N_("Said to be by %(by)s; the PIN could not be checked."),
    "turn_over": N_("It was done after %(by)s's turn at the kiosk had ended."),
    "step_unknown": N_("The step is not known here."),
}
MOVED_ON = N_("When the proof arrived, the step had moved on.")


@dataclass(frozen=True, slots=True)
class Held:
    """One held command with what it is about; step and proof are None when they are unknown."""

    command: Command
    by: Person
    step_run: StepRun | None
    proof: Proof | None

    @property
    def is_decided(self) -> bool:
        """Whether somebody decided on it already."""
        waits = self.command.status == "held" and self.command.settled_at is None
        return not waits and (self.proof is None or self.proof.state != "held")

    @property
    def why(self) -> str:
        """Why it was not applied, in a sentence for who decides."""
        code = str(self.command.result.get("code"))
        return _(WHY.get(code, MOVED_ON), by=self.by.name)


def happened(times: int) -> str:
    """Say how often the very same came, for the one line that stands for all of it."""
    return ngettext("This happened %(num)s time.", "This happened %(num)s times.", times)


def waiting(session: Session, person: Person) -> list[Held]:
    """Return what this person may decide on, oldest first."""
    found = {*_unsettled(session, person.org_id), *_with_held_proof(session, person.org_id)}
    in_order = sorted(found, key=lambda command: (command.received_at, command.id))
    return [each for each in _held(session, in_order) if _may_decide(person, each)]


def _unsettled(session: Session, org_id: str) -> Sequence[Command]:
    """What was held as it came; apart from held proofs, so that an index answers each."""
    return session.scalars(
        select(Command).where(
            Command.org_id == org_id, Command.status == "held", Command.settled_at.is_(None)
        )
    ).all()


def _with_held_proof(session: Session, org_id: str) -> Sequence[Command]:
    """What came to be held later, because the step had moved on as the bytes arrived."""
    of_proof = select(Proof.command_id).where(Proof.org_id == org_id, Proof.state == "held")
    return session.scalars(
        select(Command).where(Command.org_id == org_id, Command.id.in_(of_proof))
    ).all()


def in_days(session: Session, person: Person, since: datetime, until: datetime) -> list[Held]:
    """Return what was held as it came in between, decided on or not, oldest first."""
    query = (
        select(Command)
        .where(
            Command.org_id == person.org_id,
            Command.status == "held",
            Command.received_at >= since,
            Command.received_at < until,
        )
        .order_by(Command.received_at, Command.id)
        .limit(MOST_IN_DAYS)
    )
    return [
        each for each in _held(session, session.scalars(query).all()) if _may_decide(person, each)
    ]


def find(session: Session, person: Person, command_id: str, *, lock: bool = False) -> Held:
    """Return a held command that this person may decide on, or raise not_found."""
    query = select(Command).where(Command.org_id == person.org_id, Command.id == command_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    command = session.scalars(query).one_or_none()
    for found in _held(session, [command] if command else []):
        if _may_decide(person, found) and _was_held(found):
            return found
    raise Problem("not_found")


def why_not(session: Session, held: Held) -> str | None:
    """Return why its proof cannot close the step as things are, or None when it can."""
    if held.step_run is None or held.proof is None:
        return _("It belongs to no step here.")
    try:
        _verdict(session, held.step_run, held.proof)
    except Problem as problem:
        return problem.detail
    return None


def use(session: Session, decider: Person, held: Held, now: datetime) -> completion.Outcome:
    """Close the step with the held proof on the decider's authority.

    The proof gate judges as always, so that it may still wait for review. Raises
    "already_decided", "step_not_open", or "proof_refused" when the proof is not enough.
    """
    if held.is_decided:
        raise Problem("already_decided")
    step_run = held.step_run and step_runs.get(session, decider.org_id, held.step_run.id, lock=True)
    if step_run is None or held.proof is None:
        raise Problem("step_not_open")
    outcome = _apply(session, step_run, held.proof, now)
    _settle(session, decider, held, "held.used", {"code": outcome.code}, now)
    return outcome


def put_aside(session: Session, decider: Person, held: Held, reason: str, now: datetime) -> None:
    """Settle it without using it; the proof stays kept with the step.

    Raises "already_decided", or "reason_missing" with the field `reason`.
    """
    if held.is_decided:
        raise Problem("already_decided")
    if not reason.strip():
        raise Problem("reason_missing", fields={"reason": N_("Say why, in a few words.")})
    if held.proof is not None:
        held.proof.state = "attached"
    _settle(session, decider, held, "held.put_aside", {"reason": reason.strip()}, now)


def _verdict(session: Session, step_run: StepRun, proof: Proof) -> proof_gate.Verdict:
    """Return the gate's verdict that closes, or raise "step_not_open" or "proof_refused"."""
    if step_run.state not in OPEN_STATES or step_run.run.state not in ("planned", "open"):
        raise Problem("step_not_open")
    blob = session.get(Blob, (proof.org_id, proof.blob_sha256)) if proof.blob_sha256 else None
    verdict = completion.judge(session, step_run, proof.content, blob, proof)
    if verdict.outcome != "closes":
        raise Problem("proof_refused", verdict.message, reason=verdict.code)
    return verdict


def _apply(session: Session, step_run: StepRun, proof: Proof, now: datetime) -> completion.Outcome:
    verdict = _verdict(session, step_run, proof)
    if step_run.run.state == "planned":
        step_runs.open_run(session, step_run.run, now)
    proof.state = "current"
    verdict = risk.weighed(session, step_run, proof, verdict)
    proofs.keep_verdict(proof, verdict)
    decision = _decision(step_run, proof)
    return completion.close(session, step_run, proof, decision, verdict.review, now)


def _decision(step_run: StepRun, proof: Proof) -> table.Decision:
    """The conflict table's word, had this person held the step and seen its present attempt."""
    step = proofs.step_facts(step_run)
    given = table.CompletionFacts(
        person=proof.person_id,
        captured_at=proof.captured_at,
        trust=proof.trust,  # type: ignore[arg-type]
        attempt=step_run.attempt,
    )
    people = step.people | {proof.person_id}
    return table.decide(replace(step, people=people, is_later=False), given)


def _settle(
    session: Session,
    decider: Person,
    held: Held,
    kind: str,
    more: dict[str, Any],
    now: datetime,
) -> None:
    held.command.settled_at = now
    session.flush()
    subject = held.step_run.id if held.step_run else held.command.id
    payload = {
        "command": held.command.id,
        "by": {"id": held.by.id, "name": held.by.name},
        "proof": held.proof.id if held.proof else None,
    }
    record.note(session, decider.org_id, now, kind, decider.id, subject, payload | more)


def _held(session: Session, commands: Sequence[Command]) -> list[Held]:
    """Return the commands of one organisation with what they are about, in their order."""
    if not commands:
        return []
    org_id, ids = commands[0].org_id, [command.id for command in commands]
    given = select(Proof).where(Proof.org_id == org_id, Proof.command_id.in_(ids))
    proof_of = {proof.command_id: proof for proof in session.scalars(given)}
    about = {command.id: _step_run_id(command, proof_of.get(command.id)) for command in commands}
    steps = select(StepRun).where(StepRun.org_id == org_id, StepRun.id.in_(about.values()))
    step_of = {step_run.id: step_run for step_run in session.scalars(steps)}
    senders = select(Person).where(Person.id.in_({command.person_id for command in commands}))
    person_of = {person.id: person for person in session.scalars(senders)}
    return [
        Held(
            command=command,
            by=person_of[command.person_id],
            step_run=step_of.get(about[command.id]),
            proof=proof_of.get(command.id),
        )
        for command in commands
    ]


def _step_run_id(command: Command, proof: Proof | None) -> str:
    """The step run it is about; empty when it is about none that is known."""
    about = command.result.get("step_run") or {}
    return proof.step_run_id if proof else str(about.get("id") or "")


def _was_held(held: Held) -> bool:
    return held.command.status == "held" or (held.proof is not None and held.proof.state == "held")


def _may_decide(person: Person, held: Held) -> bool:
    """Owners decide on all; managers on what belongs to their locations."""
    if held.step_run is None:
        return person.role == "owner"
    return reviews.may_review(person, held.step_run)
