"""Uploads on a machine that fails: the device goes on, and no good photo is lost for it."""

import hashlib
import os

import pytest

from tests.day import photo
from tests.views.api_day import api_day  # noqa: F401
from webapp.services import pictures


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
        (pictures, "_write", NO_SPACE),
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
    assert monday.put("ana", content).json["complete"] is True
    assert monday.step.state == "in_review"
