"""What somebody says about a step counts only for the step as they knew it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof
from webapp.models import Event, OutboxMessage
from webapp.services import commands, inbox, reviews

GATE = (("Gate latch", proof("note")),)
NOTE = {"kind": "note", "text": "Closed."}


@pytest.fixture
def monday(stored, clock) -> Day:
    crew = crew_of_a_daycare(stored, clock.now())
    day = Day(stored, clock, crew, steps=GATE, review="all")
    day.step.may_skip = True
    stored.commit()
    return day


def send_back(monday: Day) -> None:
    step, now = monday.step, monday.clock.now()
    seen = step.proof.evidence_sha256
    reviews.send_back(monday.session, monday.crew.olivia, step, seen, "Look again.", now)
    monday.session.commit()


@pytest.mark.parametrize("kind", ["cannot_do", "not_applicable"])
@pytest.mark.parametrize(("attempt", "code"), [(1, "sent_back_unseen"), (3, "ahead")])
def test_words_about_another_attempt_are_held(monday, kind, attempt, code):
    monday.does("ana", proof=NOTE)
    send_back(monday)
    said = monday.does("ana", kind, attempt=attempt, reason="The gate is gone.")
    assert (said.status, said.result["code"]) == ("held", code)
    assert (monday.step.state, monday.step.holder.name, monday.step.attempt) == ("open", "Ana", 2)
    (item,) = inbox.items(monday.session, monday.crew.olivia, monday.clock.now())
    assert item.kind == "held"


@pytest.mark.parametrize("kind", ["cannot_do", "not_applicable"])
def test_words_about_an_attempt_that_is_closed_again_are_superseded(monday, kind):
    monday.does("ana", proof=NOTE)
    send_back(monday)
    monday.does("ana", proof=NOTE)
    assert monday.does("ana", kind, attempt=1, reason="No gate.").status == "superseded"
    assert monday.step.state == "in_review"


@pytest.mark.parametrize("kind", ["cannot_do", "not_applicable"])
@pytest.mark.parametrize(("since", "status"), [(-1, "held"), (1, "applied")])
def test_words_count_only_from_before_their_device_was_signed_off(monday, kind, since, status):
    now = monday.clock.now()
    device = commands.known_device(monday.session, monday.crew.ana, "phone-of-ana", now)
    device.revoked_at = now + timedelta(minutes=since)
    monday.session.commit()
    assert monday.does("ana", kind, reason="No key.").status == status
    events = monday.session.scalars(select(Event.kind)).all()
    assert ("command.held" in events) == (status == "held")


def test_whoever_took_over_hears_of_every_time_that_it_was_done_in_time(monday):
    done_at = monday.clock.now()
    monday.later(minutes=50)
    for attempt in (1, 2):
        monday.does("ana", captured_at=done_at, attempt=attempt, proof=NOTE)
        if attempt == 1:
            send_back(monday)
    told = select(OutboxMessage).where(OutboxMessage.kind == "not_needed")
    keys = {message.dedupe_key for message in monday.session.scalars(told)}
    assert len(keys) == 2
