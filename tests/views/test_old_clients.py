"""An app of before may always upload: batches as earlier versions sent them get their receipts.

The shapes below are what those versions put on the wire, word for word. They are never brought up
to date with the app: a phone that comes back after months in a drawer still runs what it had.
"""

import hashlib
from typing import Any

import pytest

from tests.day import photo
from tests.factories import proof
from tests.views.api_day import ApiDay, api_day  # noqa: F401

RECEIPTS = {"applied", "held", "superseded", "rejected"}
BATCH = "3f1f8f2e-5d4e-4d2e-9a55-7a1c3f1f8f2e"
DEVICE = "0b0c8a52-6f0e-4c39-8b53-5d2f1f1f1f1f"
STEPS = (
    ("Front room ready", proof("photo")),
    ("Fridge", proof("number", unit="°F", min="33", max="41")),
    ("Gate latch", proof("note")),
    ("Hand wash", proof("timed", min_seconds=20)),
    ("Door", proof("note")),
)
PHOTO = photo()
SHA256 = hashlib.sha256(PHOTO).hexdigest()

# What the first version with an offline queue sent as the members of a command beside its own.
PROOFS: list[dict[str, Any]] = [
    {
        "kind": "photo",
        "sha256": SHA256,
        "bytes": len(PHOTO),
        "media_type": "image/jpeg",
        "taken_at": "2026-11-23T12:31:00.000Z",
    },
    {"kind": "number", "value": "38.5", "corrective": None},
    {"kind": "note", "text": "Closed and locked."},
    {
        "kind": "timed",
        "started_at": "2026-11-23T12:30:00.000Z",
        "ended_at": "2026-11-23T12:30:25.000Z",
    },
]


def command(monday: ApiDay, position: int, **more: Any) -> dict[str, Any]:
    step = monday.step.run.step_runs[position - 1]
    return {
        "id": f"c0ffee00-0000-4000-8000-00000000000{position}",
        "kind": "complete_step",
        "step_run": step.id,
        "attempt": 1,
        "captured_at": "2026-11-23T12:30:30.120Z",
        "skew_ms": -412,
        "seq": position,
    } | more


def posted(monday: ApiDay, commands: list[dict[str, Any]]) -> dict[str, Any]:
    browser = monday.browser("ana")
    answer = browser.post(
        "/api/v1/sync",
        json={
            "batch": BATCH,
            "device": DEVICE,
            "sent_at": "2026-11-23T12:31:30.000Z",
            "commands": commands,
        },
        headers={"Baton-Person": monday.crew.ana.id, "Accept": "application/json"},
    )
    assert (answer.status_code, answer.mimetype) == (200, "application/json"), answer.text
    assert answer.json["batch"] == BATCH
    return answer.json


@pytest.fixture
def monday(api_day, clock):  # noqa: F811
    made = api_day(steps=STEPS, review="none")
    clock.advance(minutes=1, seconds=30)
    return made


def test_every_proof_of_the_first_version_gets_its_receipt(monday):
    sent = [command(monday, at, proof=given) for at, given in enumerate(PROOFS, start=1)]
    answer = posted(monday, sent)
    assert [each["id"] for each in answer["results"]] == [each["id"] for each in sent]
    assert [each["status"] for each in answer["results"]] == ["applied"] * 4
    assert all(each["step_run"]["state"] for each in answer["results"])
    assert answer["missing_blobs"] == [SHA256]
    assert answer["server_time"]


def test_words_of_the_first_version_get_theirs(monday):
    reason = command(monday, 3, kind="cannot_do", reason="The latch is broken.")
    note = command(monday, 5, kind="fix_note", text="Called the locksmith.")
    codes = [each["code"] for each in posted(monday, [reason, note])["results"]]
    assert codes == ["handed_on", "noted"]


def test_a_version_that_never_sampled_the_clock_gets_its_receipt(monday):
    sent = command(monday, 3, proof=PROOFS[2], skew_ms=None)
    assert posted(monday, [sent])["results"][0]["status"] in RECEIPTS


def test_a_photo_arrives_in_the_parts_of_the_first_version(monday):
    posted(monday, [command(monday, 1, proof=PROOFS[0])])
    browser, address = monday.browser("ana"), f"/api/v1/blobs/{SHA256}"
    known = browser.head(address)
    assert known.headers["Upload-Offset"] == "0"
    half = len(PHOTO) // 2
    for offset, part in ((0, PHOTO[:half]), (half, PHOTO[half:])):
        answer = browser.put(
            address,
            data=part,
            headers={
                "Content-Type": "application/octet-stream",
                "Baton-Person": monday.crew.ana.id,
                "Upload-Offset": str(offset),
                "Upload-Length": str(len(PHOTO)),
            },
        )
        assert answer.status_code == 200, answer.text
    assert (answer.json["complete"], answer.json["sha256"]) == (True, SHA256)
    assert answer.json["step_runs"][0]["state"] == "done"


def test_the_answer_has_what_the_first_version_reads_and_may_have_more(monday):
    answer = posted(monday, [command(monday, 3, proof=PROOFS[2])])
    assert {"batch", "server_time", "results", "missing_blobs"} <= set(answer)
    assert {"id", "status", "code", "detail", "step_run"} <= set(answer["results"][0])
    assert answer["results"][0]["status"] in RECEIPTS
