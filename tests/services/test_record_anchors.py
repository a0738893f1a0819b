"""The stored record and its photos against what is known from elsewhere."""

import pytest

from tests.day import photo
from tests.services.exports import worked
from tests.services.test_record import unguarded
from tests.services.test_record_tampering import forged_anew
from webapp import context
from webapp.models import Blob, Event
from webapp.problems import Problem
from webapp.rules.record import Broken, Verified
from webapp.services import blobs, pictures, record, record_anchors, record_heads, record_photos


@pytest.fixture
def day(session, clock, crew):
    return worked(session, clock, crew)


def seq_of(session, kind: str) -> int:
    return session.query(Event.seq).filter_by(kind=kind).order_by(Event.seq).first().seq


def picture(session):
    blob = session.query(Blob).one()
    return pictures.sized(blobs.stored_path(context.settings().blob_dir, blob), "page")


def faults(session, org_id: str) -> list[Broken]:
    return record_photos.broken(session, org_id, context.settings().blob_dir)


@pytest.mark.parametrize("written", ["{}:{}", " {} : {} ", "{} · {}", "{} {}"])
def test_a_head_is_read_as_people_keep_it(written):
    assert record_anchors.read(written.format("51,234", "A" * 64)) == (51234, "a" * 64)


@pytest.mark.parametrize("written", ["", "5", "5:abc", "0:" + "a" * 64, "-5:" + "a" * 64, "x:y"])
def test_what_is_no_head_is_a_sentence(written):
    with pytest.raises(Problem) as caught:
        record_anchors.read(written)
    assert "colon" in caught.value.detail


def test_a_record_written_anew_stands_by_itself_and_not_against_a_head(day, session):
    head = record_heads.latest(session, day.crew.org_id)
    known = [(head.seq, head.hash)]
    assert record_anchors.broken(session, day.crew.org_id, known) == []
    forged_anew(session, day.crew.org_id, seq_of(session, "upload.kept"))
    assert isinstance(record.verify(session, day.crew.org_id), Verified)
    (found,) = record_anchors.broken(session, day.crew.org_id, known)
    assert (found.seq, "written anew" in found.reason) == (head.seq, True)


def test_a_tail_that_was_cut_with_its_head_is_found_against_a_head(day, session):
    head = record_heads.latest(session, day.crew.org_id)
    before = session.get(Event, (day.crew.org_id, head.seq - 1)).hash
    unguarded(session, "DELETE FROM event WHERE seq >= :seq", seq=head.seq)
    unguarded(session, "UPDATE record_head SET seq = :seq, hash = :h", seq=head.seq - 1, h=before)
    session.expire_all()
    assert isinstance(record.verify(session, day.crew.org_id), Verified)
    (found,) = record_anchors.broken(session, day.crew.org_id, [(head.seq, head.hash)])
    assert found.reason == f"Event {head.seq} is missing: the head names it."


def test_untouched_photos_stand(day, session):
    assert faults(session, day.crew.org_id) == []


@pytest.mark.parametrize("change", ["changed", "missing"])
def test_a_touched_photo_is_named_with_its_event(day, session, change):
    path, seq = picture(session), seq_of(session, "upload.kept")
    if change == "changed":
        path.write_bytes(photo("red"))
    else:
        path.unlink()
    (found,) = faults(session, day.crew.org_id)
    assert (found.seq, change == "missing") == (seq, "missing" in found.reason)
