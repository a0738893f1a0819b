"""Uploads on a machine that fails: the device goes on, and no good photo is lost for it."""

import hashlib
import os

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.day import photo
from tests.factories import crew_of_a_daycare
from tests.views.api_day import api_day  # noqa: F401
from webapp import context
from webapp.extensions import db
from webapp.services import blobs, pictures


@pytest.fixture
def monday(api_day):  # noqa: F811
    return api_day()


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def fails(error: BaseException):
    def instead(*_: object, **__: object) -> None:
        raise error

    return instead


NO_SPACE = OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("module", "name", "error"),
    [
        (pictures, "_put", NO_SPACE),
        (os, "pwrite", NO_SPACE),
        (pictures, "_upright", MemoryError()),
    ],
    ids=["picture", "part", "memory"],
)
def test_a_photo_that_could_not_be_kept_now_is_taken_when_its_last_part_comes_again(
    monday, monkeypatch, module, name, error
):
    content = photo()
    address = f"/api/v1/blobs/{hashlib.sha256(content).hexdigest()}"
    monday.announces("ana", content)
    monday.put("ana", content, part=slice(0, 100))
    with monkeypatch.context() as failing:
        failing.setattr(module, name, fails(error))
        assert code(monday.put("ana", content, part=slice(100, None))) == (503, "unavailable")
    known = monday.browser("ana").head(address).headers
    assert (known["Upload-Offset"], known["Upload-Complete"]) == ("100", "?0")
    assert monday.step.state == "claimed"
    assert monday.put("ana", content, part=slice(100, None)).json["complete"] is True
    assert monday.step.state == "in_review"


def test_a_part_that_the_disk_takes_by_pieces_arrives_whole(monday, monkeypatch):
    content, pwrite = photo(), os.pwrite
    monday.announces("ana", content)
    monkeypatch.setattr(os, "pwrite", lambda to, part, offset: pwrite(to, part[:90], offset))
    monday.put("ana", content, part=slice(0, 200))
    assert monday.put("ana", content, part=slice(200, None)).json["complete"] is True
    assert monday.step.state == "in_review"


def parts_left() -> list[str]:
    parts = context.settings().blob_dir / "parts"
    return [path.name for path in parts.rglob("*") if path.is_file()]


def test_a_part_is_dropped_only_once_the_database_holds_what_became_of_it(monday, monkeypatch):
    content = photo()
    monday.announces("ana", content)
    monday.put("ana", content, part=slice(0, 100))
    with monkeypatch.context() as dying:
        dying.setattr(blobs, "note_part", fails(MemoryError()))
        dying.setitem(monday._app.config, "PROPAGATE_EXCEPTIONS", False)
        assert monday.put("ana", content, part=slice(100, None)).status_code == 500
    assert parts_left() == [hashlib.sha256(content).hexdigest()]
    assert monday.put("ana", content, part=slice(100, None)).json["complete"] is True
    assert parts_left() == []


def test_what_comes_at_once_is_no_part_and_comes_again_after_a_fault(monday, monkeypatch):
    content = photo()
    monday.announces("ana", content)
    with monkeypatch.context() as dying:
        dying.setattr(blobs, "note_part", fails(MemoryError()))
        dying.setitem(monday._app.config, "PROPAGATE_EXCEPTIONS", False)
        assert monday.put("ana", content).status_code == 500
    assert parts_left() == []
    assert monday.put("ana", content).json["complete"] is True
    assert monday.step.state == "in_review"


def test_wrong_bytes_are_dropped_too(monday):
    content = photo()
    wrong = bytes(reversed(content))
    monday.put("ana", wrong, sha256=hashlib.sha256(content).hexdigest())
    assert parts_left() == []


def test_a_picture_whose_file_is_gone_is_not_found(monday):
    content = photo()
    sha256 = hashlib.sha256(content).hexdigest()
    monday.announces("ana", content)
    monday.put("ana", content)
    for path in context.settings().blob_dir.rglob("*.jpg"):
        path.unlink()
    answer = monday.browser("ana").get(f"/api/v1/blobs/{sha256}")
    assert code(answer) == (404, "not_found")


@pytest.mark.parametrize("told", ["999999", "1"])
def test_a_first_part_that_told_a_wrong_length_does_not_stop_the_true_photo(monday, told):
    content = photo()
    sha256 = hashlib.sha256(content).hexdigest()
    monday.announces("ana", content)
    monday.put("ben", b"x", sha256=sha256, Upload_Length=told)
    assert monday.put("ana", content, part=slice(0, 100)).json["offset"] == 100
    assert monday.put("ana", content, part=slice(100, None)).json["complete"] is True
    assert monday.step.state == "in_review"


def test_a_photo_that_was_under_way_starts_again_after_a_part_of_another_length(monday):
    content = photo()
    sha256 = hashlib.sha256(content).hexdigest()
    monday.announces("ana", content)
    monday.put("ana", content, part=slice(0, 100))
    monday.put("ben", b"x", sha256=sha256, Upload_Length="999999")
    answer = monday.put("ana", content, part=slice(100, None))
    assert code(answer) == (409, "offset_conflict")
    assert answer.json["offset"] == 0
    assert monday.put("ana", content).json["complete"] is True
    assert monday.step.state == "in_review"


def test_a_first_part_that_comes_again_is_told_where_to_go_on(monday):
    content = photo()
    monday.put("ana", content, part=slice(0, 100))
    answer = monday.put("ana", content, part=slice(0, 100))
    assert (code(answer), answer.json["offset"]) == ((409, "offset_conflict"), 100)


@pytest.mark.parametrize(
    "stored", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_two_first_parts_at_once_announce_one_blob(stored, clock):
    org_id, sha256 = crew_of_a_daycare(stored, clock.now()).org_id, "ab" * 32

    asked: list[str] = []

    def other_first(_conn, _cursor, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO blob"):
            asked.append(statement)
        if asked == [statement]:
            with Session(db.engine) as other:
                blobs.expect(other, org_id, sha256, 7, clock.now())
                other.commit()

    event.listen(db.engine, "before_cursor_execute", other_first)
    try:
        blob = blobs.expect(stored, org_id, sha256, 5, clock.now())
    finally:
        event.remove(db.engine, "before_cursor_execute", other_first)
    assert (blob.sha256, blob.length, blob.received) == (sha256, 7, 0)
    assert len(asked) == 2
