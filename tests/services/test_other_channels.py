"""E-mail and the extra channel stand behind each push: written with it, and not needed after it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof
from webapp.mail_server import MailServer
from webapp.models import OutboxMessage, PushSubscription, Receipt
from webapp.services import messages, people, receipts, reviews
from worker.standing import still_matters

UNTIL_MISSED = {"minutes": 50}
NOTE = {"kind": "note", "text": "Done."}
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7Fx9"


@pytest.fixture
def crew(stored, clock):
    settings = current_app.config["SETTINGS"]
    server = MailServer("127.0.0.1", 25, "baton@baton.example")
    current_app.config["SETTINGS"] = replace(settings, mail=server)
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew) -> Day:
    return Day(stored, clock, crew, steps=(("Front room", proof("note")),))


def has_phone(day: Day, who: str, last_error: str | None = None) -> None:
    person = day.crew.people[who]
    day.session.add(
        PushSubscription(
            org_id=person.org_id,
            person_id=person.id,
            device_id=f"phone-of-{who}",
            endpoint=f"https://push.example/{who}",
            p256dh="x",
            auth="x",
            created_at=day.clock.now(),
            last_error=last_error,
        )
    )
    day.session.commit()


def outbox(day: Day) -> list[OutboxMessage]:
    return list(day.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def told(day: Day) -> list[tuple[str, str, timedelta]]:
    now = day.clock.now()
    return [(row.kind, row.channel, row.next_attempt_at - now) for row in outbox(day)]


AT_ONCE, BEHIND = timedelta(0), timedelta(seconds=30)


def test_an_email_stands_behind_the_push_and_tells_the_same(day):
    day.later(**UNTIL_MISSED)
    push, email = outbox(day)
    assert (email.dedupe_key, email.behind_id) == (f"email:{push.id}", push.id)
    for same in ("kind", "facts", "step_run_id", "run_id", "level", "expires_at", "person_id"):
        assert getattr(email, same) == getattr(push, same)


def test_who_has_no_device_is_mailed_at_once(day):
    day.later(**UNTIL_MISSED)
    assert told(day) == [("handoff", "push", AT_ONCE), ("handoff", "email", AT_ONCE)]


def test_who_has_a_device_is_mailed_when_the_push_had_its_time(day):
    has_phone(day, "ben")
    day.later(**UNTIL_MISSED)
    assert told(day) == [("handoff", "push", AT_ONCE), ("handoff", "email", BEHIND)]


def test_a_device_that_push_services_refuse_is_none(day):
    has_phone(day, "ben", last_error="vapid")
    day.later(**UNTIL_MISSED)
    assert told(day)[1] == ("handoff", "email", AT_ONCE)


def test_an_extra_channel_stands_behind_beside_the_email(day, crew):
    crew.ben.extra_url = SLACK
    day.later(**UNTIL_MISSED)
    assert {row.channel for row in outbox(day)} == {"push", "email", "extra"}
    assert {row.dedupe_key.partition(":")[0] for row in outbox(day)} == {
        "handoff",
        "email",
        "extra",
    }
    assert not any("slack" in str(row.facts) for row in outbox(day))


def test_who_has_no_address_is_told_by_push_alone(day, crew):
    crew.ben.email = None
    day.later(**UNTIL_MISSED)
    assert told(day) == [("handoff", "push", AT_ONCE)]


def test_without_a_mail_server_no_email_is_written(day):
    settings = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(settings, mail=None)
    day.session.commit()
    day.later(**UNTIL_MISSED)
    assert told(day) == [("handoff", "push", AT_ONCE)]


def test_a_reminder_is_mailed_only_to_who_has_no_device(stored, clock, crew):
    has_phone_day = Day(stored, clock, crew, steps=(("Front room", proof("note")),), remind=10)
    has_phone_day.later(minutes=35)
    assert [row[:2] for row in told(has_phone_day)] == [("reminder", "push"), ("reminder", "email")]


def test_a_reminder_to_a_device_has_no_email_behind_it(stored, clock, crew):
    day = Day(stored, clock, crew, steps=(("Front room", proof("note")),), remind=10)
    has_phone(day, "ana")
    day.later(minutes=35)
    assert [row[:2] for row in told(day)] == [("reminder", "push")]


def test_a_review_is_mailed_to_the_owner(stored, clock, crew):
    day = Day(stored, clock, crew, steps=(("Front room", proof("note")),), review="all")
    day.does("ana", proof=NOTE)
    assert told(day) == [("review", "push", AT_ONCE), ("review", "email", AT_ONCE)]
    assert {row.person_id for row in outbox(day)} == {crew.olivia.id}


def test_what_was_sent_back_is_mailed_to_the_holder(stored, clock, crew):
    day = Day(stored, clock, crew, steps=(("Front room", proof("note")),), review="all")
    has_phone(day, "ana")
    day.does("ana", proof=NOTE)
    seen = day.step.proof.evidence_sha256
    reviews.send_back(stored, crew.olivia, day.step, seen, "Which room?", clock.now())
    stored.commit()
    rows = [row for row in outbox(day) if row.kind == "sent_back"]
    assert [row.channel for row in rows] == ["push", "email"]
    questions = [row.outcome for row in outbox(day) if row.kind == "review"]
    assert questions == ["not_needed", "not_needed"]


def test_what_is_withdrawn_is_withdrawn_on_every_channel(day):
    day.later(**UNTIL_MISSED)
    day.does("ben", proof=NOTE)
    assert [row.outcome for row in outbox(day)] == ["not_needed", "not_needed"]


def test_the_next_level_leaves_no_email_to_the_one_before(day):
    day.later(**UNTIL_MISSED)
    day.later(minutes=20)
    before = [row for row in outbox(day) if row.level == 1]
    assert [row.outcome for row in before] == ["not_needed", "not_needed"]
    assert {row.person_id for row in outbox(day) if row.level == 2} == {day.crew.fay.id}


def acknowledged(day: Day, message_id: str, name: str) -> None:
    receipt = Receipt(message_id=message_id, device_id="phone")
    setattr(receipt, name, day.clock.now())
    day.session.add(receipt)
    day.session.commit()


def test_a_push_that_reached_a_device_makes_the_email_needless(day):
    has_phone(day, "ben")
    day.later(**UNTIL_MISSED)
    push, email = outbox(day)
    assert still_matters(day.session, [email])(email)
    acknowledged(day, push.id, "accepted_at")
    assert still_matters(day.session, [email])(email)
    day.session.delete(day.session.get(Receipt, (push.id, "phone")))
    day.session.commit()
    acknowledged(day, push.id, "reached_at")
    assert not still_matters(day.session, [email])(email)
    assert still_matters(day.session, [push])(push)


def test_so_does_work_over_the_api_which_reaches_no_device(day, crew):
    has_phone(day, "ben")
    day.later(**UNTIL_MISSED)
    _push, email = outbox(day)
    receipts.acted(day.session, crew.ben, day.step, None, day.clock.now())
    day.session.commit()
    assert not still_matters(day.session, [email])(email)


def test_so_does_the_receipt_of_the_push_that_led_the_bundle(stored, clock, crew):
    two = (("Front room", proof("note")), ("Gate latch", proof("note")))
    day = Day(stored, clock, crew, steps=two)
    has_phone(day, "ben")
    day.later(**UNTIL_MISSED)
    leader, second = (row for row in outbox(day) if row.channel == "push")
    second.sent_as = leader.id
    acknowledged(day, leader.id, "reached_at")
    emails = [row for row in outbox(day) if row.channel == "email"]
    assert not any(map(still_matters(day.session, emails), emails))


def test_an_email_does_not_matter_when_the_step_has_moved_on_or_closed(day):
    day.later(**UNTIL_MISSED)
    _push, email = outbox(day)
    day.step.level = 2
    assert not still_matters(day.session, [email])(email)


def test_who_has_left_is_mailed_nothing(day, crew):
    people.deactivate(day.session, crew.olivia, crew.ben, day.clock.now())
    day.session.commit()
    messages.tell_test(day.session, crew.ben, crew.olivia, day.clock.now())
    assert [row.channel for row in outbox(day) if row.person_id == crew.ben.id] == ["push"]
