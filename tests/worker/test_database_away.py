"""A database that goes away in the middle of a delivery makes nothing go out twice."""

import pytest
from sqlalchemy.exc import OperationalError

from tests.factories import proof
from tests.worker.conftest import UNTIL_MISSED
from worker import deliver, outbox
from worker.outbox import LEASE

ONE = (("Step 1", proof("note")),)
AWAY = OperationalError("SELECT", {}, Exception("the connection is closed"))


@pytest.fixture
def monday(post):
    day = post(steps=ONE)
    day.phone = day.has_phone("ben")
    day.later(**UNTIL_MISSED)
    return day


def goes_out_once(monday) -> None:
    monday.clock.advance(seconds=LEASE.total_seconds() + 1)
    monday.delivers()
    monday.service.expect(monday.phone, title="Now yours: Step 1")
    assert monday.service.take() == []
    assert monday.outcomes() == ["accepted"]


def test_what_is_in_hand_is_settled_though_the_outbox_cannot_be_looked_into(monday, monkeypatch):
    ended, looked = deliver._Round._ended, []

    def is_due(*given):
        looked.append(given)
        raise AWAY

    def not_yet(job):
        return ended(job) if looked else []

    monkeypatch.setattr(outbox, "is_due", is_due)
    monkeypatch.setattr(deliver._Round, "_ended", not_yet)
    assert monday.delivers() == 1
    assert monday.outcomes() == ["accepted"]
    monkeypatch.undo()
    goes_out_once(monday)


def test_what_one_channel_has_in_hand_is_settled_though_the_next_cannot_take(monday, monkeypatch):
    lease = outbox.lease

    def leased(session, now, most, channel, *given):
        if channel != "push":
            raise AWAY
        return lease(session, now, most, channel, *given)

    monkeypatch.setattr(outbox, "lease", leased)
    assert monday.delivers() == 1
    monkeypatch.undo()
    goes_out_once(monday)


def test_what_an_earlier_job_left_behind_is_settled_before_anything_is_taken(monday, monkeypatch):
    def breaks_off(job):
        job._channels.ended.put(job._channels.ended.get(timeout=30))
        raise AWAY

    monkeypatch.setattr(deliver._Round, "_ended", breaks_off)
    with pytest.raises(OperationalError):
        monday.delivers()
    monkeypatch.undo()
    monday.session.expire_all()
    goes_out_once(monday)


def test_with_nothing_in_hand_the_job_breaks_off(monday, monkeypatch):
    def away(*given):
        raise AWAY

    with monkeypatch.context() as gone:
        gone.setattr(outbox, "lease", away)
        with pytest.raises(OperationalError):
            monday.delivers()
    goes_out_once(monday)
