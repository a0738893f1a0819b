"""The auditor: what the rules say should have happened, compared with what is stored.

It repairs nothing. Each family of checks is a module of its own; all read one snapshot.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.models import EngineState
from webapp.rules.sentences import as_facts, of_facts
from webapp.services.audit import (
    engine,
    handoffs,
    later,
    messages,
    proofs,
    reach,
    records,
    runs,
    steps,
)
from webapp.services.audit.finding import CODES, Finding, or_say, worst_first
from webapp.services.audit.look import Look, Memory, look, snapshot
from webapp.services.audit.subjects import Subject, subjects

__all__ = ["CODES", "Finding", "Memory", "audit", "findings_of", "keep", "kept", "snapshot"]

# The engine's row shows the worst of them; the page of an owner is no log.
MOST_KEPT = 100


def audit(
    session: Session, now: datetime, blob_dir: Path, memory: Memory | None = None
) -> list[Finding]:
    """Return everything that is not as the rules say, the worst first; empty when all is well.

    `session` should come from `snapshot`: two reads of a database that moves on between them
    would find what is not there. With the `memory` of a long-lived process the costly parts (all
    processes, all files, the whole record) are taken in turns; without, everything is read.
    """
    return worst_first(list(_findings(look(session, now, blob_dir, memory))))


def _findings(at: Look) -> Iterator[Finding]:
    yield from engine.check(at)
    yield from runs.check_planning(at)
    yield from runs.check(at)
    yield from _of_steps(at)
    yield from later.check(at)
    yield from messages.check(at)
    yield from proofs.check(at)
    yield from records.check(at)


def _of_steps(at: Look) -> Iterator[Finding]:
    everybody = reach.people(at)
    for subject in subjects(at):
        findings = list(or_say(_of_step(at, subject, everybody), steps.unreadable(subject)))
        at.remember(subject.row.id, at_fault=bool(findings))
        yield from findings


def _of_step(at: Look, subject: Subject, everybody: reach.People) -> Iterator[Finding]:
    if subject.is_unreadable:
        yield steps.unreadable(subject)
        return
    if not subject.is_erased:
        yield from steps.check(at, subject)
        yield from reach.check(at, subject, everybody)
        yield from handoffs.check(at, subject)
        yield from messages.check_step(subject, everybody)
    yield from proofs.check_step(subject)


def keep(session: Session, findings: list[Finding], now: datetime) -> None:
    """Keep what an audit found where the pages and the monitor see it.

    Without an engine's row nothing is kept: making one is the clock's part.
    """
    values: dict[str, Any] = {
        "last_audit_at": now,
        "findings": [
            each.as_json() | {"said": as_facts(each.sentence)} for each in findings[:MOST_KEPT]
        ],
    }
    if not findings:
        values["last_clean_audit_at"] = now
    session.execute(update(EngineState).where(EngineState.id == 1).values(values))


def kept(session: Session) -> list[Finding]:
    """Return what the last audit found, the worst first."""
    row = session.get(EngineState, 1)
    found = row.findings if row else []
    return [
        Finding(each["code"], each["subject"], each["organisation"], _sentence(each))
        for each in found
    ]


def _sentence(kept: dict[str, Any]) -> str:
    """What an older Baton kept has only its English."""
    return of_facts(kept["said"]) if "said" in kept else str(kept["sentence"])


def findings_of(session: Session, org_id: str) -> list[Finding]:
    """Return what the last audit found in an organisation, the worst first."""
    return [each for each in kept(session) if each.organisation == org_id]
