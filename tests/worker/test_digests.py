"""Each Monday at seven an owner is told of the week before, once, with the record's head."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from tests.factories import proof
from tests.mail_server import MailServerOfTests
from webapp.mail_server import MailServer
from webapp.models import Event, OutboxMessage
from webapp.services import digests, record_heads
from webapp.services.other_channels import MAIL_IS_SET_UP
from worker.digesting import digest_if_due

NOTE = (("Gate latch", proof("note")),)
OLIVIA = "olivia@sunflower.example"
# From an hour after MONDAY to the next Monday, 07:00 in Chicago.
A_WEEK = timedelta(days=7) + timedelta(minutes=30)


@pytest.fixture
def mail():
    """The mail server of this installation; a test fails on an e-mail that it did not expect."""
    with MailServerOfTests() as server:
        yield server


@pytest.fixture
def monday(post, mail, stored):
    settings = current_app.config["SETTINGS"]
    server = MailServer("127.0.0.1", mail.port, "baton@baton.example")
    current_app.config["SETTINGS"] = replace(settings, mail=server)
    stored.info[MAIL_IS_SET_UP] = True
    return post(steps=NOTE, remind=0)


def a_week_later(monday, **less) -> int:
    """The clock's duty, a week after a Monday on which work reached the owner."""
    for minutes in (50, 20, 30):
        monday.clock.advance(minutes=minutes)
    now = monday.clock.advance(days=7, minutes=-70, seconds=-less.get("seconds", 0))
    return digest_if_due(monday.session, now)


def rows(monday) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "digest")
    return list(monday.session.scalars(query.order_by(OutboxMessage.channel)))


def test_it_comes_at_seven_on_the_clock_of_the_place_and_not_before(monday):
    assert a_week_later(monday, seconds=1) == 0
    assert digest_if_due(monday.session, monday.clock.advance(seconds=1)) == 1


def test_it_comes_once_for_each_owner_and_channel(monday):
    a_week_later(monday)
    assert [row.channel for row in rows(monday)] == ["email", "push"]
    for hours in (0, 1, 1, 30):
        digest_if_due(monday.session, monday.clock.advance(hours=hours))
    assert len(rows(monday)) == 2


def test_after_a_long_outage_it_does_not_come_any_more(monday):
    monday.clock.advance(days=2)
    assert a_week_later(monday) == 0


def test_a_week_without_runs_is_not_told(monday):
    assert digest_if_due(monday.session, monday.clock.advance(minutes=30)) == 0
    assert rows(monday) == []


def test_the_head_that_it_names_is_in_the_record_and_was_published_before(monday):
    a_week_later(monday)
    head = record_heads.latest(monday.session, monday.crew.org_id)
    event = monday.session.get_one(Event, (monday.crew.org_id, head.seq))
    assert (event.kind, event.hash) == ("record.head_published", head.hash)
    anchor = f"Event {head.seq} · {head.hash}"
    assert {row.facts["head"]["anchor"] for row in rows(monday)} == {anchor}


def test_the_e_mail_says_the_week_and_the_head_and_how_to_be_told_otherwise(monday, mail):
    a_week_later(monday)
    monday.delivers()
    text = mail.expect(OLIVIA, Subject="Week of 23–29 November").text
    head = record_heads.latest(monday.session, monday.crew.org_id)
    assert "Hello Olivia," in text
    assert "0 of 5 runs needed nobody to chase." in text
    assert f"{head.seq} · {head.hash}" in text
    assert "/week?week=2026-W48" in text
    assert "/me#digest" in text
    assert "none of your devices" not in text


def test_the_push_is_short_and_leads_to_the_week(monday, mail):
    phone = monday.has_phone("olivia")
    monday.crew.olivia.digest = "push"
    monday.session.commit()
    a_week_later(monday)
    monday.delivers()
    message = monday.service.expect(phone, kind="digest")
    push = message.payload
    assert message.urgency == "low"
    assert push["title"] == "Week of 23–29 November"
    assert push["url"] == "/week?week=2026-W48"
    assert push["body"].startswith("0 of 5 runs needed nobody to chase.")
    assert "Event " in push["body"]


def test_who_does_not_want_it_is_told_nothing_and_no_head_is_published(monday):
    now = monday.clock.now()
    digests.choose(monday.session, monday.crew.olivia, "none", now)
    monday.session.commit()
    assert a_week_later(monday) == 0
    assert record_heads.latest(monday.session, monday.crew.org_id) is None


def test_it_is_in_the_language_of_its_reader(monday):
    monday.crew.olivia.language = "fr"
    monday.session.commit()
    a_week_later(monday)
    assert "novembre" in rows(monday)[0].facts["title"]


def test_before_anybody_began_the_duty_has_nothing_to_do(stored, clock):
    assert digest_if_due(stored, clock.now()) == 0


def test_in_the_week_in_which_the_clocks_go_back_it_looks_again_within_the_hour(monday):
    at = datetime(2026, 10, 26, 12, tzinfo=UTC)  # seven in Chicago
    assert digests.next_look(monday.session, at) == at + digests.LOOK_EVERY


def test_one_organisation_in_trouble_keeps_no_other_waiting(monday, monkeypatch):
    def breaks(*_given):
        raise ValueError("damaged")

    monkeypatch.setattr(digests, "write", breaks)
    assert a_week_later(monday) == 0
    monkeypatch.undo()
    assert digest_if_due(monday.session, monday.clock.advance(hours=1)) == 1
