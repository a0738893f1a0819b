"""What is no rescue file is refused in a sentence, before it can do harm."""

import hashlib
import json
import struct
import zipfile
from io import BytesIO

import pytest

from tests.rescue_files import zipped
from webapp.problems import Problem
from webapp.services import rescue_file

SAID = {
    "format": "baton-rescue",
    "version": 1,
    "made_at": "2026-11-23T12:00:00Z",
    "skew_ms": None,
    "device": "d",
    "app_version": "2026.11.1",
    "people": [],
    "organisation": None,
    "commands": [],
    "blobs": [],
}
PHOTO = b"a photo" * 100
SHA256 = hashlib.sha256(PHOTO).hexdigest()
NAMED = SAID | {"blobs": [{"sha256": SHA256, "bytes": len(PHOTO)}]}


def read(content: bytes, sha256: str | None = None):
    with rescue_file.opened(BytesIO(content)) as file:
        return file.bytes_of(sha256) if sha256 else file.contents


def refusal(content: bytes, sha256: str | None = None) -> str:
    with pytest.raises(Problem) as caught:
        read(content, sha256)
    assert caught.value.code in ("rescue_not_valid", "too_large")
    return caught.value.detail


def gives(content: bytes) -> bytes | None:
    """The photo's bytes, or None when they are refused."""
    try:
        return read(content, SHA256)
    except Problem:
        return None


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_rescue_file_gives_what_it_says_and_the_bytes_it_names(compression):
    made = zipped(NAMED, (PHOTO,), compression=compression)
    assert read(made).hashes == [SHA256]
    assert read(made, SHA256) == PHOTO


def test_members_of_a_newer_app_are_passed_over():
    assert read(zipped(SAID | {"weather": "rain", "skew_ms": -412.7})).device == "d"


ODD = {
    "nothing": (b"", "not a rescue file"),
    "no zip": (b"GIF89a" * 50, "not a rescue file"),
    "only the beginning of a zip": (b"PK\x03\x04", "damaged"),
    "a zip of something else": (zipped(SAID, **{"letter.txt": b"x"}), "“letter.txt”"),
    "a way out of its folder": (zipped(SAID, **{"blobs/../../etc/passwd": b"x"}), "never puts"),
    "an absolute name": (zipped(SAID, **{"/etc/passwd": b"x"}), "never puts"),
    "no contents": (zipped(SAID).replace(b"baton-rescue.json", b"baton-resque.json"), "never puts"),
    "contents that are no JSON": (zipped(b"{"), "damaged"),
    "contents that are deeply nested": (zipped(b"[" * 100_000), "damaged"),
    "contents that are a list": (zipped([]), "not a rescue file that Baton made"),
    "another format": (zipped(SAID | {"format": "zip"}), "not a rescue file that Baton made"),
    "a newer version": (zipped(SAID | {"version": 2}), "Update Baton here"),
    "a time at the end of all times": (
        zipped(SAID | {"made_at": "9999-12-31T23:59:59.999999Z"}),
        "made_at",
    ),
    "a time without a zone": (zipped(SAID | {"made_at": "2026-11-23T12:00:00"}), "made_at"),
    "no commands": (zipped(SAID | {"commands": None}), "commands"),
    "a device that is none": (zipped(SAID | {"device": "\x00"}), "device"),
}


@pytest.mark.parametrize(("content", "words"), ODD.values(), ids=ODD)
def test_what_is_no_rescue_file_is_refused_in_a_sentence(content, words):
    said = refusal(content)
    assert words in said
    assert said.endswith((".", ")"))


def test_a_file_that_is_cut_off_anywhere_is_refused():
    made = zipped(NAMED, (PHOTO,))
    for length in range(0, len(made), 37):
        assert refusal(made[:length])


def test_a_file_with_any_byte_changed_is_refused_or_gives_the_right_bytes():
    made = zipped(NAMED, (PHOTO,))
    for at in range(0, len(made), 11):
        changed = made[:at] + bytes([made[at] ^ 0xFF]) + made[at + 1 :]
        assert gives(changed) in (PHOTO, None)


def test_bytes_of_another_hash_are_refused():
    made = zipped(NAMED, (PHOTO,))
    at = made.index(PHOTO)
    other = b"b photo" + PHOTO[7:]
    swapped = BytesIO()
    with zipfile.ZipFile(swapped, "w") as archive:
        archive.writestr("baton-rescue.json", json.dumps(NAMED))
        archive.writestr(f"blobs/{SHA256}", other)
    assert "not what the device kept" in refusal(swapped.getvalue(), SHA256)
    assert at > 0


def test_bytes_that_are_not_there_are_named():
    assert "not in the rescue file" in refusal(zipped(NAMED), SHA256)


def test_a_bomb_is_refused_before_it_unfolds():
    bomb = zipped(
        NAMED,
        compression=zipfile.ZIP_DEFLATED,
        **{f"blobs/{SHA256}": b"\0" * (16 * 1024 * 1024)},
    )
    assert len(bomb) < 100_000
    assert "larger than it can be" in refusal(bomb, SHA256)
    contents = zipped(b"[" + b" " * (21 * 1024 * 1024) + b"]", compression=zipfile.ZIP_DEFLATED)
    assert "larger than it can be" in refusal(contents)


def test_a_zip_that_says_it_unfolds_to_more_than_there_may_be_is_refused(monkeypatch):
    monkeypatch.setattr(rescue_file, "LARGEST", 1_000)
    made = zipped(SAID, compression=zipfile.ZIP_DEFLATED, **{f"blobs/{SHA256}": b"\0" * 2_000})
    assert len(made) < 1_000
    assert refusal(made) == "What this file holds is over 500 MB."


def test_a_file_over_the_limit_is_refused_unread(monkeypatch):
    monkeypatch.setattr(rescue_file, "LARGEST", 100)
    assert refusal(zipped(SAID)) == "A rescue file has 500 MB at most."


def test_a_list_of_more_files_than_there_can_be_is_refused_unread():
    made = bytearray(zipped(SAID))
    at = made.rindex(b"PK\x05\x06")
    made[at + 10 : at + 12] = struct.pack("<H", 60_000)
    assert "more files" in refusal(bytes(made))


def zip64(made: bytes) -> bytes:
    """The same zip with the larger end of a ZIP64, which is believed before the usual one."""
    at = made.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack("<HII", made[at + 10 : at + 20])
    end = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    usual = bytearray(made[at:])
    usual[8:20] = struct.pack("<HHII", 1, 1, 100, 0)
    return made[:at] + end + locator + bytes(usual)


def test_a_zip64_is_refused_whatever_its_usual_end_says():
    many = zipped(SAID, **{f"blobs/{at:064x}": b"" for at in range(rescue_file.MOST_FILES + 1)})
    assert "ZIP64" in refusal(zip64(many))
    assert "ZIP64" in refusal(zip64(zipped(SAID)))


def test_more_files_than_the_end_of_the_zip_admits_are_refused():
    made = bytearray(
        zipped(SAID, **{f"blobs/{at:064x}": b"" for at in range(rescue_file.MOST_FILES)})
    )
    at = made.rindex(b"PK\x05\x06")
    made[at + 8 : at + 12] = struct.pack("<HH", 1, 1)
    assert "more files" in refusal(bytes(made))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused():
    twice = BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        for _ in range(2):
            archive.writestr("baton-rescue.json", json.dumps(SAID))
    assert "does not hold one" in refusal(twice.getvalue())
