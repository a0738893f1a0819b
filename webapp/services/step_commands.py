"""What each kind of command does to a step run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Device, Person, StepRun
from webapp.problems import Problem
from webapp.rules.capture_time import CaptureTime, estimate, from_file
from webapp.rules.completion import Authorisation
from webapp.rules.sentences import N_, say
from webapp.services import (
    completion,
    fix_notes,
    handoffs,
    later,
    messages,
    proofs,
    reach,
    record,
    skips,
    step_runs,
)
from webapp.services.completion import Outcome

SHORT_TEXT = 2000
STEP_UNKNOWN = N_("We do not know this step. The owner decides; what you sent is kept.")


@dataclass(frozen=True, slots=True)
class AtKiosk:
    """The turn at a kiosk in which a command was given, and why it does not count as its person's.

    Work at a step of any other location than the kiosk's is held, as if the step were unknown.
    Without a turn that is known here it came in a rescue file, and never counts as a person's.
    """

    turn_id: str | None
    location_id: str
    refused_because: Authorisation | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One command as it arrived. `content` is its JSON; times in it are ISO 8601 with a zone.

    `is_rescued`: it came in a rescue file; `sent_at` is when that was made, by the device's clock.
    """

    id: str
    seq: int | None
    kind: str
    step_run_id: str
    attempt: int
    captured_at: datetime
    skew_ms: int | None
    sent_at: datetime
    content: dict[str, Any]
    is_rescued: bool = False
    kiosk: AtKiosk | None = None

    @property
    def turn_id(self) -> str | None:
        """The turn at a kiosk in which it was given."""
        return self.kiosk.turn_id if self.kiosk else None

    def is_elsewhere(self, step_run: StepRun) -> bool:
        """Whether it comes from a kiosk that knows nothing of this step's location."""
        return self.kiosk is not None and self.kiosk.location_id != step_run.run.location_id


@dataclass(frozen=True, slots=True)
class Work:
    """A command in hand: who asked for it from which device, and the locked step run it is for."""

    session: Session
    person: Person
    device: Device | None
    step_run: StepRun
    asked: Asked
    now: datetime


def _complete(work: Work) -> Outcome:
    asked, device = work.asked, work.device
    content = asked.content.get("proof")
    if not content:
        raise Problem("proof_refused", reason="proof_missing")
    capture = _captured(asked, work.now)
    given = proofs.Given(
        person=work.person,
        device_id=device.id if device else None,
        command_id=asked.id,
        attempt=asked.attempt,
        content=content,
        capture=capture,
        refused_because=_refused_because(work, capture),
        notes=("from_rescue_file",) if asked.is_rescued else (),
        turn_id=asked.turn_id,
    )
    return completion.complete(work.session, work.step_run, given, work.now)


def _captured(asked: Asked, now: datetime) -> CaptureTime:
    if asked.is_rescued:
        return from_file(asked.captured_at, now)
    return estimate(asked.captured_at, asked.skew_ms, asked.sent_at, now)


def _refused_because(work: Work, capture: CaptureTime) -> Authorisation | None:
    if work.asked.is_elsewhere(work.step_run):
        return "step_unknown"
    refusal = _of_person_or_device(work.person, work.device, capture)
    return refusal or (work.asked.kiosk.refused_because if work.asked.kiosk else None)


def _of_person_or_device(
    person: Person, device: Device | None, capture: CaptureTime
) -> Authorisation | None:
    """Work provably captured before its device was revoked still counts.

    Somebody who left sends nothing any more; their work can only have lain in a rescue file.
    """
    if person.deactivated_at is not None:
        return "person_left"
    if device is None or device.revoked_at is None:
        return None
    before = capture.trust != "unproven" and capture.estimated < device.revoked_at
    return None if before else "device_revoked"


def _cannot_do(work: Work) -> Outcome:
    reason = _words(work.asked.content.get("reason"))
    if stopped := _stopped(
        work, Outcome("superseded", "not_needed", say("This step is already done."))
    ):
        return stopped
    if _open_early(work).holder_id != work.person.id:
        return Outcome(
            "superseded", "not_the_holder", say("This step is with somebody else already.")
        )
    step_run, now = work.step_run, work.now
    handoff = handoffs.hand_on(work.session, step_run, "cannot_do", now, now, words=reason)
    if handoff is None:
        raise Problem("last_in_chain")
    taker = handoff.to_person.name if handoff.passed_over is None else say("the next in the chain")
    return Outcome("applied", "handed_on", say("Handed on to %(taker)s.", taker=taker))


