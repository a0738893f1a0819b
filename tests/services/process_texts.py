"""Process texts to apply in tests."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Crew
from webapp.models import Process
from webapp.problems import Problem
from webapp.services import definitions, process_text
from webapp.services.definitions import ProcessDraft

CONTRACT = (Path(__file__).parent / "example.yaml").read_text("utf-8")
SMALL = """\
processes:
  - name: Closing
    locations: [Downtown]
    cadence: every day
    deadline: {deadline}
    chain: [{{assignee: Ana}}, {{backup: Ben}}]
    steps: [{{title: Lock up, proof: timed}}]
"""


def apply(session: Session, crew: Crew, now: datetime, text: str) -> list[str]:
    lines = process_text.apply(session, crew.org_id, crew.olivia.id, text, now)
    session.commit()
    return lines


def faults(session: Session, crew: Crew, now: datetime, text: str) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        process_text.apply(session, crew.org_id, crew.olivia.id, text, now)
    session.rollback()
    assert caught.value.code == "process_text_not_valid"
    return caught.value.fields


def the_process(session: Session) -> ProcessDraft:
    process = session.scalars(select(Process)).one()
    return definitions.draft_of(definitions.current_version(process))
