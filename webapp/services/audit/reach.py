"""Whether steps leave people who cannot take them: away, gone, or told by no device."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from webapp.models import Absence, Handoff, Person, PushSubscription, StepRun
from webapp.rules import audit as rules
from webapp.rules import escalation
from webapp.rules.sentences import N_
from webapp.services import reached
from webapp.services.audit.finding import Finding
from webapp.services.audit.look import TOLERANCE, Look
from webapp.services.audit.steps import found
from webapp.services.audit.subjects import HELD, Subject


@dataclass(frozen=True, slots=True)
class People:
    """Who has left, who owns each organisation, and whose absences have not ended."""

    left: frozenset[str]
    owners: dict[str, frozenset[str]]
    absences: dict[str, list[Absence]]


def people(look: Look) -> People:
    """Return what an audit knows of everybody."""
    left, owners = set(), dict[str, set[str]]()
    query = select(Person.id, Person.org_id, Person.role, Person.deactivated_at)
    for person_id, org_id, role, deactivated_at in look.session.execute(query):
        if deactivated_at is not None:
            left.add(person_id)
        if role == "owner":
            owners.setdefault(org_id, set()).add(person_id)
    kept = {org_id: frozenset(ids) for org_id, ids in owners.items()}
    return People(frozenset(left), kept, _absences(look))


def _absences(look: Look) -> dict[str, list[Absence]]:
    grouped: dict[str, list[Absence]] = {}
    query = select(Absence).where(Absence.ended_at.is_(None))
    ahead = Absence.last_day >= (look.now - timedelta(days=1)).date()
    for absence in look.session.scalars(query.where(ahead)).unique():
        grouped.setdefault(absence.person_id, []).append(absence)
    return grouped


def check(look: Look, subject: Subject, everybody: People) -> Iterator[Finding]:
    """Find a step that stays with a holder who cannot take it."""
    row = subject.row
    is_last = row.level == row.last_level
    if row.state not in HELD or row.set_aside_at or not subject.chain:
        return
    if not is_last and (row.escalate_at is None or row.escalate_at <= look.now):
        return
    if row.holder_id in everybody.left:
        yield found(subject, "holder_left", N_("%(step)s is with somebody who has left."))
    elif is_last:
        return
    elif row.state == "open" and _stays_away(look, subject, everybody):
        yield found(subject, "holder_away", N_("%(step)s is with somebody who is away."))
    elif row.state == "open" and _stays_unreached(look, subject):
        says = N_("%(step)s is with somebody whom no device told, and stays there.")
        yield found(subject, "looks_too_late", says)


def _stays_away(look: Look, subject: Subject, everybody: People) -> bool:
    """Away now, and away already when the step came to them or the absence was told."""
    row = subject.row
    return any(
        _covers(absence, subject, look.now)
        and _covers(absence, subject, max(subject.held_since, absence.created_at))
        for absence in everybody.absences.get(row.holder_id, [])
    )


def _covers(absence: Absence, subject: Subject, moment: datetime) -> bool:
    day: date = max(moment, subject.row.deadline_at).astimezone(ZoneInfo(subject.row.zone)).date()
    return absence.first_day <= day <= absence.last_day


def _stays_unreached(look: Look, subject: Subject) -> bool:
    """Told by nobody's device for longer than the window, though somebody later has one."""
    row, level = subject.row, subject.row.level
    last = subject.turns[-1] if subject.turns else None
    if last is None or last.kind != "taken" or not row.moves_at:
        return False
    next_wait = subject.chain[level + 1].wait
    window = escalation.reach_window(row.reached_within_minutes, next_wait)
    earliest = rules.unreached_by(last.at, row.deadline_at, window, row.moves_at)
    if window is None or row.escalate_at <= earliest + TOLERANCE:
        return False
    return _late_after_telling(look, subject, window)


def _late_after_telling(look: Look, subject: Subject, window: timedelta) -> bool:
    row = subject.row
    query = select(Handoff).where(
        Handoff.step_run_id == row.id, Handoff.level == row.level, Handoff.returned_at.is_(None)
    )
    taking = look.session.scalars(query).unique().first()
    told = reached.telling(look.session, taking) if taking else None
    if taking is None or told is None or told.reached or not told.tried:
        return False
    by = rules.unreached_by(told.told_at, row.deadline_at, window, row.moves_at)
    return bool(row.escalate_at > by + TOLERANCE) and _somebody_later_had_a_device(
        look, subject, taking.at
    )


def _somebody_later_had_a_device(look: Look, subject: Subject, since: datetime) -> bool:
    """A device that came after the handoff may be newer than the engine's look."""
    step_run = look.session.get_one(StepRun, subject.row.id)
    if not reached.somebody_later_has_a_device(look.session, step_run):
        return False
    later = [level.person for level in subject.chain[subject.row.level + 1 :]]
    devices = look.session.scalars(
        select(PushSubscription).where(
            PushSubscription.person_id.in_(later), PushSubscription.last_error.is_(None)
        )
    )
    return any(device.created_at <= since for device in devices)
