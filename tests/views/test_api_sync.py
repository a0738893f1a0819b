"""Bringing what was done: every command has its receipt, and none holds up the next."""

from datetime import datetime

import pytest
from apiflask import APIFlask
from flask import current_app
from sqlalchemy import func, select

from tests.day import photo, photo_proof
from tests.factories import crew_of_a_daycare, proof
from tests.views.api_day import NOTES, ApiDay, api_day  # noqa: F401
from webapp.models import Command, Event, Proof, StepRun
from webapp.services import record, sign_in


@pytest.fixture
def monday(stored, clock):
    app: APIFlask = current_app._get_current_object()
    crew = crew_of_a_daycare(stored, clock.now())
    return ApiDay(app, stored, clock, crew, steps=NOTES)


def statuses(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.json
    return [(each["status"], each["code"]) for each in answer.json["results"]]


def states(day: ApiDay) -> list[str]:
    day.session.expire_all()
    return [step.state for step in day.step.run.step_runs]


def test_a_batch_is_echoed_with_a_receipt_for_each_command(monday):
    first, second = monday.command(1), monday.command(2)
    answer = monday.sync("ana", first, second)
    assert statuses(answer) == [("applied", "done")] * 2
    assert answer.json["batch"] == "batch-1"
    assert datetime.fromisoformat(answer.json["server_time"]) == monday.clock.now()
    assert [each["id"] for each in answer.json["results"]] == [first["id"], second["id"]]
    assert answer.json["results"][0]["step_run"] == {
        "id": first["step_run"],
        "state": "done",
        "attempt": 1,
    }
    assert states(monday) == ["done", "done", "open"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"proof": None}, "proof_missing"),
        ({"proof": {"kind": "note", "text": "  "}}, "note_empty"),
        ({"proof": {"kind": "number", "value": "4"}}, "wrong_kind"),
        ({"proof": {"kind": "selfie"}}, "command_unreadable"),
        ({"captured_at": "yesterday"}, "command_unreadable"),
        ({"captured_at": "2026-11-23T12:30:00"}, "command_unreadable"),
        ({"attempt": 0}, "command_unreadable"),
        ({"seq": -1}, "command_unreadable"),
        ({"kind": "explode"}, "command_unknown"),
        ({"kind": "cannot_do"}, "reason_missing"),
        ({"kind": "not_applicable", "reason": "No."}, "skip_not_allowed"),
        ({"id": 7}, "command_unreadable"),
        ({"id": "x" * 65}, "command_unreadable"),
        ({"proof": {"kind": "note", "text": "x" * 4001}}, "command_unreadable"),
    ],
)
def test_one_bad_command_is_refused_and_the_others_apply(monday, bad, code):
    answer = monday.sync("ana", monday.command(1), monday.command(2) | bad, monday.command(3))
    assert statuses(answer) == [("applied", "done"), ("rejected", code), ("applied", "done")]
    assert all(each["detail"] for each in answer.json["results"])
    assert states(monday) == ["done", "open", "done"]