def _not_applicable(work: Work) -> Outcome:
    reason = _words(work.asked.content.get("reason"))
    step_run = work.step_run
    if not step_run.may_skip:
        raise Problem("skip_not_allowed")
    closed = Outcome("superseded", "already_done", say("This step is already closed."))
    if stopped := _stopped(work, closed):
        return stopped
    if work.person.id not in step_runs.people_so_far(_open_early(work)):
        raise Problem("not_the_holder")
    step_run.state, step_run.skip_reason, step_run.escalate_at = "skipped", reason, None
    step_run.closed_at, step_run.closed_by = work.now, work.person
    messages.withdraw(work.session, step_run, ("handoff", "sent_back"), work.now)
    _note(work, skips.KIND, {"reason": reason} | skips.times(_captured(work.asked, work.now)))
    later.follow(work.session, step_run.run, work.now)
    step_runs.close_run_if_done(work.session, step_run.run, work.now)
    return Outcome("applied", "skipped", say("Noted as not applicable."))


def _stopped(work: Work, closed: Outcome) -> Outcome | None:
    """Return what keeps words about a step from counting, asked as the conflict table asks."""
    asked, step_run = work.asked, work.step_run
    if step_run.state == "waiting":
        later.follow(work.session, step_run.run, work.now)
    if refusal := _refused_because(work, _captured(asked, work.now)):
        return Outcome("held", refusal, _HELD_WORDS[refusal])
    if step_run.is_closed or step_run.state == "in_review":
        return closed
    if step_run.state == "waiting" and step_run.is_later:
        return Outcome("held", "not_open_yet", _HELD_WORDS["not_open_yet"])
    if asked.attempt != step_run.attempt:
        code = "sent_back_unseen" if asked.attempt < step_run.attempt else "ahead"
        return Outcome("held", code, _HELD_WORDS[code])
    return None


_HELD_WORDS = {
    "device_revoked": N_("This device was signed off before you said this. The owner decides."),
    "person_left": N_("Whoever said this works here no more. The owner decides."),
    "sent_back_unseen": N_("This step was sent back before this arrived. The owner decides."),
    "not_open_yet": N_("This step was not open yet. The owner decides."),
    "ahead": N_("This belongs to an attempt we do not know. The owner decides."),
    "pin_wrong": N_("The PIN was not right. The owner decides."),
    "pin_unchecked": N_("The PIN could not be checked. The owner decides."),
    "turn_over": N_("This was said after the turn had ended. The owner decides."),
    "step_unknown": STEP_UNKNOWN,
}


def _open_early(work: Work) -> StepRun:
    """Work on a planned run opens it, if it is its responsible person who works."""
    step_run = work.step_run
    if step_run.run.state == "planned" and work.person.id in step_runs.people_so_far(step_run):
        step_runs.open_run(work.session, step_run.run, work.now)
    return step_run


def _fix_note(work: Work) -> Outcome:
    text, step_run = _words(work.asked.content.get("text")), work.step_run
    if refusal := _refused_because(work, _captured(work.asked, work.now)):
        return Outcome("held", refusal, _HELD_WORDS[refusal])
    is_in_chain = work.person.id in step_runs.people_so_far(step_run)
    if not is_in_chain and not reach.manages(work.person, step_run.run.location):
        raise Problem("not_the_holder")
    fix_notes.write(work.session, work.person, step_run, text, work.now)
    _note(work, "fix.noted", {"text": text})
    return Outcome("applied", "noted", say("Noted. The next run shows it."))


KINDS = {
    "complete_step": _complete,
    "cannot_do": _cannot_do,
    "not_applicable": _not_applicable,
    "fix_note": _fix_note,
}


def _words(text: object) -> str:
    words = text.strip() if isinstance(text, str) else ""
    if not words:
        raise Problem("reason_missing")
    return words[:SHORT_TEXT]


def _note(work: Work, kind: str, more: dict[str, Any]) -> None:
    person, step_run = work.person, work.step_run
    payload = {"title": step_run.title, "by": {"id": person.id, "name": person.name}} | more
    payload |= proofs.at_kiosk(work.session, step_run.org_id, work.asked.turn_id)
    record.note(work.session, step_run.org_id, work.now, kind, person.id, step_run.id, payload)
