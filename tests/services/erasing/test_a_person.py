"""A person who left is erased on request: nothing tells of them, and all else still stands."""

import pytest
from sqlalchemy import func, select

from tests.day import Day
from tests.services.erasing.traces import (
    BEFORE,
    NAME,
    NEEDLES,
    erases,
    leaves,
    left_in_files,
    left_in_rows,
    steps,
    traces,
)
from webapp import context
from webapp.models import Blob, Device, Event, FixNote, Person, Proof
from webapp.problems import Problem
from webapp.rules.record import Verified
from webapp.services import audit, blobs, erasure, fix_notes, people, pictures, record
from webapp.services.erasure import own


@pytest.fixture
def day(session, clock) -> Day:
    return traces(session, clock)


@pytest.fixture
def stored_day(stored, clock) -> Day:
    """The same on each kind of database in turn."""
    return traces(stored, clock)


def findings(day) -> list[str]:
    found = audit.audit(day.session, day.clock.now(), context.settings().blob_dir)
    return [each.code for each in found if not each.code.endswith("_silent")]


def refused(day, who: str = "ana", **options) -> str:
    """What stands in the way, as the owner reads it."""
    with pytest.raises(Problem) as problem:
        erases(day, who, **options)
    day.session.rollback()
    return problem.value.detail


def test_nothing_is_left_of_name_address_and_words(stored_day):
    """Not in one column of one table, on either database, though each stood there before."""
    leaves(stored_day)
    before = left_in_rows(stored_day.session)
    assert {each.partition(": ")[2] for each in before} == set(NEEDLES)
    erases(stored_day)
    assert left_in_rows(stored_day.session) == []


def test_nothing_is_left_in_the_file_of_the_database(day, session):
    """What SQLite takes out of a page is overwritten, and its log is emptied."""
    leaves(day)
    assert left_in_files(session) == list(NEEDLES)
    erases(day)
    assert left_in_files(session) == []


def test_the_record_stands_and_the_auditor_has_nothing_to_say(stored_day):
    leaves(stored_day)
    assert findings(stored_day) == []
    assert erases(stored_day) > 10
    assert isinstance(record.verify(stored_day.session, stored_day.crew.org_id), Verified)
    assert findings(stored_day) == []


def test_the_erasure_is_an_event_that_says_what_went_and_names_nobody(stored_day):
    """Who asked, why, how much, and which events, as ranges."""
    leaves(stored_day)
    done = erases(stored_day)
    (told,) = erasure.erasures(stored_day.session, stored_day.crew.org_id)
    gone = {seq for first, last in told.ranges for seq in range(first, last + 1)}
    empty = select(Event.seq).where(Event.salt.is_(None))
    assert gone == set(stored_day.session.scalars(empty))
    assert (told.actor, told.why, len(gone)) == (stored_day.crew.olivia.id, "person", done)
    assert told.counts["events"] == done
    assert told.counts["photos"] == len(told.photos) == 1
    ranges = erasure.erased(stored_day.session, stored_day.crew.org_id)
    assert {(first, last) for first, last, _ in ranges} == set(told.ranges)


def test_what_others_did_and_what_was_measured_stays(stored_day):
    """Events of others keep their words; a reading of theirs stays a reading."""
    leaves(stored_day)
    erases(stored_day)
    by_title = steps(stored_day)
    assert by_title["Fridge"].proof.content["value"] == "45"
    assert by_title["Fridge"].proof.content["corrective"] == "Erased on 23 November 2026."
    assert by_title["Gate"].proof.content["text"] == "Erased on 23 November 2026."
    assert by_title["Gate"].state == "done"
    assert by_title["Delivery"].proof.content["text"] == "For Erased person 1: ok"
    assert by_title["Delivery"].chain[0]["name"] == "Erased person 1"
    assert by_title["Delivery"].chain[1]["name"] == "Ben"


def test_the_signature_goes_and_the_photo_of_the_place_stays(day):
    leaves(day)
    signed, room = (steps(day)[title].proof.blob_sha256 for title in ("Signed", "Front room ready"))
    erases(day)
    assert is_erased(day, signed)
    assert not is_erased(day, room)


def test_photos_that_they_alone_gave_go_where_the_owner_says_so(stored_day):
    leaves(stored_day)
    room = steps(stored_day)["Front room ready"].proof.blob_sha256
    erases(stored_day, with_photos=True)
    assert is_erased(stored_day, room)
    assert findings(stored_day) == []


def is_erased(day, sha256: str) -> bool:
    """Whether row and files agree that it is gone; a failure when they disagree."""
    blob = day.session.get(Blob, (day.crew.org_id, sha256), populate_existing=True)
    path = blobs.stored_path(context.settings().blob_dir, blob)
    files = {pictures.sized(path, size).exists() for size in pictures.SIZES}
    assert files == {blob.erased_at is None}
    assert (blob.erased_at is None) == (blob.removed_at is None)
    return blob.erased_at is not None


