"""Nobody comes after the last level: what is not done there is missed, and seen to be."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, proof
from webapp.models import Event, Handoff, OutboxMessage
from webapp.services import inbox, reviews
from worker.duties import tick

GATE = (("Gate latch", proof("note")),)
GRACE = timedelta(minutes=5)


@pytest.fixture
def day(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    return lambda **options: Day(stored, clock, crew, **options)


def nobody_can(monday: Day) -> None:
    for who in ("ana", "ben", "fay"):
        monday.does(who, "cannot_do", reason="I have no key.")


def kinds(monday: Day, person) -> list[str]:
    return [item.kind for item in inbox.items(monday.session, person, monday.clock.now())]


def missed_events(monday: Day) -> list[Event]:
    return list(monday.session.scalars(select(Event).where(Event.kind == "step.missed")))


def test_a_step_handed_to_the_last_level_early_is_missed_when_nobody_does_it(day):
    monday = day(steps=GATE)
    nobody_can(monday)
    first_due = monday.step.deadline_at + GRACE
    assert (monday.step.holder.name, monday.step.escalate_at) == ("Olivia", first_due)
    assert kinds(monday, monday.crew.olivia) == []
    monday.later(minutes=49)
    assert monday.step.missed_at is None
    monday.later(minutes=1)
    assert (monday.step.missed_at, monday.step.escalate_at) == (first_due, None)
    assert (monday.step.state, monday.step.holder.name) == ("open", "Olivia")
    assert kinds(monday, monday.crew.olivia) == ["missed"]
    assert kinds(monday, monday.crew.maya) == ["moved", "untold"]


def test_a_miss_at_the_last_level_is_recorded_once_and_looked_at_no_more(day):
    monday = day(steps=GATE)
    nobody_can(monday)
    assert tick(monday.session, monday.clock.advance(minutes=50)).handed_on == 1
    assert tick(monday.session, monday.clock.advance(hours=9)).handed_on == 0
    (event,) = missed_events(monday)
    assert event.payload["holder"]["name"] == "Olivia"
    assert len(monday.session.scalars(select(Handoff)).all()) == 3


def test_a_step_handed_to_the_last_level_after_its_time_is_missed_at_once(day):
    monday = day(steps=GATE, waits=(120, 20))
    monday.does("ana", "cannot_do", reason="No key.")
    monday.later(minutes=55)
    for who in ("ben", "fay"):
        monday.does(who, "cannot_do", reason="No key.")
    monday.later(seconds=1)
    assert monday.step.missed_at == monday.step.deadline_at + GRACE
    assert kinds(monday, monday.crew.olivia) == ["missed"]


def test_what_reaches_the_last_level_by_misses_has_no_second_miss(day):
    monday = day(steps=GATE)
    for minutes in (50, 20, 30, 60):
        monday.later(minutes=minutes)
    assert (monday.step.level, monday.step.escalate_at, missed_events(monday)) == (3, None, [])


def test_a_claimed_step_at_the_last_level_is_missed_and_shown_when_its_bytes_stay_away(day):
    monday = day()
    nobody_can(monday)
    monday.later(minutes=40)
    monday.does("olivia", proof=photo_proof(photo()))
    monday.later(minutes=29)
    assert (monday.step.state, monday.step.missed_at) == ("claimed", None)
    monday.later(minutes=1)
    assert (monday.step.state, monday.step.missed_at) == ("claimed", monday.clock.now())
    assert kinds(monday, monday.crew.olivia) == ["missed"]


def test_what_is_sent_back_at_the_last_level_is_missed_when_it_is_not_done_again(day):
    monday = day(steps=GATE, review="all")
    nobody_can(monday)
    monday.does("olivia", proof={"kind": "note", "text": "Closed."})
    step, now = monday.step, monday.clock.now()
    seen = step.proof.evidence_sha256
    reviews.send_back(monday.session, monday.crew.olivia, step, seen, "Not well.", now)
    monday.session.commit()
    monday.later(minutes=50)
    assert monday.step.missed_at == monday.step.deadline_at + GRACE
    assert kinds(monday, monday.crew.olivia) == ["missed"]


def test_the_message_to_the_last_level_outlives_the_miss(day):
    monday = day(steps=GATE)
    nobody_can(monday)
    query = select(OutboxMessage).where(OutboxMessage.level == 3)
    told = monday.session.scalars(query).one()
    assert told.expires_at == told.created_at + timedelta(hours=24)
