"""Pictures are kept whole or not at all, and only the picture is to blame for a bad picture."""

import os

import pytest

from tests.day import photo
from webapp.services import pictures


def test_a_disk_that_fails_is_no_fault_of_the_picture(tmp_path, monkeypatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "org").mkdir()
    with pytest.raises(OSError, match="No space left"):
        pictures.keep(photo(), tmp_path / "org" / "picture")
    assert list((tmp_path / "org").iterdir()) == []


@pytest.mark.parametrize("content", [b"no picture", photo()[:-40]])
def test_what_cannot_be_decoded_is_kept_as_it_is_and_said_to_be_no_picture(tmp_path, content):
    kept = pictures.keep(content, tmp_path / "picture")
    assert kept.problem == "not_an_image"
    assert (tmp_path / "picture").read_bytes() == content


def test_memory_that_runs_out_is_no_fault_of_the_picture(tmp_path, monkeypatch):
    def too_little(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pictures, "_upright", too_little)
    with pytest.raises(MemoryError):
        pictures.keep(photo(), tmp_path / "picture")
    assert list(tmp_path.iterdir()) == []
