"""Photos are kept for as long as an organisation chose, and then erased."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare
from webapp import context
from webapp.models import Blob, EngineState, Event, LikenessBand, Step
from webapp.problems import Problem
from webapp.rules.record import Verified
from webapp.services import audit, blobs, erasure, keeping, likeness, pictures, record, reviews
from webapp.services.erasure import photos
from worker import duties
from worker.duties import tick

YEAR = timedelta(days=370)


@pytest.fixture
def day(stored, clock) -> Day:
    made = Day(stored, clock, crew_of_a_daycare(stored, clock.now()))
    made.does("ana", proof=photo_proof(photo()))
    made.uploads(photo())
    return made


def approved(day: Day) -> Blob:
    """Monday's photo, reviewed: its step is done."""
    seen = day.step.proof.evidence_sha256
    reviews.approve(day.session, day.crew.olivia, day.step, seen, day.clock.now())
    day.session.commit()
    return blob_of(day)


def blob_of(day: Day) -> Blob:
    sha256 = photo_proof(photo())["sha256"]
    return day.session.get(Blob, (day.crew.org_id, sha256), populate_existing=True)


def keeps(day: Day, months: int | None) -> None:
    keeping.choose(day.session, day.crew.olivia, months, day.clock.now())
    day.session.commit()


def sweeps(day: Day, after: timedelta = timedelta()) -> None:
    """The clock's daily round comes, so much later."""
    now = day.clock.advance(seconds=after.total_seconds())
    state = day.session.get(EngineState, 1)
    state.next_sweep_at = None
    day.session.commit()
    duties._sweep(day.session, now)


def files(day: Day) -> list[bool]:
    path = blobs.stored_path(context.settings().blob_dir, blob_of(day))
    return [pictures.sized(path, size).exists() for size in pictures.SIZES]


def test_photos_are_kept_for_ever_unless_somebody_chose_otherwise(day):
    approved(day)
    sweeps(day, YEAR * 9)
    assert (blob_of(day).erased_at, files(day)) == (None, [True, True])


def test_an_old_photo_goes_with_its_files_and_its_fingerprint(day):
    """The row says when and after how long; nothing can be compared with it any more."""
    likeness.keep(approved(day), bytes(range(256)) * 16)
    keeps(day, 12)
    sweeps(day, YEAR)
    blob = blob_of(day)
    assert (blob.erased_at, blob.removed_at) == (day.clock.now(), day.clock.now())
    assert (blob.erased_months, blob.likeness, files(day)) == (12, b"", [False, False])
    assert day.session.scalars(select(LikenessBand)).all() == []


def test_the_record_says_so_and_stands_and_the_auditor_misses_nothing(day):
    approved(day)
    keeps(day, 12)
    sweeps(day, YEAR)
    (told,) = erasure.erasures(day.session, day.crew.org_id)
    assert (told.why, told.photos, told.ranges) == ("retention", (blob_of(day).sha256,), ())
    assert isinstance(record.verify(day.session, day.crew.org_id), Verified)
    found = audit.audit(day.session, day.clock.now(), context.settings().blob_dir)
    assert {each.code for each in found} & {"proof_missing", "proof_changed"} == set()


def test_a_younger_photo_stays(day):
    approved(day)
    keeps(day, 12)
    sweeps(day, timedelta(days=360))
    assert files(day) == [True, True]


def test_there_is_a_day_to_think_again(day):
    """What is erased does not come back, so a wrong number costs nothing for a day."""
    approved(day)
    day.clock.advance(days=370)
    keeps(day, 1)
    sweeps(day, timedelta(hours=23))
    assert files(day) == [True, True]
    keeps(day, None)
    sweeps(day, timedelta(days=3))
    assert files(day) == [True, True]


def test_a_photo_in_review_stays_however_old(day):
    assert day.step.state == "in_review"
    keeps(day, 1)
    sweeps(day, YEAR)
    assert files(day) == [True, True]


def test_a_photo_that_is_held_for_a_decision_stays(day):
    approved(day)
    day.step.proof.state = "held"
    keeps(day, 1)
    sweeps(day, YEAR)
    assert files(day) == [True, True]


def test_a_photo_that_shows_how_a_step_should_look_stays(day):
    blob = approved(day)
    step = day.session.scalars(select(Step)).first()
    step.picture_sha256, step.picture_alt = blob.sha256, "A tidy room"
    keeps(day, 1)
    sweeps(day, YEAR)
    assert files(day) == [True, True]


