"""A long record is checked by all cores at once, and the verdict is the same."""

import pytest
from sqlalchemy import select, text

from tests.factories import crew_of_a_daycare
from tests.services.test_record import unguarded
from webapp.models import Event
from webapp.rules.record import Broken, Verified
from webapp.services import record, record_segments

LENGTH = 60


@pytest.fixture
def long(stored, clock, monkeypatch):
    """A daycare with a record that counts as long, on a machine with two cores."""
    monkeypatch.setattr(record_segments, "LEAST", LENGTH)
    monkeypatch.setattr(record_segments.os, "cpu_count", lambda: 2)
    crew = crew_of_a_daycare(stored, clock.now())
    for number in range(LENGTH):
        record.note(stored, crew.org_id, clock.now(), "test.told", "ana", "it", {"n": number})
    stored.commit()
    return crew


def test_a_touched_event_is_named_wherever_its_segment_is(stored, long):
    unguarded(stored, "UPDATE event SET actor = 'eve' WHERE seq IN (33, 50)")
    found = record_segments.verify(stored, long.org_id)
    assert found == Broken(33, "Event 33 has been changed.")


def test_segments_that_cannot_be_checked_side_by_side_are_checked_in_turn(
    stored, long, monkeypatch
):
    def fails(*_given, **_named):
        raise OSError("no more processes")

    monkeypatch.setattr(record_segments, "ProcessPoolExecutor", fails)
    assert isinstance(record_segments.verify(stored, long.org_id), Verified)


@pytest.fixture
def tried_here(stored, monkeypatch):
    """Segments are checked in this process, so that more can be tried."""
    monkeypatch.setattr(record_segments, "_address", lambda _session: None)
    monkeypatch.setattr(record_segments, "_verdict", in_this_process(stored))
    monkeypatch.setattr(record_segments, "ProcessPoolExecutor", InThisProcess)


def test_a_long_record_stands_as_a_whole(stored, long, tried_here):
    verdict = record_segments.verify(stored, long.org_id)
    assert isinstance(verdict, Verified)
    assert verdict == record.verify(stored, long.org_id)


@pytest.mark.parametrize("removed", [30, 31, 62])
def test_each_segment_must_end_where_the_next_begins(stored, long, tried_here, removed):
    """Be it a seam that is gone, or the last event."""
    end = stored.scalar(select(text("max(seq)")).select_from(Event))
    unguarded(stored, "DELETE FROM event WHERE seq = :seq", seq=min(removed, end))
    found = record_segments.verify(stored, long.org_id)
    assert found == record.verify(stored, long.org_id)
    assert isinstance(found, Broken)


def in_this_process(session):
    def verdict(_address, org_id, after, until):
        return record.verify(session, org_id, after=after, most=until[0] - after[0])

    return verdict


class InThisProcess:
    """A pool that does the work when it is asked for it."""

    map = staticmethod(map)

    def __init__(self, *_given, **_named):
        self.shutdown = lambda **_named: None

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None
