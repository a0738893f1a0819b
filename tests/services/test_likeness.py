"""Yesterday's photo closes nothing unseen, and a camera that always sees the same is learnt."""

from functools import partial

import pytest
from sqlalchemy import delete, select, update

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, process, proof
from tests.likeness.shots import (
    FRIDGE,
    PLAYGROUND,
    by_hand,
    encoded_again,
    handed_in_again,
    on_a_bracket,
)
from webapp.models import Blob, LikenessBand, Location, Run, StepRun
from webapp.services import blobs, reviews
from worker.duties import tick

ALIKE = ["photo_like_before"]


@pytest.fixture
def day(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    return partial(Day, stored, clock, crew, review="none", rrule="FREQ=DAILY")


def gives(day: Day, content: bytes, step: StepRun | None = None, who: str = "ana") -> StepRun:
    """Close the step that is open with this photo: the words first, then the bytes."""
    step = step or open_step(day)
    day.does(who, step=step, attempt=step.attempt, proof=photo_proof(content))
    day.uploads(content)
    return step


def open_step(day: Day) -> StepRun:
    query = select(StepRun).join(Run).where(StepRun.state == "open")
    return day.session.scalars(query.order_by(Run.deadline_at, StepRun.position)).first()


def decides(day: Day, step: StepRun, verb=reviews.approve, *reason: str) -> None:
    seen, now = step.proof.evidence_sha256, day.clock.now()
    verb(day.session, day.crew.olivia, step, seen, *reason, now)
    day.session.commit()


def days_on_a_bracket(day: Day, *numbers: int) -> list[StepRun]:
    """One photo a day by the camera on the bracket; what goes to review is approved."""
    steps = []
    for number in numbers:
        step = gives(day, on_a_bracket(number))
        steps.append(step)
        if step.state == "in_review":
            decides(day, step)
        day.later(days=1)
    return steps


@pytest.mark.parametrize(
    ("kind", "turned"),
    [("cut by 10 %", False), ("encoded again, quality 30", False), ("mirrored", True)],
)
def test_yesterdays_photo_goes_to_review_however_it_was_changed(day, kind, turned):
    monday = day()
    first = gives(monday, by_hand(0))
    monday.later(days=1)
    second = gives(monday, handed_in_again(kind))
    assert (first.state, second.state, second.proof.notes) == ("done", "in_review", ALIKE)
    kept = second.proof
    assert (kept.like_id, kept.like_turned) == (first.proof_id, turned)


def test_a_true_new_photo_of_the_same_scene_closes_the_step(day):
    monday = day()
    gives(monday, by_hand(0))
    monday.later(days=1)
    second = gives(monday, by_hand(1))
    assert (second.state, second.proof.notes, second.proof.like_id) == ("done", [], None)


def test_the_same_bytes_are_named_with_the_proof_that_they_were_before(day):
    monday = day()
    first = gives(monday, by_hand(0))
    monday.later(days=1)
    second = gives(monday, by_hand(0))
    assert (second.state, second.proof.notes) == ("in_review", ["photo_used_before"])
    assert (second.proof.like_id, second.proof.like_distance) == (first.proof_id, 0)


def test_a_photo_of_another_person_step_and_location_is_found_too(day):
    monday = day()
    first = gives(monday, by_hand(0))
    session, crew, now = monday.session, monday.crew, monday.clock.now()
    crew.location = Location(
        org_id=crew.org_id, name="Uptown", time_zone="America/Chicago", created_at=now
    )
    session.add(crew.location)
    process(session, crew, now, name="Playground", review="none")
    monday.later(days=1)
    there = next(
        step
        for step in session.scalars(select(StepRun).where(StepRun.state == "open"))
        if step.run.location.name == "Uptown"
    )
    second = gives(monday, handed_in_again("encoded again, quality 60"), there)
    assert (second.state, second.proof.like_id) == ("in_review", first.proof_id)


def test_photos_of_other_organisations_are_never_compared(stored, clock):
    crews = [crew_of_a_daycare(stored, clock.now(), name=name) for name in ("Sunflower", "Acorn")]
    days = []
    for crew in crews:
        process(stored, crew, clock.now(), review="none")
    clock.advance(hours=1)
    tick(stored, clock.now())
    for crew in crews:
        day = object.__new__(Day)
        day.session, day.clock, day.crew = stored, clock, crew
        query = select(StepRun).where(StepRun.org_id == crew.org_id, StepRun.state == "open")
        days.append(gives(day, on_a_bracket(0), stored.scalars(query).first()))
    assert [step.state for step in days] == ["done", "done"]


def test_plain_pictures_are_not_compared(day):
    monday = day()
    gives(monday, photo("navy"))
    monday.later(days=1)
    assert gives(monday, photo("black")).state == "done"
    assert monday.session.scalars(select(LikenessBand)).all() == []


def test_signatures_look_alike_and_need_nobody_for_that(day):
    monday = day(steps=(("Sign", proof("signature")),))
    given = [on_a_bracket(1), on_a_bracket(2)]
    for content in given:
        step = open_step(monday)
        monday.does("ana", step=step, proof=photo_proof(content) | {"kind": "signature"})
        monday.uploads(content)
        assert step.state == "done"
        monday.later(days=1)


def test_a_camera_that_always_sees_the_same_is_learnt_after_three_approvals(day):
    steps = days_on_a_bracket(day(), 1, 2, 3, 4, 5)
    assert [step.proof.notes for step in steps] == [[], ALIKE, ALIKE, ALIKE, []]
    assert (steps[4].state, steps[4].proof.like_id is not None) == ("done", True)


def test_what_is_much_closer_than_usual_goes_to_review_even_then(day):
    monday = day()
    steps = days_on_a_bracket(monday, 1, 2, 3, 4, 5)
    again = gives(monday, encoded_again(2))
    assert (again.state, again.proof.notes) == ("in_review", ALIKE)
    assert again.proof.like_id == steps[1].proof_id


def test_one_that_was_sent_back_unlearns_it(day):
    monday = day(review="photos")
    days_on_a_bracket(monday, 1, 2, 3, 4)
    usual = gives(monday, on_a_bracket(5))
    assert usual.proof.notes == []
    decides(monday, usual, reviews.send_back, "This is not today's.")
    gives(monday, by_hand(7), usual)
    decides(monday, usual)
    monday.later(days=1)
    assert gives(monday, on_a_bracket(6)).proof.notes == ALIKE


def test_a_step_learns_nothing_from_another_scene(day):
    monday = day(steps=(("Fridge", proof("photo")), ("Yard", proof("photo"))))
    for number, sky in enumerate(("navy", "grey", "teal", "white"), start=1):
        for content in (on_a_bracket(number), photo(sky)):
            step = gives(monday, content)
            if step.state == "in_review":
                decides(monday, step)
        monday.later(days=1)
    fridge, yard = (gives(monday, on_a_bracket(5, of)) for of in (FRIDGE, PLAYGROUND))
    monday.later(days=1)
    gives(monday, on_a_bracket(6))
    again = gives(monday, on_a_bracket(6, PLAYGROUND))
    assert (fridge.proof.notes, yard.proof.notes, again.proof.notes) == ([], [], ALIKE)


def test_a_retake_of_what_was_sent_back_may_look_like_it(day):
    monday = day(review="photos")
    step = gives(monday, on_a_bracket(1))
    decides(monday, step, reviews.send_back, "Wipe the shelf.")
    gives(monday, on_a_bracket(2), step)
    assert (step.state, step.attempt, step.proof.notes) == ("in_review", 2, [])


def test_the_same_picture_in_other_bytes_is_no_retake(day):
    monday = day(review="photos")
    step = gives(monday, on_a_bracket(1))
    decides(monday, step, reviews.send_back, "Wipe the shelf.")
    gives(monday, encoded_again(1), step)
    assert step.proof.notes == ALIKE


def test_photos_from_before_are_compared_once_their_likeness_is_known(day, settings):
    monday = day()
    gives(monday, by_hand(0))
    session = monday.session
    forget_likeness(session)
    monday.later(days=1)
    assert blobs.work_out_likeness(session, settings.blob_dir, 10) == 1
    session.commit()
    assert blobs.work_out_likeness(session, settings.blob_dir, 10) == 0
    assert gives(monday, handed_in_again("cut by 5 %")).proof.notes == ALIKE


def forget_likeness(session) -> None:
    session.execute(delete(LikenessBand))
    session.execute(update(Blob).values(likeness=None))
    session.commit()
    session.expire_all()
