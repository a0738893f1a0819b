"""The picture of how a step should look closes nothing unseen: everybody is given it."""

import hashlib
from functools import partial
from io import BytesIO

import pytest
from PIL import Image, ImageOps
from sqlalchemy import select, update

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, process, proof
from tests.likeness.shots import by_hand, encoded_again, on_a_bracket
from webapp import context
from webapp.models import Process, ProcessVersion, Step, StepRun
from webapp.services import blobs, pictures, reviews
from webapp.services.definitions import reference_pictures
from worker.duties import tick

REFERENCE = on_a_bracket(1)
OF_REFERENCE = ["photo_of_reference"]


@pytest.fixture
def day(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    return partial(day_with_pictures, stored, clock, crew)


def day_with_pictures(session, clock, crew, *shown: bytes | None) -> Day:
    """A day of one photo step for each of these reference pictures; nothing needs a review."""
    steps = tuple((f"Room {number}", proof("photo")) for number in range(1, len(shown) + 1))
    made = process(session, crew, clock.now(), steps=steps, review="none", rrule="FREQ=DAILY")
    for position, content in enumerate(shown, start=1):
        if content is not None:
            shows(session, crew.org_id, made, position, content, clock.now())
    session.commit()
    tick(session, clock.advance(hours=1))
    day = object.__new__(Day)
    day.session, day.clock, day.crew = session, clock, crew
    return day


def shows(session, org_id: str, made: Process, position: int, content: bytes, now) -> None:
    directory = context.settings().blob_dir
    sha256 = reference_pictures.take_in(session, directory, org_id, content, now)
    of_process = select(ProcessVersion.id).where(ProcessVersion.process_id == made.id)
    how = {"picture_sha256": sha256, "picture_alt": "A tidy room"}
    session.execute(
        update(Step)
        .where(Step.version_id.in_(of_process), Step.position == position)
        .values(how)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def steps_of(day: Day) -> list[StepRun]:
    query = select(StepRun).where(StepRun.org_id == day.crew.org_id, StepRun.state == "open")
    return list(day.session.scalars(query.order_by(StepRun.position)))


def gives(day: Day, content: bytes, step: StepRun | None = None) -> StepRun:
    """The words first, then the bytes."""
    step = step or steps_of(day)[0]
    day.does("ana", step=step, attempt=step.attempt, proof=photo_proof(content))
    day.uploads(content)
    return step


def served(day: Day, step: StepRun, size: str = "page") -> bytes:
    """The picture as the API gives it."""
    blob = blobs.find(day.session, day.crew.org_id, step.picture_sha256)
    path = blobs.stored_path(context.settings().blob_dir, blob)
    return pictures.sized(path, size).read_bytes()


def again(content: bytes, quality: int = 80, *, mirrored: bool = False) -> bytes:
    picture, encoded = Image.open(BytesIO(content)), BytesIO()
    (ImageOps.mirror(picture) if mirrored else picture).save(encoded, "JPEG", quality=quality)
    return encoded.getvalue()


def test_naming_the_reference_picture_is_enough_for_nothing(day):
    monday = day(REFERENCE)
    [step] = steps_of(monday)
    assert hashlib.sha256(REFERENCE).hexdigest() == step.picture_sha256
    monday.does("ana", step=step, attempt=1, proof=photo_proof(REFERENCE))
    assert (step.state, step.proof.notes, step.proof.like_id) == ("in_review", OF_REFERENCE, None)


@pytest.mark.parametrize("size", ["page", "thumb"])
def test_the_picture_as_it_is_served_goes_to_review(day, size):
    monday = day(REFERENCE)
    [step] = steps_of(monday)
    gives(monday, served(monday, step, size))
    assert (step.state, step.proof.notes) == ("in_review", OF_REFERENCE)


@pytest.mark.parametrize(
    "copy",
    [again(REFERENCE), again(REFERENCE, 60), again(REFERENCE, mirrored=True), encoded_again(1)],
    ids=["quality 80", "quality 60", "mirrored", "quality 90"],
)
def test_a_copy_of_the_picture_goes_to_review(day, copy):
    step = gives(day(REFERENCE), copy)
    assert (step.state, step.proof.notes) == ("in_review", OF_REFERENCE)


@pytest.mark.parametrize("true_photo", [by_hand(0), by_hand(1), on_a_bracket(2), on_a_bracket(3)])
def test_a_true_photo_of_the_scene_closes_the_step(day, true_photo):
    step = gives(day(REFERENCE), true_photo)
    assert (step.state, step.proof.notes) == ("done", [])


def test_the_picture_of_another_step_goes_to_review_as_it_was_sent_and_as_it_is_shown(day):
    monday = day(REFERENCE, None, None)
    first, second, third = steps_of(monday)
    gives(monday, REFERENCE, second)
    gives(monday, served(monday, first), third)
    assert [each.proof.notes for each in (second, third)] == [
        OF_REFERENCE,
        [*OF_REFERENCE, "photo_like_before"],
    ]


def test_a_picture_too_plain_to_be_compared_is_known_by_its_bytes(day):
    monday = day(photo("navy"), photo("navy"))
    first, second = steps_of(monday)
    gives(monday, served(monday, first), first)
    gives(monday, photo("black"), second)
    assert [(each.state, each.proof.notes) for each in (first, second)] == [
        ("in_review", OF_REFERENCE),
        ("done", []),
    ]


def test_the_picture_of_another_organisation_is_nothing(stored, clock):
    crews = [crew_of_a_daycare(stored, clock.now(), name=name) for name in ("Sunflower", "Acorn")]
    sunflower = day_with_pictures(stored, clock, crews[0], REFERENCE)
    acorn = day_with_pictures(stored, clock, crews[1], None)
    shown = served(sunflower, steps_of(sunflower)[0])
    step = gives(acorn, REFERENCE)
    assert (step.state, step.proof.notes) == ("done", [])
    acorn.later(days=1)
    assert gives(acorn, shown).proof.notes == ["photo_like_before"]


def test_it_is_never_learnt_as_usual(day):
    monday = day(REFERENCE)
    for quality in (90, 85, 80, 75, 70):
        step = gives(monday, again(REFERENCE, quality))
        assert (step.state, step.proof.notes[:1]) == ("in_review", OF_REFERENCE)
        seen, now = step.proof.evidence_sha256, monday.clock.now()
        reviews.approve(monday.session, monday.crew.olivia, step, seen, now)
        monday.session.commit()
        monday.later(days=1)


def test_who_handed_it_in_may_take_a_photo_then(day):
    monday = day(REFERENCE)
    step = gives(monday, REFERENCE)
    seen, now = step.proof.evidence_sha256, monday.clock.now()
    reviews.send_back(monday.session, monday.crew.olivia, step, seen, "Take a photo.", now)
    monday.session.commit()
    gives(monday, by_hand(0), step)
    assert (step.state, step.proof.notes) == ("done", [])
