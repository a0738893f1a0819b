"""Uploads that are broken, too large, hostile or not what they say."""

import hashlib
import struct
import zlib

import pytest

from tests.day import photo
from tests.views.api_day import api_day  # noqa: F401
from webapp import context
from webapp.models import Blob
from webapp.services import blobs

LARGEST = 15 * 1024 * 1024


@pytest.fixture
def monday(api_day):  # noqa: F811
    return api_day()


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is this large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00" * 1000)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_part_at_another_offset_is_refused_with_the_right_one(monday):
    content = photo()
    monday.put("ana", content, part=slice(0, 100))
    answer = monday.put("ana", content, part=slice(200, None))
    assert code(answer) == (409, "offset_conflict")
    assert answer.json["offset"] == 100
    assert monday.put("ana", content, part=slice(100, None)).status_code == 200


def test_bytes_that_are_not_what_was_announced_are_refused_and_may_come_again(monday):
    content = photo()
    sha256 = hashlib.sha256(content).hexdigest()
    monday.announces("ana", content)
    wrong = bytes(reversed(content))
    assert code(monday.put("ana", wrong, sha256=sha256)) == (422, "hash_mismatch")
    assert monday.step.state == "claimed"
    known = monday.browser("ana").head(f"/api/v1/blobs/{sha256}")
    assert known.headers["Upload-Offset"] == "0"
    assert monday.put("ana", content, part=slice(0, 100)).status_code == 200
    assert monday.put("ana", content, part=slice(100, None)).status_code == 200
    assert monday.step.state == "in_review"


def test_a_server_that_died_before_noting_the_last_part_gets_the_photo_again(monday):
    content = photo()
    monday.announces("ana", content)
    monday.put("ana", content, part=slice(0, 100))
    blob = monday.session.get(Blob, (monday.crew.org_id, hashlib.sha256(content).hexdigest()))
    (blobs.part_path(context.settings().blob_dir, blobs.upload_of(blob))).unlink()
    assert code(monday.put("ana", content, part=slice(100, None))) == (422, "hash_mismatch")
    assert monday.put("ana", content).json["complete"] is True
    assert monday.step.state == "in_review"


def test_what_is_no_photo_reopens_the_step_and_says_so(monday):
    content = b"%PDF-1.7 not a photo"
    monday.announces("ana", content)
    assert code(monday.put("ana", content)) == (422, "not_an_image")
    assert (monday.step.state, monday.step.escalate_at is not None) == ("open", True)
    assert monday.announces("ana", photo())["status"] == "applied"


@pytest.mark.parametrize("size", [(60_000, 60_000), (30_000, 2_000)])
def test_a_small_file_that_says_it_is_a_huge_picture_is_not_decoded(monday, size):
    bomb = png_of(*size)
    assert len(bomb) < 200
    monday.announces("ana", bomb)
    assert code(monday.put("ana", bomb)) == (422, "image_too_many_pixels")
    assert monday.step.state == "open"


@pytest.mark.parametrize("content", [photo()[:-40], photo()[:20], png_of(10, 10)[:-20], b"GIF89a"])
def test_a_damaged_picture_is_no_picture_and_no_defect(monday, content):
    monday.announces("ana", content)
    assert monday.put("ana", content).status_code in (200, 422)
    assert monday.step.state in ("open", "in_review")


def test_a_file_over_fifteen_megabytes_is_refused_before_it_is_sent(monday):
    told = {"Upload_Length": str(LARGEST + 1)}
    assert code(monday.put("ana", photo(), **told)) == (413, "blob_too_large")


def test_a_body_over_fifteen_megabytes_is_not_read(monday):
    body = b"x" * (LARGEST + 200_000)
    assert code(monday.put("ana", body)) == (413, "too_large")


def test_a_photo_of_exactly_fifteen_megabytes_is_taken(monday):
    content = photo() + b"\x00" * (LARGEST - len(photo()))
    monday.announces("ana", content)
    assert monday.put("ana", content).json["complete"] is True
    assert monday.step.state == "in_review"


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"Upload_Offset": "-1"}, "bad_request"),
        ({"Upload_Offset": "x"}, "bad_request"),
        ({"Upload_Length": "1.5"}, "bad_request"),
        ({"Upload_Length": "0"}, "bad_request"),
        ({"Upload_Length": "9" * 5000}, "bad_request"),
        ({"Upload_Length": "³"}, "bad_request"),
        ({"Upload_Length": "5"}, "offset_conflict"),
    ],
    ids=lambda given: str(given)[:30],
)
def test_headers_that_make_no_sense_are_refused_in_words(monday, headers, refused):
    answer = monday.put("ana", photo(), **headers)
    assert (answer.status_code < 500, answer.json["code"]) == (True, refused)


@pytest.mark.parametrize("name", ["x", "AB" * 32, "ab" * 31, "..%2f..%2fsecret_key", "%00"])
def test_a_name_that_is_no_hash_is_refused(monday, name):
    browser = monday.browser("ana")
    for answer in (browser.get(f"/api/v1/blobs/{name}"), browser.put(f"/api/v1/blobs/{name}")):
        assert answer.status_code in (404, 405, 422)
