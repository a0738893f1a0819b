"""The stored record and its photos against what is known from elsewhere."""

import hashlib

import pytest

from tests.day import photo
from tests.services.exports import worked
from tests.services.test_record import unguarded
from tests.services.test_record_tampering import forged_anew
from webapp import context
from webapp.models import Blob, Event
from webapp.problems import Problem
from webapp.rules.record import Broken, Verified
from webapp.services import (
    blobs,
    erasure,
    pictures,
    record,
    record_anchors,
    record_check,
    record_heads,
    record_photos,
)


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


def test_a_photo_that_somebody_called_erased_is_named_with_its_event(day, session):
    """Only an event that tells of it makes an erasing of what is a loss."""
    blob = session.query(Blob).one()
    blob.erased_at = blob.removed_at = blob.completed_at
    picture(session).unlink()
    session.commit()
    (found,) = faults(session, day.crew.org_id)
    seq = seq_of(session, "upload.kept")
    assert found.reason == (
        f"Event {seq} names a photo that was erased, and the record does not tell of it."
    )


def test_what_was_erased_and_given_once_more_stands(day, session, clock):
    blob = session.query(Blob).one()
    erasure.note(session, day.crew.org_id, "baton", clock.now(), "retention", photos=[blob.sha256])
    session.commit()
    picture(session).write_bytes(photo("red"))
    blob.stored_sha256 = hashlib.sha256(photo("red")).hexdigest()
    blobs.note_kept(session, blob, clock.now())
    session.commit()
    assert faults(session, day.crew.org_id) == []


def test_an_event_that_was_emptied_unsaid_is_named(day, session):
    seq = seq_of(session, "step.done")
    assert isinstance(record_check.check(session, day.crew.org_id), Verified)
    unguarded(session, "UPDATE event SET payload = NULL, salt = NULL WHERE seq = :seq", seq=seq)
    session.expire_all()
    (found,) = record_check.check(session, day.crew.org_id)
    assert found == Broken(seq, f"Event {seq} is empty, and no event tells of an erasing.")
