"""The newest head is stamped by an authority outside, beside the clock; no failure does harm."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.factories import crew_of_a_daycare
from tests.stamp_authority import SIGNER, Authority
from tests.worker.test_authority import HOSTILE, be
from webapp.models import RecordStamp
from webapp.rules.record import Verified
from webapp.services import record, record_heads, stamps
from worker import authority, stamping
from worker.authority import NoStamp
from worker.stamping import stamp_due


@pytest.fixture
def office():
    with Authority() as office:
        yield office


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


def publish(session, clock, crew):
    head = record_heads.publish(session, crew.org_id, clock.now())
    session.commit()
    return head


def row(session) -> RecordStamp:
    session.expire_all()
    found = session.scalars(select(RecordStamp)).one()
    session.rollback()
    return found


def test_a_published_head_is_stamped_once(stored, clock, crew, office):
    assert stamp_due(stored, office.url, clock.now()) == 0
    head = publish(stored, clock, crew)
    assert stamp_due(stored, office.url, clock.now()) == 1
    assert stamp_due(stored, office.url, clock.advance(days=2)) == 0
    assert len(office.asked) == 1
    (kept,) = stamps.all_of(stored, crew.org_id, head.seq)
    assert (kept.seq, kept.hash, kept.authority) == (head.seq, head.hash, SIGNER)
    assert stamps.latest(stored, crew.org_id) == kept
    assert isinstance(record.verify(stored, crew.org_id), Verified)


def test_only_the_newest_head_is_asked_for_as_it_binds_the_others(stored, clock, crew, office):
    first, second = publish(stored, clock, crew), publish(stored, clock, crew)
    stamp_due(stored, office.url, clock.now())
    assert len(office.asked) == 1
    assert [each.seq for each in stamps.all_of(stored, crew.org_id, second.seq)] == [second.seq]
    assert stamps.all_of(stored, crew.org_id, first.seq) == []
    third = publish(stored, clock, crew)
    assert stamp_due(stored, office.url, clock.now()) == 1
    assert stamps.latest(stored, crew.org_id).seq == third.seq


def test_no_transaction_is_open_while_the_authority_is_asked(
    stored, clock, crew, office, monkeypatch
):
    publish(stored, clock, crew)
    seen, ask = [], authority.stamp

    def watched(*asked):
        seen.append(stored.in_transaction())
        return ask(*asked)

    monkeypatch.setattr(authority, "stamp", watched)
    assert stamp_due(stored, office.url, clock.now()) == 1
    assert seen == [False]


@pytest.mark.parametrize(
    ("hostile", "why"), [each[1:] for each in HOSTILE], ids=[each[0] for each in HOSTILE]
)
def test_a_hostile_answer_ends_in_a_log_line_and_another_try(
    session, clock, office, monkeypatch, hostile, why
):
    monkeypatch.setattr(authority, "PATIENCE", 0.3)
    crew = crew_of_a_daycare(session, clock.now())
    head = publish(session, clock, crew)
    be(office, hostile)
    with capture_logs() as logs:
        assert stamp_due(session, office.url, clock.now()) == 0
    (said,) = logs
    assert (said["log_level"], said["head"], said["reason"]) == ("warning", head.seq, why)
    assert row(session).trouble == why
    with Authority() as well:
        monkeypatch.setattr(authority, "PATIENCE", 15.0)
        assert stamp_due(session, well.url, clock.advance(seconds=59)) == 0
        assert stamp_due(session, well.url, clock.advance(seconds=1)) == 1
    assert (row(session).trouble, row(session).tries) == (None, 2)


def test_tries_come_less_and_less_often_but_never_end(stored, clock, crew, monkeypatch):
    def away(*_):
        raise NoStamp("it does not answer")

    monkeypatch.setattr(authority, "stamp", away)
    publish(stored, clock, crew)
    waits = []
    for tries in range(1, 13):
        stamp_due(stored, "http://away.example/", clock.now())
        found = row(stored)
        assert found.tries == tries
        waits.append(found.next_try_at - clock.now())
        clock.advance(seconds=waits[-1].total_seconds())
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-1] == timedelta(hours=6)
    (told,) = stamps.troubles(stored)
    assert (told.tries, told.trouble) == (12, "it does not answer")


def test_a_head_that_gets_no_stamp_keeps_no_other_organisation_from_one(
    stored, clock, crew, office, monkeypatch
):
    other = crew_of_a_daycare(stored, clock.now(), name="Bakery")
    heads = {each.org_id: publish(stored, clock, each) for each in (crew, other)}
    first, second = sorted(heads)
    ask = authority.stamp

    def moody(url, text):
        if text.endswith(heads[first].hash):
            raise NoStamp("it does not like it")
        return ask(url, text)

    monkeypatch.setattr(authority, "stamp", moody)
    stamp_due(stored, office.url, clock.now())
    stamp_due(stored, office.url, clock.now())
    assert stamps.latest(stored, first) is None
    assert stamps.latest(stored, second).seq == heads[second].seq


def test_of_two_clocks_one_asks(stored, clock, crew):
    publish(stored, clock, crew)
    (each,) = stamps.due(stored, clock.now())
    stored.rollback()
    assert stamping._claimed(stored, each, clock.now())
    stored.expunge_all()
    assert not stamping._claimed(stored, each, clock.now())
    assert stamps.due(stored, clock.now()) == []
    (again,) = stamps.due(stored, clock.advance(minutes=1))
    stored.rollback()
    assert stamping._claimed(stored, again, clock.now())
    assert not stamping._claimed(stored, again, clock.now())


def test_a_second_answer_does_not_replace_the_first(stored, clock, crew, office):
    publish(stored, clock, crew)
    (each,) = stamps.due(stored, clock.now())
    stamp_due(stored, office.url, clock.now())
    kept = row(stored).answer
    assert not stamps.keep(stored, each, b"other", clock.now(), "Somebody")
    stored.commit()
    assert row(stored).answer == kept


def test_a_defect_of_ours_is_logged_and_left(app, monkeypatch):
    monkeypatch.setattr(stamps, "due", lambda *_: 1 / 0)
    with capture_logs() as logs:
        stamping.stamp_or_leave("http://127.0.0.1:1/")
    assert [each["event"] for each in logs] == ["time stamps could not be asked for"]


def test_it_runs_beside_the_clock_only_where_an_authority_is_set(app, monkeypatch):
    asked, stop = threading.Event(), threading.Event()
    urls = []
    monkeypatch.setattr(stamping, "stamp_or_leave", lambda url: (urls.append(url), asked.set()))
    monkeypatch.setattr(stamping, "LOOK_EVERY", 0.01)
    before = threading.active_count()
    stamping.begin(app, stop)
    assert threading.active_count() == before
    settings = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(settings, timestamp_url="http://stamps.example/")
    stamping.begin(app, stop)
    assert asked.wait(5)
    stop.set()
    assert urls[0] == "http://stamps.example/"
