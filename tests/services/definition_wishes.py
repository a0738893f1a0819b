"""Definitions to save in tests."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Crew
from webapp.models import Event, Process
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft


def wish(crew: Crew, **more: Any) -> ProcessDraft:
    draft = ProcessDraft(
        name="Opening check",
        locations=("Downtown",),
        rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        deadline=time(7, 15),
        chain=(
            DraftLevel("assignee", crew.ana.id, 0),
            DraftLevel("backup", crew.ben.id, 0),
        ),
        steps=(
            DraftStep("Front room ready", "", Requirement("photo")),
            DraftStep("Gate latch checked", "", Requirement("note")),
        ),
    )
    return replace(draft, **more)


def save(
    session: Session, crew: Crew, now: datetime, draft: ProcessDraft, process: Process | None = None
) -> Process:
    saved = definitions.save(session, crew.olivia.id, crew.org_id, draft, now, process)
    session.commit()
    return saved


def events(session: Session, kind: str) -> list[dict[str, Any]]:
    query = select(Event.payload).where(Event.kind == kind).order_by(Event.seq)
    return list(session.scalars(query))
