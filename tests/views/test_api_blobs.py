"""Photos come in by parts and go out bare, to those who may see them."""

import hashlib
import os
import struct
import zlib
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from tests.day import photo, photo_proof
from tests.factories import crew_of_a_daycare, proof, signed_in
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


def photo_with_a_place() -> bytes:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (41.0, 52.0, 55.0), 3: "W", 4: (87.0, 37.0, 40.0)}
    exif[0x010E] = "SECRET GARDEN"
    picture = BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "JPEG", exif=exif)
    return picture.getvalue()


def test_a_photo_that_arrives_closes_the_step_that_waited_for_it(monday):
    content = photo()
    assert monday.announces("ana", content)["code"] == "proof_on_its_way"
    answer = monday.put("ana", content)
    assert answer.status_code == 200
    assert answer.json == {
        "sha256": hashlib.sha256(content).hexdigest(),
        "offset": len(content),
        "length": len(content),
        "complete": True,
        "step_runs": [{"id": monday.step.id, "state": "in_review", "attempt": None}],
    }


def test_a_photo_may_come_before_its_command(monday):
    content = photo()
    assert monday.put("ana", content).json["step_runs"] == []
    assert monday.announces("ana", content)["step_run"]["state"] == "in_review"


def test_an_upload_that_broke_goes_on_at_its_offset(monday):
    content = photo()
    address = f"/api/v1/blobs/{hashlib.sha256(content).hexdigest()}"
    monday.announces("ana", content)
    begun = monday.put("ana", content, part=slice(0, 100))
    assert (begun.json["offset"], begun.json["complete"]) == (100, False)
    known = monday.browser("ana").head(address)
    assert known.status_code == 200
    assert known.headers["Upload-Offset"] == "100"
    assert known.headers["Upload-Complete"] == "?0"
    assert monday.put("ana", content, part=slice(100, None)).json["complete"] is True
    assert monday.browser("ana").head(address).headers["Upload-Complete"] == "?1"
    assert monday.step.state == "in_review"


def test_a_part_at_another_offset_is_refused_with_the_right_one(monday):
    content = photo()
    monday.put("ana", content, part=slice(0, 100))
    answer = monday.put("ana", content, part=slice(200, None))
    assert code(answer) == (409, "offset_conflict")
    assert answer.json["offset"] == 100
    assert monday.put("ana", content, part=slice(100, None)).status_code == 200


def test_a_complete_upload_may_be_repeated(monday):
    content = photo()
    monday.announces("ana", content)
    monday.put("ana", content)
    assert monday.put("ana", content).json["complete"] is True
    assert monday.step.attempt == 1


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


def test_a_photo_is_shown_small_and_smaller(monday):
    content = BytesIO()
    Image.effect_noise((2400, 1200), 50).convert("RGB").save(content, "JPEG")
    monday.announces("ana", content.getvalue())
    monday.put("ana", content.getvalue())
    address = f"/api/v1/blobs/{hashlib.sha256(content.getvalue()).hexdigest()}"
    for size, widest in (("page", 1600), ("thumb", 320)):
        answer = monday.browser("olivia").get(f"{address}?size={size}", buffered=True)
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        with Image.open(BytesIO(answer.data)) as picture:
            assert picture.size == (widest, widest // 2)
        assert answer.cache_control.private
    assert code(monday.browser("olivia").get(f"{address}?size=original")) == (404, "not_found")


def test_where_a_photo_was_taken_stays_nowhere(monday):
    content = photo_with_a_place()
    assert b"SECRET GARDEN" in content
    monday.announces("ana", content)
    monday.put("ana", content)
    kept = [path for path in context.settings().blob_dir.rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert b"SECRET GARDEN" not in path.read_bytes(), path
        assert b"Exif" not in path.read_bytes(), path


def test_a_photo_is_seen_only_by_those_who_may_see_its_step(monday):
    content = photo()
    monday.announces("ana", content)
    monday.put("ana", content)
    address = f"/api/v1/blobs/{hashlib.sha256(content).hexdigest()}"
    for who in ("ana", "ben", "olivia", "maya"):
        assert monday.browser(who).get(address, buffered=True).status_code == 200, who
    monday.crew.maya.locations = []
    monday.session.commit()
    assert code(monday.browser("maya").get(address)) == (404, "not_found")
    nobody = monday._app.test_client().get(address)
    assert code(nobody) == (401, "sign_in_required")


def test_a_photo_of_another_organisation_is_as_unknown_as_one_that_never_was(monday):
    content = photo()
    monday.announces("ana", content)
    monday.put("ana", content)
    bakery = crew_of_a_daycare(monday.session, monday.clock.now(), name="Bakery")
    stranger = signed_in(monday._app, monday.session, bakery.olivia, monday.clock.now())
    theirs = f"/api/v1/blobs/{hashlib.sha256(content).hexdigest()}"
    never = f"/api/v1/blobs/{'ab' * 32}"
    assert stranger.get(theirs).json == stranger.get(never).json
    assert stranger.head(theirs).status_code == stranger.head(never).status_code == 404
    answer = stranger.put(theirs, data=content[:100], headers={"Upload-Length": str(len(content))})
    assert (answer.json["offset"], answer.json["complete"]) == (100, False)


def test_a_photo_without_a_step_is_shown_to_nobody(monday):
    monday.put("ana", photo())
    address = f"/api/v1/blobs/{hashlib.sha256(photo()).hexdigest()}"
    assert code(monday.browser("ana").get(address)) == (404, "not_found")


def test_a_file_that_is_no_picture_proves_a_step_that_asks_for_a_file(api_day):  # noqa: F811
    monday = api_day(steps=(("Certificate", proof("file")),))
    content = b"%PDF-1.7 " + os.urandom(50)
    given = photo_proof(content) | {"kind": "file", "media_type": "application/pdf"}
    monday.sync("ana", monday.command(proof=given))
    answer = monday.put("ana", content)
    assert (answer.status_code, monday.step.state) == (200, "done")


def test_a_claim_whose_bytes_come_too_late_is_kept_beside_the_backups_proof(monday):
    monday.announces("ana", photo())
    monday.later(minutes=80)
    assert monday.step.holder.name == "Ben"
    monday.put("ben", photo("red"))
    monday.announces("ben", photo("red"), captured_at=monday.clock.now().isoformat())
    assert monday.step.closed_by.name == "Ben"
    late = monday.put("ana", photo())
    assert late.status_code == 200
    assert monday.step.closed_by.name == "Ben"
    assert monday.step.miss_explained_at == monday.clock.now()
    assert monday.clock.now() - monday.step.deadline_at > timedelta(minutes=30)
