"""Steps that open later: open when they are asked for, left out when not, due at their own time."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, String, cast, exists, null, or_, select

from webapp.models import (
    Event,
    FixNote,
    Location,
    Organisation,
    OutboxMessage,
    Process,
    Proof,
    Run,
    StepRun,
)
from webapp.rules import later as rules
from webapp.rules.proof import requirement_from_json
from webapp.rules.sentences import N_, say
from webapp.services.audit.finding import Finding, or_say
from webapp.services.audit.look import TOLERANCE, Look, in_chunks
from webapp.services.audit.subjects import step_words
from webapp.services.silence import SILENCE

_LATER = or_(StepRun.only_if.is_not(null()), StepRun.follow_up.is_not(null()))
_HELD = ("open", "claimed", "in_review")
_STEP = (
    StepRun.id,
    StepRun.org_id,
    StepRun.run_id,
    StepRun.step_key,
    StepRun.position,
    StepRun.title,
    StepRun.requirement,
    StepRun.state,
    StepRun.only_if,
    StepRun.follow_up,
    StepRun.not_needed,
    StepRun.opens_at,
    StepRun.opened_at,
    StepRun.deadline_at,
    StepRun.missed_at,
    StepRun.set_aside_at,
    Run.state.label("run_state"),
    Run.deadline_at.label("run_deadline_at"),
    Process.name.label("process"),
    Location.name.label("location"),
    Proof.kind.label("proof_kind"),
    Proof.content,
    Proof.captured_at,
    Proof.received_at,
    Proof.trust,
)


def check(look: Look) -> Iterator[Finding]:
    """Find later steps that do not stand where the answers before them put them."""
    run_ids = sorted(set(look.session.scalars(_recent(look))) | set(look.session.scalars(_held())))
    for chunk in in_chunks(run_ids):
        by_run: defaultdict[str, list[Any]] = defaultdict(list)
        for row in look.session.execute(_steps(chunk)):
            by_run[row.run_id].append(row)
        for steps in by_run.values():
            for row in steps:
                if row.only_if is not None or row.follow_up is not None:
                    yield from or_say(_of_step(look, row, steps), _unreadable(row))


def _recent(look: Look) -> Select[str]:
    later = exists().where(StepRun.run_id == Run.id, _LATER)
    return select(Run.id).where(
        Run.org_id.in_(select(Organisation.id)),
        Run.deadline_at >= look.since,
        Run.state.in_(("open", "closed")),
        later,
    )


def _held() -> Select[str]:
    """However long ago they were due."""
    org_ids = select(Organisation.id)
    return select(StepRun.run_id).where(
        StepRun.org_id.in_(org_ids), StepRun.state.in_(_HELD), _LATER
    )


def _steps(run_ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_STEP)
        .join(Run, Run.id == StepRun.run_id)
        .join(Process, Process.id == Run.process_id)
        .join(Location, Location.id == Run.location_id)
        .outerjoin(Proof, Proof.id == StepRun.proof_id)
        .where(StepRun.run_id.in_(run_ids))
        .order_by(StepRun.run_id, StepRun.position)
    )


def _of_step(look: Look, row: Any, steps: list[Any]) -> Iterator[Finding]:
    if row.set_aside_at is not None:
        if row.state == "waiting":
            says = N_(
                "%(step)s was set aside and does not open. Open the page Needs you and try it"
                " again."
            )
            yield _found(row, "step_set_aside", says)
        return
    verdict = _verdict(row, steps)
    if row.state == "waiting":
        yield from _waiting(look, row, verdict)
    elif row.not_needed is not None and verdict.needed is not False:
        says = N_("%(step)s was left out as not needed, and nothing says so.")
        yield _found(row, "later_left_out", says)
    elif row.state in _HELD:
        yield from _held_step(look, row, verdict)


def _verdict(row: Any, steps: list[Any]) -> rules.Verdict:
    earlier = {each.step_key: _earlier(each) for each in steps if each.position < row.position}
    only_if = rules.condition_from_json(row.only_if)
    return rules.decide(only_if, rules.follow_up_from_json(row.follow_up), earlier)


def _earlier(row: Any) -> rules.Earlier:
    became = rules.became(row.state, by_itself=row.not_needed is not None)
    is_done = became == "done" and row.content is not None
    is_number = is_done and row.proof_kind == "number"
    return rules.Earlier(
        title=row.title,
        became=became,
        requirement=requirement_from_json(row.requirement),
        number=Decimal(row.content["value"]) if is_number else None,
        done_at=rules.done_at(row.captured_at, row.received_at, row.trust) if is_done else None,
    )


def _waiting(look: Look, row: Any, verdict: rules.Verdict) -> Iterator[Finding]:
    if row.run_state != "open":
        yield _found(row, "later_not_opened", N_("%(step)s waits in a run that is closed."))
    elif verdict.needed is False:
        yield _found(row, "later_kept_waiting", N_("%(step)s waits, though it is not needed."))
    elif verdict.needed is None and row.opens_at is not None:
        yield _found(
            row, "later_not_asked", N_("%(step)s is about to open, and nothing asks for it.")
        )
    elif verdict.needed and _is_late(look, row, verdict.opens_at):
        yield _found(
            row, "later_not_opened", N_("%(step)s should have opened or wait for its time.")
        )


def _is_late(look: Look, row: Any, opens_at: datetime | None) -> bool:
    """What has no time of its own opens with its answer; what has one is opened by the clock."""
    if opens_at is None or row.opens_at is None:
        return True
    return abs(row.opens_at - opens_at) > TOLERANCE or opens_at < look.clock_at - SILENCE


def _held_step(look: Look, row: Any, verdict: rules.Verdict) -> Iterator[Finding]:
    is_asked = verdict.needed or (verdict.needed is None and row.missed_at is not None)
    if not is_asked and row.state == "open" and not _has_evidence(look, row.id):
        yield _found(row, "later_not_asked", N_("%(step)s is open, and nothing asks for it."))
    if row.opened_at is None:
        return
    follow_up = rules.follow_up_from_json(row.follow_up)
    due_at = rules.deadline_of(follow_up, row.run_deadline_at, row.opened_at)
    if abs(row.deadline_at - due_at) > TOLERANCE:
        yield _found(row, "later_wrong_deadline", N_("%(step)s is not due when its process says."))
    if row.state == "open" and _is_untold(look, row.id):
        yield _found(row, "later_untold", N_("%(step)s has opened, and its holder was not told."))


def _is_untold(look: Look, step_run_id: str) -> bool:
    """Whether the record says that the holder was told, and no message of it is there."""
    opened = (
        select(Event.at, cast(Event.payload, String).label("payload"))
        .where(Event.subject == step_run_id, Event.kind == "step.opened")
        .order_by(Event.seq.desc())
        .limit(1)
    )
    event = look.session.execute(opened).one_or_none()
    if event is None or event.payload is None or not json.loads(event.payload)["told"]:
        return False
    key = f"opened:{step_run_id}:{event.at.isoformat()}"
    told = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key)
    return look.session.scalar(told) is None


def _has_evidence(look: Look, step_run_id: str) -> bool:
    given = exists().where(Proof.step_run_id == step_run_id)
    noted = exists().where(FixNote.step_run_id == step_run_id)
    return bool(look.session.scalar(select(or_(given, noted))))


def _found(row: Any, code: str, says: str) -> Finding:
    return Finding(code, row.id, row.org_id, say(says, step=step_words(row)))


def _unreadable(row: Any) -> Finding:
    return _found(row, "step_unreadable", N_("%(step)s cannot be read. Tell who runs Baton."))