def test_another_organisation_keeps_its_own(day, stored, clock):
    approved(day)
    bakery = crew_of_a_daycare(stored, clock.now(), name="Bakery")
    keeping.choose(stored, bakery.olivia, 1, clock.now())
    stored.commit()
    sweeps(day, YEAR)
    assert files(day) == [True, True]


def test_a_crash_before_the_files_are_removed_is_made_up_for(day, monkeypatch):
    """The row said so first; the next round removes what is left."""
    approved(day)
    keeps(day, 12)
    with monkeypatch.context() as broken:
        broken.setattr(erasure, "finish_removing", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sweeps(day, YEAR)
    day.session.rollback()
    assert (blob_of(day).erased_at is None, blob_of(day).removed_at) == (False, None)
    assert files(day) == [True, True]
    sweeps(day)
    assert files(day) == [False, False]
    assert blob_of(day).removed_at


def test_a_file_that_cannot_be_removed_is_tried_again(day, monkeypatch):
    approved(day)
    keeps(day, 12)
    with monkeypatch.context() as broken:
        broken.setattr(pictures, "sync_directory", lambda _: (_ for _ in ()).throw(OSError))
        sweeps(day, YEAR)
    assert blob_of(day).removed_at is None
    sweeps(day)
    assert blob_of(day).removed_at is not None


def test_many_go_in_batches_each_told_for_itself(day, monkeypatch):
    """No transaction takes long, however many years of photos go at once."""
    approved(day)
    for colour in ("red", "blue"):
        day.uploads(photo(colour))
    keeps(day, 12)
    monkeypatch.setattr(keeping.erase_old, "__defaults__", (2,))
    sweeps(day, YEAR)
    told = erasure.erasures(day.session, day.crew.org_id)
    assert [len(each.photos) for each in told] == [2, 1]


def test_the_same_bytes_given_again_are_kept_again(day):
    """All of them are asked for, and the blob stays erased until they are here."""
    approved(day)
    keeps(day, 12)
    sweeps(day, YEAR)
    sha256, length = photo_proof(photo())["sha256"], len(photo())
    anew = blobs.expect(day.session, day.crew.org_id, sha256, length, day.clock.now())
    assert (anew.completed_at, anew.received, anew.erased_at is None) == (None, 0, False)
    day.session.commit()
    assert day.uploads(photo()).erased_at is None
    assert files(day) == [True, True]


def test_bytes_whose_files_are_just_being_removed_come_a_little_later(day):
    blob = approved(day)
    photos.mark(day.session, blob.org_id, [blob.sha256], day.clock.now())
    with pytest.raises(Problem) as problem:
        blobs.expect(day.session, blob.org_id, blob.sha256, blob.length, day.clock.now())
    assert problem.value.status == 503


@pytest.mark.parametrize("months", [0, -1, 121])
def test_only_sensible_times_can_be_chosen(day, months):
    with pytest.raises(Problem, match="1 to 120 months"):
        keeps(day, months)


def test_only_an_owner_chooses_and_the_record_says_so(day):
    with pytest.raises(Problem) as problem:
        keeping.choose(day.session, day.crew.maya, 12, day.clock.now())
    assert problem.value.code == "not_allowed"
    keeps(day, 12)
    chosen = select(Event).where(Event.kind == "photos.kept_for")
    (event,) = day.session.scalars(chosen)
    assert (event.actor, event.payload) == (day.crew.olivia.id, {"months": 12, "before": None})


def test_it_is_foreseen_how_many_would_go(day):
    approved(day)
    day.clock.advance(days=370)
    seen = [
        keeping.older_than(day.session, day.crew.org_id, months, day.clock.now())
        for months in (6, 12, 24)
    ]
    assert seen == [1, 1, 0]
    counted = keeping.would_go(day.session, day.crew.org_id, (6, 12, 24), day.clock.now())
    assert counted == {24: 0, 12: 1, 6: 1}


def test_more_than_the_page_counts_is_only_said_to_be_more(day, monkeypatch):
    """One choice that has more than that tells it of all that are shorter."""
    approved(day)
    day.clock.advance(days=370)
    monkeypatch.setattr(keeping, "COUNTED", 0)
    assert keeping.would_go(day.session, day.crew.org_id, (6, 12), day.clock.now()) == {12: 1, 6: 1}


def test_the_engine_does_it_by_itself(day):
    """No command is needed: the clock's own round does."""
    approved(day)
    keeps(day, 12)
    tick(day.session, day.clock.advance(days=370))
    assert files(day) == [False, False]
