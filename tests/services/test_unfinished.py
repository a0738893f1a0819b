"""Uploads that nobody finishes take a bounded room, are named, and are given up in the end."""

import os
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare
from webapp import context
from webapp.cli import baton, running
from webapp.models import Blob, EngineState, Event
from webapp.problems import Problem
from webapp.services import blobs, unfinished
from worker.duties import tick

RESERVE = 0


@pytest.fixture
def day(stored, clock) -> Day:
    return Day(stored, clock, crew_of_a_daycare(stored, clock.now()))


def begins(day: Day, content: bytes, *, claimed: bool = True) -> blobs.Upload:
    """Half of a photo arrives, and nothing more; its file is as old as the test's clock says."""
    if claimed:
        day.does("ana", proof=photo_proof(content))
    sha256, now = photo_proof(content)["sha256"], day.clock.now()
    blob = blobs.expect(day.session, day.crew.org_id, sha256, len(content), now)
    half, directory = len(content) // 2, context.settings().blob_dir
    blobs.write_part(directory, blobs.upload_of(blob), 0, content[:half])
    blobs.note_part(blob, len(content), half, None, now)
    day.session.commit()
    ages(blobs.part_path(directory, blobs.upload_of(blob)), now)
    return blobs.upload_of(blob)


def ages(path, at) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def gives_up(day: Day, arriving: blobs.Upload) -> bool:
    directory = context.settings().blob_dir
    done = unfinished.give_up(
        day.session, directory, arriving.org_id, arriving.sha256, day.clock.now()
    )
    day.session.commit()
    return done


def room(day: Day, arriving: blobs.Upload, size: int = 10, reserve: int = RESERVE) -> None:
    directory = context.settings().blob_dir
    unfinished.check_room(day.session, arriving, size, directory, reserve)


def test_no_part_takes_the_last_room_of_the_disk(day):
    arriving = begins(day, photo())
    room(day, arriving)
    with pytest.raises(Problem) as caught:
        room(day, arriving, reserve=2**60)
    assert (caught.value.code, caught.value.status) == ("no_room", 507)


def test_an_organisation_begins_only_so_many_and_may_finish_what_it_began(day, monkeypatch):
    begun = begins(day, photo())
    other = blobs.Upload(day.crew.org_id, "ab" * 32, 100, 0, False)
    monkeypatch.setattr(unfinished, "MOST_UNFINISHED", begun.received - 1)
    with pytest.raises(Problem, match="Too many uploads"):
        room(day, other)
    room(day, begun)


def test_another_organisation_is_not_held_up_by_it(day, stored, clock, monkeypatch):
    begins(day, photo())
    monkeypatch.setattr(unfinished, "MOST_UNFINISHED", 1)
    bakery = crew_of_a_daycare(stored, clock.now(), name="Bakery")
    room(day, blobs.Upload(bakery.org_id, "ab" * 32, 100, 0, False))


def test_an_upload_that_stopped_weeks_ago_is_found_with_its_claim(day, clock):
    begins(day, photo())
    now = clock.advance(days=22)
    assert unfinished.lingering(day.session, now, day.crew.org_id) == []
    (found,) = unfinished.lingering(day.session, clock.advance(days=1), day.crew.org_id)
    assert [step_run.title for _, step_run in found.claims] == ["Front room ready"]
    assert found.given_up_at == found.blob.created_at + timedelta(days=30)


def test_what_is_given_up_begins_anew_and_its_claim_stays(day, clock):
    arriving = begins(day, photo())
    clock.advance(days=31)
    assert gives_up(day, arriving)
    blob = day.session.get_one(Blob, (arriving.org_id, arriving.sha256))
    assert (blob.received, blob.completed_at) == (0, None)
    told = day.session.query(Event).filter_by(kind="upload.given_up").one()
    assert told.payload["steps"] == [day.step.id]
    blobs.forget_part(context.settings().blob_dir, arriving)
    day.uploads(photo())
    assert day.step.state == "in_review"


def test_what_somebody_goes_on_with_is_not_given_up(day, clock):
    arriving = begins(day, photo())
    now = clock.advance(days=31)
    ages(blobs.part_path(context.settings().blob_dir, arriving), now - timedelta(days=1))
    assert not gives_up(day, arriving)


def test_what_arrived_whole_is_not_given_up(day, clock):
    arriving = begins(day, photo())
    day.uploads(photo())
    clock.advance(days=31)
    assert not gives_up(day, arriving)
    assert unfinished.lingering(day.session, clock.now()) == []


def test_parts_that_no_upload_knows_of_are_found(day, clock):
    directory = context.settings().blob_dir
    known = begins(day, photo())
    stray = directory / "parts" / "somebody" / ("cd" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    ages(stray, clock.now())
    assert list(unfinished.strays(day.session, directory, clock.now())) == []
    assert list(unfinished.strays(day.session, directory, clock.advance(days=31))) == [stray]
    assert blobs.part_path(directory, known).exists()


def test_the_command_clears_both_and_says_how_many(day, clock, monkeypatch):
    from contextlib import nullcontext

    monkeypatch.setattr(running, "application", nullcontext)
    arriving = begins(day, photo())
    path = blobs.part_path(context.settings().blob_dir, arriving)
    clock.advance(days=31)
    dry = CliRunner().invoke(baton, ["sweep", "--dry-run"])
    counted = "1 unfinished uploads, 0 stray parts and 0 expired sandboxes of visitors"
    assert dry.output == f"{counted} would be cleared.\n"
    assert path.exists()
    done = CliRunner().invoke(baton, ["sweep"])
    assert done.output == f"{counted} cleared.\n"
    assert not path.exists()


def test_the_clock_clears_them_once_a_day(day, clock):
    arriving = begins(day, photo())
    path = blobs.part_path(context.settings().blob_dir, arriving)
    tick(day.session, clock.now())
    assert path.exists()
    clock.advance(days=31)
    tick(day.session, clock.now())
    assert not path.exists()
    day.session.rollback()
    assert day.session.get(EngineState, 1).next_sweep_at == clock.now() + timedelta(days=1)
