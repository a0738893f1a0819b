"""What each kind of command does to a step run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Device, FixNote, Person, StepRun
from webapp.problems import Problem
from webapp.rules.capture_time import CaptureTime, estimate
from webapp.rules.completion import Authorisation
from webapp.services import completion, engine, messages, proofs, record, step_runs
from webapp.services.completion import Outcome

SHORT_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """One command as it arrived. `content` is its JSON; times in it are ISO 8601 with a zone."""

    id: str
    seq: int | None
    kind: str
    step_run_id: str
    attempt: int
    captured_at: datetime
    skew_ms: int | None
    sent_at: datetime
    content: dict[str, Any]


def _complete(
    session: Session,
    person: Person,
    device: Device | None,
    step_run: StepRun,
    asked: Asked,
    now: datetime,
) -> Outcome:
    content = asked.content.get("proof")
    if not content:
        raise Problem("proof_refused", reason="proof_missing")
    capture = _capture(asked, now)
    given = proofs.Given(
        person=person,
        device_id=device.id if device else None,
        command_id=asked.id,
        attempt=asked.attempt,
        content=content,
        capture=capture,
        refused_because=_refused_because(device, capture),
    )
    return completion.complete(session, step_run, given, now)


def _capture(asked: Asked, now: datetime) -> CaptureTime:
    return estimate(asked.captured_at, asked.skew_ms, asked.sent_at, now)


def _refused_because(device: Device | None, capture: CaptureTime) -> Authorisation | None:
    """Work captured before its device was revoked still counts."""
    if device is None or device.revoked_at is None or capture.estimated < device.revoked_at:
        return None
    return "device_revoked"


def _cannot_do(
    session: Session,
    person: Person,
    device: Device | None,
    step_run: StepRun,
    asked: Asked,
    now: datetime,
) -> Outcome:
    reason = _words(asked.content.get("reason"), "reason_missing")
    if step_run.is_closed or step_run.state == "in_review":
        return Outcome("superseded", "not_needed", "This step is already done.")
    if step_run.run.state == "planned":
        step_runs.open_run(session, step_run.run, now)
    if step_run.holder_id != person.id:
        return Outcome("superseded", "not_the_holder", "This step is with somebody else already.")
    handoff = engine.hand_on_because(session, step_run, reason, now)
    if handoff is None:
        raise Problem("last_in_chain")
    taker = handoff.to_person.name if handoff.passed_over is None else "the next in the chain"
    return Outcome("applied", "handed_on", f"Handed on to {taker}.")


def _not_applicable(
    session: Session,
    person: Person,
    device: Device | None,
    step_run: StepRun,
    asked: Asked,
    now: datetime,
) -> Outcome:
    reason = _words(asked.content.get("reason"), "reason_missing")
    if not step_run.may_skip:
        raise Problem("skip_not_allowed")
    if step_run.is_closed or step_run.state == "in_review":
        return Outcome("superseded", "already_done", "This step is already closed.")
    if person.id not in step_runs.people_so_far(step_run):
        raise Problem("not_the_holder")
    if step_run.run.state == "planned":
        step_runs.open_run(session, step_run.run, now)
    step_run.state, step_run.skip_reason, step_run.escalate_at = "skipped", reason, None
    step_run.closed_at, step_run.closed_by = now, person
    messages.withdraw(session, step_run, ("handoff", "sent_back"), now)
    _note(session, person, step_run, "step.skipped", {"reason": reason}, now)
    step_runs.close_run_if_done(session, step_run.run, now)
    return Outcome("applied", "skipped", "Noted as not applicable.")


def _fix_note(
    session: Session,
    person: Person,
    device: Device | None,
    step_run: StepRun,
    asked: Asked,
    now: datetime,
) -> Outcome:
    text = _words(asked.content.get("text"), "reason_missing")
    if person.role == "staff" and person.id not in step_runs.people_so_far(step_run):
        raise Problem("not_the_holder")
    session.add(
        FixNote(
            org_id=step_run.org_id,
            step_key=step_run.step_key,
            location_id=step_run.run.location_id,
            step_run_id=step_run.id,
            person=person,
            text=text,
            at=now,
        )
    )
    _note(session, person, step_run, "fix.noted", {"text": text}, now)
    return Outcome("applied", "noted", "Noted. The next run shows it.")


KINDS = {
    "complete_step": _complete,
    "cannot_do": _cannot_do,
    "not_applicable": _not_applicable,
    "fix_note": _fix_note,
}


def _words(text: object, code: str) -> str:
    words = text.strip() if isinstance(text, str) else ""
    if not words:
        raise Problem(code)
    return words[:SHORT_TEXT]


def _note(
    session: Session,
    person: Person,
    step_run: StepRun,
    kind: str,
    more: dict[str, Any],
    now: datetime,
) -> None:
    payload = {"title": step_run.title, "by": {"id": person.id, "name": person.name}} | more
    record.note(session, step_run.org_id, now, kind, person.id, step_run.id, payload)
