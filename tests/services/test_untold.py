"""An owner sees within a minute who could not be told, as long as it can be mended."""

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof
from webapp.models import OutboxMessage, new_id
from webapp.services import inbox, reviews

NOTES = (("Gate latch", proof("note")), ("Front room ready", proof("note")))
UNTIL_MISSED = {"minutes": 50}


@pytest.fixture
def day(stored, clock):
    day = Day(stored, clock, crew_of_a_daycare(stored, clock.now()), steps=NOTES)
    day.later(**UNTIL_MISSED)
    return day


def settle(day, outcome, channel="push"):
    for row in day.session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.channel == channel, OutboxMessage.next_attempt_at.is_not(None)
        )
    ):
        row.outcome, row.settled_at, row.next_attempt_at = outcome, day.clock.now(), None
    day.session.commit()


def untold(day, who="olivia"):
    items = inbox.items(day.session, day.crew.people[who], day.clock.now())
    return [item for item in items if item.kind == "untold"]


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        ("no_device", "No device of theirs takes messages. Tell Ben yourself."),
        ("refused", "The push service of their device refuses messages. Tell Ben yourself."),
    ],
)
def test_who_could_not_be_told_is_named_at_once(day, outcome, why):
    settle(day, outcome)
    (item,) = untold(day)
    assert item.sentence == (
        "Ben could not be told that “Gate latch” and “Front room ready” of "
        "Opening check at Downtown are theirs."
    )
    assert (item.detail, item.subject, item.need) == (why, day.step.run_id, True)


def test_a_message_that_nobody_takes_is_said_after_a_minute(day):
    day.clock.advance(seconds=59)
    assert untold(day) == []
    day.clock.advance(seconds=1)
    (item,) = untold(day)
    assert item.detail.startswith("The push service does not take the message yet")


def test_who_was_told_by_push_or_by_mail_is_not_named(day):
    settle(day, "accepted")
    assert untold(day) == []


def test_a_mail_that_went_out_counts_as_told(day):
    for push in day.session.scalars(select(OutboxMessage)).all():
        copied = ("org_id", "person_id", "kind", "run_id", "step_run_id", "level", "facts")
        day.session.add(
            OutboxMessage(
                **{name: getattr(push, name) for name in copied},
                dedupe_key=new_id(),
                channel="email",
                behind_id=push.id,
                created_at=push.created_at,
                expires_at=push.expires_at,
                next_attempt_at=None,
                outcome="accepted",
                settled_at=day.clock.now(),
            )
        )
    settle(day, "no_device")
    assert untold(day) == []


def test_it_is_over_when_the_step_moves_on_or_is_done(day):
    settle(day, "no_device")
    day.does("ben", proof={"kind": "note", "text": "Closed."})
    (item,) = untold(day)
    assert "“Front room ready” of" in item.sentence
    day.later(minutes=20)
    assert untold(day) == []


def test_the_holder_sees_it_on_their_own_screen(day):
    for minutes in (20, 30):
        day.later(minutes=minutes)
    settle(day, "no_device")
    assert untold(day, "olivia") == []


def test_who_does_not_hear_that_a_step_was_sent_back_is_named(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    day = Day(stored, clock, crew, steps=NOTES, review="all")
    day.does("ana", proof={"kind": "note", "text": "Closed."})
    proof_of_ana = day.step.proof
    reviews.send_back(
        stored, crew.olivia, day.step, proof_of_ana.evidence_sha256, "Which gate?", clock.now()
    )
    settle(day, "refused")
    (item,) = untold(day)
    assert item.sentence.startswith("Ana could not be told that “Gate latch” of")
    day.does("ana", proof={"kind": "note", "text": "The front gate."})
    assert untold(day) == []
