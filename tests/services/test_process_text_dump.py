"""Dumped process text: plain YAML that applies without a change."""

from datetime import datetime, time

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from tests.services.process_texts import CONTRACT, apply
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions, process_text
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def test_a_dump_applies_without_a_change_and_dumps_the_same(stored: Session, now: datetime) -> None:
    crew = crew_of_a_daycare(stored, now)
    apply(stored, crew, now, CONTRACT)
    text = process_text.dump(stored, crew.org_id)
    assert apply(stored, crew, now, text) == []
    assert process_text.dump(stored, crew.org_id) == text


def test_a_dump_makes_the_same_organisation_elsewhere(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, CONTRACT)
    text = process_text.dump(session, crew.org_id)
    text = text.replace("@", "@other-").replace("Olivia", "Olive")
    other = crew_of_a_daycare(session, now, name="Bluebell")
    other.olivia.name = "Olive"
    other.olivia.email = "olivia@other-sunflower.example"
    apply(session, other, now, text)
    assert process_text.dump(session, other.org_id) == text


def test_a_dump_is_plain_yaml_without_those_who_left(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, CONTRACT)
    crew.maya.deactivated_at = now
    session.commit()
    read = yaml.safe_load(process_text.dump(session, crew.org_id))
    assert [person["name"] for person in read["people"]] == ["Ana", "Ben", "Fay", "Olivia"]
    assert read["processes"][0]["steps"][1]["max"] == 41


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).filter(
    lambda text: text.strip()
)
LIMIT = st.decimals(-99, 99, places=1, allow_nan=False)


@st.composite
def steps(draw: st.DrawFn) -> DraftStep:
    kind = draw(st.sampled_from(("photo", "number", "note", "timed", "scan")))
    low, high = sorted((draw(LIMIT), draw(LIMIT)))
    wanted = {
        "number": Requirement(kind, draw(TEXT), low, high, draw(TEXT)),
        "timed": Requirement(kind, min_seconds=draw(st.integers(0, 9999))),
        "scan": Requirement(kind, scan_code=draw(st.none() | TEXT)),
    }
    how = draw(st.just("") | TEXT | st.sampled_from(("yes", "~", "07:15", "a: b", "one\n\ntwo")))
    return DraftStep(draw(TEXT), how, wanted.get(kind, Requirement(kind)), draw(st.booleans()))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=TEXT,
    wanted=st.lists(steps(), min_size=1, max_size=4),
    rrule=st.sampled_from(
        (
            "FREQ=DAILY",
            "FREQ=DAILY;BYHOUR=8,12",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=WEEKLY;INTERVAL=2",
        )
    ),
    opens=st.none() | st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    days=st.integers(0, 31),
    grace=st.integers(0, 31 * 24 * 60),
    remind=st.none() | st.integers(0, 60),
    reached=st.none() | st.integers(0, 31 * 24 * 60),
)
def test_whatever_can_be_saved_survives_its_text(
    session: Session,
    crew: Crew,
    now: datetime,
    name: str,
    wanted: list[DraftStep],
    rrule: str,
    opens: time | None,
    days: int,
    grace: int,
    remind: int | None,
    reached: int | None,
) -> None:
    draft = ProcessDraft(
        name=name,
        locations=("Downtown",),
        rrule=rrule,
        deadline=time(17, 30),
        chain=(DraftLevel("assignee", crew.ana.id, 0), DraftLevel("backup", crew.ben.id, 0)),
        steps=tuple(wanted),
        opens=opens,
        opens_days_before=days,
        grace_minutes=grace,
        remind_minutes=remind,
        reached_within_minutes=reached,
    )
    assume(not definitions.faults(session, crew.org_id, draft, now))
    definitions.save(session, crew.olivia.id, crew.org_id, draft, now)
    text = process_text.dump(session, crew.org_id)
    assert process_text.apply(session, crew.org_id, crew.olivia.id, text, now) == []
    session.rollback()
