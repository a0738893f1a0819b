"""Whether the engine is alive and keeps up, from what its processes left in the database."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.models import EngineState, Organisation, OutboxMessage, Run, StepRun
from webapp.rules.sentences import N_, Forms, n_
from webapp.services import audit, channel_trouble
from webapp.services.silence import SILENCE, silence
from webapp.words import ngettext, translated

ENGINE_ROW = 1
# What silence means for the people of an organisation, and what to do.
MEANS = {
    "clock": N_(
        "Missed work does not move on, and nobody is told of anything, until it is back. "
        "Start Baton again, or tell who runs it."
    ),
    "worker": N_(
        "Nobody is told of what is theirs until it is back; work still moves on. "
        "Start Baton again, or tell who runs it."
    ),
}
# What is counted here anew, so that it shows without waiting for an audit.
COUNTED_HERE = {
    "clock_silent",
    "worker_silent",
    "engine_missing",
    "run_not_opened",
    "look_overdue",
    "message_overdue",
    "run_set_aside",
    "step_set_aside",
}


def reasons(session: Session, now: datetime) -> list[str]:
    """Return why the installation is not well, one sentence each; empty when it is.

    Anybody may read them: they name no people and no work.
    """
    engine = session.get(EngineState, ENGINE_ROW)
    silent = [
        silence("clock", engine.last_tick_at if engine else None, now),
        silence("worker", engine.worker_seen_at if engine else None, now),
        silence("auditor", engine.last_audit_at if engine else None, now),
    ]
    mail = channel_trouble.of_the_server(session, now)
    return [*filter(None, silent), *overdue(session, now), *mail, *_audited(session)]


def silent(session: Session, now: datetime) -> dict[str, str]:
    """Return which of clock and worker is silent, with what that means and what to do.

    One of them at most: a worker hears nothing while the clock is silent.
    """
    engine = session.get(EngineState, ENGINE_ROW)
    seen = {
        "clock": engine.last_tick_at if engine else None,
        "worker": engine.worker_seen_at if engine else None,
    }
    for who, at in seen.items():
        if sentence := silence(who, at, now):
            return {who: f"{sentence} {translated(MEANS[who])}"}
    return {}


def overdue(session: Session, now: datetime) -> list[str]:
    """Return what should have happened over a minute ago, and what does not move by itself."""
    by = now - SILENCE
    found: list[tuple[int, Forms]] = [
        *((_count(session, late(by)), words) for late, words in _LATE),
        (_set_aside(session), _SET_ASIDE),
    ]
    return [ngettext(*words, count) for count, words in found if count]


def _audited(session: Session) -> list[str]:
    """What the last audit found, counted by kind, without any names."""
    codes = Counter(each.code for each in audit.kept(session) if each.code not in COUNTED_HERE)
    return [f"The audit found: {audit.CODES[code][1]} ({many})." for code, many in codes.items()]


def gauges(session: Session, now: datetime) -> dict[str, float]:
    """Return the numbers that a monitor watches; ages are in seconds, absent when unknown."""
    engine = session.get(EngineState, ENGINE_ROW)
    numbers: dict[str, float] = {
        "step_runs_open": _count(session, _in_states("open", "claimed")),
        "step_runs_in_review": _count(session, _in_states("in_review")),
        "step_runs_set_aside": _count(session, _step_set_aside()),
        "handoffs_due": _count(session, _escalation_due(now)),
        "outbox_due": _count(session, _message_due(now)),
        "outbox_waiting": _count(session, OutboxMessage.next_attempt_at.is_not(None)),
        "audit_findings": len(audit.kept(session)),
    }
    seen = {
        "tick": engine.last_tick_at if engine else None,
        "worker": engine.worker_seen_at if engine else None,
        "audit": engine.last_audit_at if engine else None,
        "clean_audit": engine.last_clean_audit_at if engine else None,
    }
    ages = {f"{who}_age_seconds": (now - at).total_seconds() for who, at in seen.items() if at}
    return numbers | ages


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0


def _in_states(*states: str) -> ColumnElement[bool]:
    """By organisation and state, which an index answers however many are closed."""
    return StepRun.org_id.in_(select(Organisation.id)) & StepRun.state.in_(states)


def _step_set_aside() -> ColumnElement[bool]:
    return _in_states("waiting", "open", "claimed") & StepRun.set_aside_at.is_not(None)


def _opening_due(by: datetime) -> ColumnElement[bool]:
    return (Run.state == "planned") & (Run.opens_at < by) & Run.set_aside_at.is_(None)


def _follow_up_due(by: datetime) -> ColumnElement[bool]:
    return (StepRun.opens_at < by) & StepRun.set_aside_at.is_(None)


def _escalation_due(by: datetime) -> ColumnElement[bool]:
    return (StepRun.escalate_at < by) & StepRun.set_aside_at.is_(None)


def _message_due(by: datetime) -> ColumnElement[bool]:
    return OutboxMessage.next_attempt_at < by


def _set_aside(session: Session) -> int:
    """What the engine could not handle needs somebody: it does not move by itself any more."""
    planned = (Run.state == "planned") & Run.set_aside_at.is_not(None)
    return _count(session, _step_set_aside()) + _count(session, planned)


_LATE = (
    (
        _opening_due,
        n_(
            "%(num)s run to open is overdue by more than a minute.",
            "%(num)s runs to open are overdue by more than a minute.",
        ),
    ),
    (
        _follow_up_due,
        n_(
            "%(num)s step to open is overdue by more than a minute.",
            "%(num)s steps to open are overdue by more than a minute.",
        ),
    ),
    (
        _escalation_due,
        n_(
            "%(num)s handoff is overdue by more than a minute.",
            "%(num)s handoffs are overdue by more than a minute.",
        ),
    ),
    (
        _message_due,
        n_(
            "%(num)s message is overdue by more than a minute.",
            "%(num)s messages are overdue by more than a minute.",
        ),
    ),
)
_SET_ASIDE = n_(
    "%(num)s step or run was set aside and no longer moves by itself. The owner's page names it.",
    "%(num)s steps or runs were set aside and no longer move by themselves. The owner's page names"
    " them.",
)
