"""Moving a step along its chain, and back: the handoff, the holder, the message and the event."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.failpoint import reached
from webapp.models import Handoff, Person, StepRun, new_id
from webapp.rules import chain as chains
from webapp.rules import escalation
from webapp.rules import holding as rules
from webapp.rules.escalation import first_due_at
from webapp.services import availability, holding, messages, organisations, record, step_runs
from webapp.services import reached as reached_by

# Whoever says that they cannot do it, or is known to be away, is not looked for on a device.
MAY_BE_DARK = ("missed", "unreached")


def hand_on(
    session: Session,
    step_run: StepRun,
    reason: str,
    due_at: datetime,
    now: datetime,
    words: str | None = None,
) -> Handoff | None:
    """Move a step run that was due to move at `due_at` to the next level; None at the last.

    The handoff, the new holder, the message and the event are written together or not at all.
    A level whose person cannot take it is passed over: the next look goes on from there at once.
    """
    given = rules.handed_on(
        holding.terms_of(step_run),
        holding.stand_of(step_run),
        reason,
        due_at,
        now,
        lambda person: availability.reason_against(session, person, step_run, now),
    )
    if given is None:
        return None
    move, stand = given
    if move.level == step_run.last_level:
        answered_by_an_owner(session, step_run)
    handoff = _written(session, step_run, move, reason, words, now)
    holding.put(step_run, stand)
    step_run.state = "open"
    if not move.passed_over:
        _given_to(session, step_run, handoff, now)
    _note(session, step_run, handoff, "step.passed_over" if move.passed_over else "step.handed_on")
    return handoff


def _written(
    session: Session,
    step_run: StepRun,
    move: escalation.Handoff,
    reason: str,
    words: str | None,
    now: datetime,
) -> Handoff:
    taking = session.get_one(Person, step_run.chain[move.level]["person"])
    dark = _dark(session, step_run, reason)
    handoff = Handoff(
        id=new_id(),
        org_id=step_run.org_id,
        step_run_id=step_run.id,
        level=move.level,
        from_person=step_run.holder,
        to_person=taking,
        to_id=taking.id,
        reason=reason,
        words=words or _words_before(step_run),
        due_at=move.due_at,
        at=now,
        passed_over=move.passed_over,
        dark_since=dark.at if dark else None,
        dark_device=dark.device if dark else None,
    )
    step_run.handoffs.append(handoff)
    return handoff


def _dark(session: Session, step_run: StepRun, reason: str) -> reached_by.Heard | None:
    """When a device of who lets the step pass was heard from, if none was since they have it."""
    if reason not in MAY_BE_DARK or step_run.holder_id is None:
        return None
    taken = step_runs.last_taking(step_run)
    since = taken.at if taken else step_run.open_since
    return reached_by.dark(session, step_run.holder_id, since) if since else None


def _words_before(step_run: StepRun) -> str | None:
    """Whoever is next after a level that was passed over hears the same reason in full."""
    last = step_run.handoffs[-1] if step_run.handoffs else None
    return last.words if last is not None and last.passed_over else None


def _given_to(session: Session, step_run: StepRun, handoff: Handoff, now: datetime) -> None:
    step_run.holder = handoff.to_person
    if len(step_run.handoffs) > 1 or step_run.sent_back_at is not None:
        messages.withdraw(session, step_run, ("handoff", "sent_back"), now)
    reached("after_handoff")
    messages.tell_handoff(session, step_run, handoff)
    reached("after_outbox")


def hand_back(session: Session, step_run: StepRun, person: Person, now: datetime) -> bool:
    """Give a step that moved on because `person` was away back to them; whether it was given.

    Only while it is open and not missed: what was missed stays with who took it over. Who stood
    in may be away or have left by now; any other reason on the way keeps the step there. The
    handoffs stay in the record, and the chain begins anew from `person`.
    """
    taking = step_runs.last_taking(step_run)
    since = _since_away(step_run, person)
    if step_run.state != "open" or step_run.missed_at is not None or not since or taking is None:
        return False
    chain = chains.from_json(step_run.chain)
    step_run.level = [level.person for level in chain].index(person.id)
    for handoff in since:
        handoff.returned_at = now
    step_run.holder = person
    step_run.moves_at = max(now, first_due_at(chain, step_run.deadline_at))
    step_run.escalate_at, step_run.escalate_why = step_run.moves_at, "missed"
    messages.withdraw(session, step_run, ("handoff",), now)
    messages.tell_handed_back(session, step_run, taking, person, now)
    _note(session, step_run, since[0], "step.handed_back")
    session.flush()
    session.expire(step_run, ["handoffs", "moves"])
    return True


def _since_away(step_run: StepRun, person: Person) -> list[Handoff]:
    """The standing handoffs since the person's absence, if nobody's own word moved the step on."""
    left = [handoff.from_id == person.id for handoff in step_run.handoffs]
    since = step_run.handoffs[left.index(True) :] if any(left) else []
    is_away = bool(since) and since[0].reason == "absent"
    nobody_there = all(handoff.reason in ("absent", "deactivated") for handoff in since)
    return since if is_away and nobody_there else []


def answered_by_an_owner(session: Session, step_run: StepRun) -> None:
    """Put the owner of today at the chain's end when the one that was frozen there has left."""
    *before, last = step_run.chain
    if session.get_one(Person, last["person"]).deactivated_at is None:
        return
    owner = organisations.owner_of(session, step_run.org_id)
    step_run.chain = [*before, last | {"person": owner.id, "name": owner.name}]


def _note(session: Session, step_run: StepRun, handoff: Handoff, kind: str) -> None:
    by_themselves = handoff.reason == "cannot_do" and kind == "step.handed_on"
    record.note(
        session,
        step_run.org_id,
        handoff.returned_at or handoff.at,
        kind,
        handoff.from_person.id if by_themselves else record.SYSTEM,
        step_run.id,
        {
            "title": step_run.title,
            "level": handoff.level,
            "from": {"id": handoff.from_person.id, "name": handoff.from_person.name},
            "to": {"id": handoff.to_person.id, "name": handoff.to_person.name},
            "reason": handoff.reason,
            "words": handoff.words,
            "due_at": handoff.due_at,
            "passed_over": handoff.passed_over,
            "dark_since": handoff.dark_since,
            "dark_device": handoff.dark_device,
        },
    )