ODD = {
    "a NUL in a note": {"proof": {"kind": "note", "text": "one\x00two"}},
    "a NUL in an id": {"id": "one\x00two"},
    "a NUL in a kind": {"kind": "one\x00two"},
    "a NUL in a step": {"step_run": "one\x00two"},
    "half a character": {"proof": {"kind": "note", "text": "\ud800"}},
    "half a character in an id": {"id": "\ud800"},
    "the first moment of time": {"captured_at": "0001-01-01T00:00:00+14:00"},
    "the last moment of time": {"captured_at": "9999-12-31T23:59:59-14:00"},
    "a clock off by aeons": {"skew_ms": 2**52, "captured_at": "2026-11-23T02:00:00+00:00"},
    "a clock off the other way": {"skew_ms": -(2**52), "captured_at": "2026-11-23T02:00:00Z"},
    "a photo without a hash": {"proof": {"kind": "photo"}},
    "a photo without a size": {"proof": {"kind": "photo", "sha256": "ab" * 32}},
    "a hash that is none": {"proof": {"kind": "photo", "sha256": "\x00", "bytes": 3}},
    "a hash in the wrong place": {"proof": {"kind": "note", "text": "x", "sha256": ["\x00"]}},
    "a number of infinite size": {"proof": {"kind": "number", "value": "1e999999999"}},
    "a timed check with one end": {
        "proof": {"kind": "timed", "started_at": "2026-11-23T02:00:00Z"}
    },
    "a proof that is a list": {"proof": [1]},
    "an attempt from the future": {"attempt": 9},
    "a NUL in a fix note": {"kind": "fix_note", "text": "one\x00two"},
    "a fix note that is only a NUL": {"kind": "fix_note", "text": "\x00"},
    "a NUL in a reason": {"kind": "cannot_do", "reason": "one\x00two"},
    "a reason where none belongs": {"reason": "\x00"},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_whatever_a_device_sends_gets_a_receipt_and_holds_up_nobody(monday, odd):
    answer = monday.sync("ana", monday.command(1) | odd, monday.command(2))
    (status, _), second = statuses(answer)
    assert status in ("applied", "rejected", "held")
    assert second == ("applied", "done")
    monday.session.rollback()
    assert record.verify(monday.session, monday.crew.org_id).count > 0


@pytest.mark.parametrize("raw", [{}, {"id": None}, {"id": {}}, {"kind": []}])
def test_a_command_that_is_none_is_refused_like_any_other(monday, raw):
    assert statuses(monday.sync("ana", raw, monday.command(1)))[1] == ("applied", "done")


def test_the_same_command_again_has_the_same_receipt_and_one_proof(monday):
    command = monday.command(1)
    first = monday.sync("ana", command).json["results"]
    monday.clock.advance(minutes=5)
    again = monday.sync("ana", command, command).json["results"]
    assert again == first * 2
    assert monday.session.scalar(select(func.count()).select_from(Proof)) == 1


def test_the_same_id_for_something_else_is_refused_within_a_good_answer(monday):
    command = monday.command(1)
    monday.sync("ana", command)
    other = command | {"proof": {"kind": "note", "text": "Something else."}}
    assert statuses(monday.sync("ana", other)) == [("rejected", "id_reused")]
    kept = monday.session.scalars(select(Command)).one()
    assert kept.content["proof"]["text"] == "Done."


def test_a_step_of_another_organisation_is_as_unknown_as_one_that_never_was(monday):
    bakery = crew_of_a_daycare(monday.session, monday.clock.now(), name="Bakery")
    there = ApiDay(monday._app, monday.session, monday.clock, bakery, steps=NOTES)
    theirs = monday.session.scalars(
        select(StepRun.id).where(StepRun.org_id == bakery.org_id, StepRun.state == "open")
    ).first()
    answers = [
        monday.sync("ana", monday.command(1, step_run=step)).json["results"][0]
        for step in (theirs, "01NEVER0000000000000000000")
    ]
    assert [each.pop("id") for each in answers]
    assert answers[0] == answers[1]
    assert answers[0]["code"] == "step_unknown"
    assert there.session.get(StepRun, theirs).state == "open"


def test_what_is_refused_is_kept_in_the_record(monday):
    monday.sync("ana", monday.command(1, text=" "))
    told = monday.session.scalars(select(Event).where(Event.kind == "command.rejected")).one()
    assert told.payload["code"] == "note_empty"


def test_members_that_a_newer_app_sends_are_passed_over(monday):
    assert statuses(monday.sync("ana", monday.command(1, weather="rain"))) == [("applied", "done")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch": None},
        {"batch": ""},
        {"sent_at": "2026-11-23T12:30:00"},
        {"sent_at": None},
        {"commands": None},
        {"commands": [{}] * 201},
        {"device": "x" * 65},
        {"device": "\x00"},
        {"sent_at": "0001-01-01T00:00:00+14:00"},
    ],
    ids=lambda wrong: str(wrong)[:40],
)
def test_a_batch_that_cannot_be_read_is_refused_whole(api_day, wrong):  # noqa: F811
    monday = api_day(steps=NOTES)
    answer = monday.sync("ana", monday.command(1), **wrong)
    assert (answer.status_code, answer.json["code"]) == (422, "not_valid")
    assert next(iter(wrong)) in " ".join(answer.json["fields"])
    assert states(monday) == ["open"] * 3


def test_the_photos_that_are_still_missing_are_asked_for_once(api_day):  # noqa: F811
    monday = api_day(steps=(("Room", proof("photo")), ("Yard", proof("photo"))))
    announced = photo_proof(photo())
    commands = [monday.command(at, proof=announced) for at in (1, 2)]
    assert monday.sync("ana", *commands).json["missing_blobs"] == [announced["sha256"]]
    assert monday.put("ana", photo()).status_code == 200
    assert monday.sync("ana", *commands).json["missing_blobs"] == []


def test_who_is_not_signed_in_is_asked_to(client):
    answer = client.post("/api/v1/sync", json={})
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_required")


def test_what_one_person_did_is_not_sent_under_anothers_name(api_day):  # noqa: F811
    monday = api_day(steps=NOTES)
    browser = monday.browser("ben")
    browser.environ_base["HTTP_BATON_PERSON"] = monday.crew.ana.id
    answer = monday.sync("ben", monday.command(1))
    assert answer.json["code"] == "other_person"
    assert states(monday) == ["open"] * 3


def test_a_script_brings_its_work_with_a_token(api_day):  # noqa: F811
    monday = api_day(steps=NOTES)
    token = sign_in.create_token(monday.session, monday.crew.ana, monday.clock.now())
    monday.session.commit()
    batch = {
        "batch": "b",
        "sent_at": monday.clock.now().isoformat(),
        "commands": [monday.command(1)],
    }
    answer = monday._app.test_client().post(
        "/api/v1/sync", json=batch, headers={"Authorization": f"Bearer {token}"}
    )
    assert statuses(answer) == [("applied", "done")]


def test_what_cannot_be_read_is_kept_in_the_record(monday):
    monday.sync("ana", monday.command(1, text="Oiled the latch.") | {"captured_at": "yesterday"})
    monday.session.rollback()
    unreadable = select(Event).where(Event.kind == "command.unreadable")
    assert "Oiled the latch." in monday.session.scalars(unreadable).one().payload["sent"]


@pytest.mark.parametrize("odd", [1, None, "text", ["list"]])
def test_what_is_no_command_at_all_holds_up_no_other(monday, odd):
    answer = monday.sync("ana", odd, monday.command(1))
    assert statuses(answer) == [("rejected", "command_unreadable"), ("applied", "done")]
