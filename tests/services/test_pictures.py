"""Pictures are kept whole or not at all, and only the picture is to blame for a bad picture."""

import os
import stat
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread

import pytest
from PIL import Image, ImageCms

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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_file_says_beside_its_pixels_stays_behind(tmp_path, kind):
    said = Image.Exif()
    said[0x010E], said[0x8825] = "Ana at home", {1: "N", 2: (47.0, 3.0, 9.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = BytesIO()
    Image.effect_noise((2000, 1500), 60).convert("RGB").save(
        sent, kind, exif=said, icc_profile=profile, comment=b"taken by Ana", dpi=(300, 300)
    )
    pictures.keep(sent.getvalue(), tmp_path / "picture")
    for size in pictures.SIZES:
        with Image.open(pictures.sized(tmp_path / "picture", size)) as stored:
            assert not {"exif", "icc_profile", "comment", "dpi"} & stored.info.keys()
            assert not stored.getexif()
        assert b"Ana" not in pictures.sized(tmp_path / "picture", size).read_bytes()


def test_memory_that_runs_out_is_no_fault_of_the_picture(tmp_path, monkeypatch):
    def too_little(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pictures, "_upright", too_little)
    with pytest.raises(MemoryError):
        pictures.keep(photo(), tmp_path / "picture")
    assert list(tmp_path.iterdir()) == []


def test_a_kept_picture_outlives_a_power_cut_by_its_names_too(tmp_path, monkeypatch):
    synced, fsync = [], os.fsync

    def noted(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            directory = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
            synced.append((directory, sorted(each.name for each in directory.iterdir())))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    path = tmp_path / "org" / "ab" / "picture"
    pictures.keep(photo(), path)
    assert synced[:2] == [(tmp_path, ["org"]), (tmp_path / "org", ["ab"])]
    assert synced[-1] == (path.parent, ["picture.page.jpg", "picture.thumb.jpg"])


def test_threads_that_keep_the_same_picture_at_once_stay_out_of_each_others_way(
    tmp_path, monkeypatch
):
    both, problems, replace = Barrier(2, timeout=20), [], Path.replace

    def together(beside: Path, path: Path) -> Path:
        both.wait()
        return replace(beside, path)

    def keep() -> None:
        try:
            problems.append(pictures.keep(photo(), tmp_path / "picture").problem)
        except OSError as error:
            problems.append(error)

    monkeypatch.setattr(Path, "replace", together)
    threads = [Thread(target=keep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == [None, None]
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "picture.page.jpg",
        "picture.thumb.jpg",
    ]
