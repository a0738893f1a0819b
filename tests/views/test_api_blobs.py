"""Photos come in by parts and go out bare, to those who may see them."""

import hashlib
import os
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from tests.day import photo, photo_proof
from tests.factories import crew_of_a_daycare, proof, signed_in
from tests.views.api_day import api_day  # noqa: F401
from webapp import context
from webapp.models import Proof

LARGEST = 15 * 1024 * 1024


@pytest.fixture
def monday(api_day):  # noqa: F811
    return api_day()


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


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


def test_a_complete_upload_may_be_repeated(monday):
    content = photo()
    monday.announces("ana", content)
    monday.put("ana", content)
    assert monday.put("ana", content).json["complete"] is True
    assert monday.step.attempt == 1


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


def test_a_photo_is_not_taken_under_another_persons_sign_in(monday):
    crew, content = monday.crew, photo()
    refused = monday.put("ben", content, Baton_Person=crew.ana.id)
    assert code(refused) == (409, "other_person")
    address = f"/api/v1/blobs/{hashlib.sha256(content).hexdigest()}"
    assert monday.browser("ana").head(address).status_code == 404
    assert monday.put("ana", content, Baton_Person=crew.ana.id).json["complete"] is True


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


def test_a_file_goes_out_as_it_was_sent_to_be_kept_and_never_shown_here(api_day):  # noqa: F811
    monday = api_day(steps=(("Certificate", proof("file")),))
    content = b"<script>alert(1)</script>"
    given = photo_proof(content) | {"kind": "file", "media_type": "text/html", "name": "a b.html"}
    monday.sync("ana", monday.command(proof=given))
    address = f"/api/v1/blobs/{hashlib.sha256(content).hexdigest()}/file"
    assert code(monday.browser("olivia").get(address)) == (404, "not_found")  # not here yet
    monday.put("ana", content)
    answer = monday.browser("olivia").get(address, buffered=True)
    assert answer.data == content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a b.html"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    monday.crew.maya.locations = []
    monday.session.commit()
    assert code(monday.browser("maya").get(address)) == (404, "not_found")


ODD_NAME = "a\r\nSet-Cookie: b\x00\x85\u2028\u202efdp.html"


@pytest.mark.parametrize("is_from_before", [False, True])
def test_what_no_name_shows_is_left_out_of_it(api_day, is_from_before):  # noqa: F811
    monday = api_day(steps=(("Certificate", proof("file")),))
    content = b"a certificate"
    given = photo_proof(content) | {"kind": "file", "media_type": "text/plain", "name": ODD_NAME}
    answer = monday.sync("ana", monday.command(proof=given))
    assert answer.json["results"][0]["status"] == "applied"
    monday.put("ana", content)
    kept = monday.session.query(Proof).one()
    assert kept.content["name"] == "aSet-Cookie: bfdp.html"
    if is_from_before:  # a row of when names were kept as they came
        kept.content = kept.content | {"name": ODD_NAME}
        monday.session.commit()
    address = f"/api/v1/blobs/{hashlib.sha256(content).hexdigest()}/file"
    answer = monday.browser("olivia").get(address, buffered=True)
    told = answer.headers["Content-Disposition"]
    assert (answer.status_code, told) == (200, 'attachment; filename="aSet-Cookie: bfdp.html"')


def test_a_picture_is_not_given_out_as_a_file(monday):
    monday.announces("ana", photo())
    monday.put("ana", photo())
    address = f"/api/v1/blobs/{hashlib.sha256(photo()).hexdigest()}/file"
    assert code(monday.browser("olivia").get(address)) == (404, "not_found")


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