def test_the_person_stays_as_nobody_in_particular(day):
    """So that counts and references hold; their ways in, phones and absences are gone."""
    leaves(day)
    erases(day)
    ana = day.session.get_one(Person, day.crew.ana.id)
    assert (ana.name, ana.email, ana.locations) == ("Erased person 1", None, [])
    given = select(func.count()).where(Proof.person_id == ana.id)
    assert day.session.scalar(given) == 4
    for model in own.GONE:
        assert not day.session.scalars(select(model).where(model.person_id == ana.id)).all()


def test_their_fix_note_is_no_advice_any_more(day):
    """The next card does not show words that nobody can read."""
    leaves(day)
    run = day.step.run
    assert fix_notes.newest(day.session, [run])
    erases(day)
    assert day.session.scalars(select(FixNote.text)).all() == ["Erased on 23 November 2026."]
    assert fix_notes.newest(day.session, [run]) == {}


def test_erasing_again_takes_what_came_in_since_and_nothing_else(day):
    """Once done, a second time finds nothing; a note that names them later is found."""
    leaves(day)
    erases(day)
    ana = day.crew.ana
    assert erases(day) == 0
    by = {"id": ana.id, "name": "somebody"}
    record.note(day.session, ana.org_id, day.clock.now(), "step.done", ana.id, "s", {"by": by})
    day.session.commit()
    assert erases(day) == 1
    assert ana.name == "Erased person 1"


def test_who_still_works_here_is_not_erased(day):
    assert "still works here" in refused(day)


def test_who_stands_in_a_chain_of_today_is_not_erased(stored_day):
    """Else the next run of the process would go to nobody."""
    people.deactivate(
        stored_day.session, stored_day.crew.olivia, stored_day.crew.ana, stored_day.clock.now()
    )
    stored_day.session.commit()
    assert "Opening check" in refused(stored_day)


def test_who_holds_a_step_is_not_erased_before_it_moved_on(day, clock):
    day.later(days=1)
    leaves(day)
    assert "still holds" in refused(day)


def test_work_that_waits_unsent_on_a_phone_is_not_cut_off(day):
    """The way on: let it send, or say that the device is gone."""
    leaves(day)
    phone = day.session.get(Device, (day.crew.org_id, "phone-of-ana"))
    phone.waiting = 2
    day.session.commit()
    assert "waits unsent" in refused(day)
    phone.gone_at = day.clock.now()
    day.session.commit()
    assert erases(day)


def test_work_that_waits_for_a_decision_is_decided_on_first(day):
    leaves(day)
    proof = steps(day)["Gate"].proof
    proof.state = "held"
    day.session.commit()
    assert "waits for a decision" in refused(day)


def test_the_name_is_typed(day):
    leaves(day)
    with pytest.raises(Problem) as problem:
        erasure.erase_person(day.session, day.crew.olivia, day.crew.ana, "Anahita", day.clock.now())
    assert (problem.value.code, set(problem.value.fields)) == ("name_not_typed", {"name"})


@pytest.mark.parametrize("who", ["maya", "ben", "ana"])
def test_only_an_owner_erases(day, who):
    leaves(day)
    with pytest.raises(Problem) as problem:
        erasure.erase_person(day.session, day.crew.people[who], day.crew.ana, NAME, day.clock.now())
    assert problem.value.code == "not_allowed"


def test_who_was_erased_is_not_invited_again(day):
    """They come back as somebody new."""
    leaves(day)
    erases(day)
    for change in (people.invite_again, people.deactivate):
        with pytest.raises(Problem, match="was erased"):
            change(day.session, day.crew.olivia, day.crew.ana, day.clock.now())


def test_it_is_foreseen_what_goes(stored_day):
    """Numbers that come true, and processes whose texts hold the name."""
    leaves(stored_day)
    stored_day.step.run.process.versions[-1].steps[0].instructions = f"Ask {NAME} for the key"
    stored_day.session.commit()
    seen = erasure.foresee(stored_day.session, stored_day.crew.ana)
    assert (seen.proofs, seen.signatures, seen.photos) == (4, 1, 1)
    assert (seen.named_in, seen.obstacles) == (("Opening check",), ())
    assert abs(seen.events - erases(stored_day)) <= 2


def test_two_of_the_same_name_after_each_other_are_told_apart(day):
    """Somebody new who bears the earlier name keeps it everywhere."""
    crew, session, now = day.crew, day.session, day.clock.now()
    new = people.add(session, crew.organisation, BEFORE, None, "staff", now)
    payload = {"by": {"id": new.id, "name": BEFORE}, "text": f"{BEFORE} was here"}
    record.note(session, crew.org_id, now, "step.done", new.id, "s", payload)
    session.commit()
    leaves(day)
    erases(day)
    kept = session.scalars(select(Event).where(Event.actor == new.id)).one()
    assert kept.payload == payload
    assert new.name == BEFORE
