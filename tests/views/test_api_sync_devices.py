"""What devices say of themselves beside what they bring."""

from datetime import datetime, timedelta

import pytest

from tests.factories import crew_of_a_daycare
from tests.views.api_day import NOTES, ApiDay, api_day  # noqa: F401
from webapp.models import Device, Event, SignIn

STATE = {
    "waiting": 2,
    "bytes": 123_456,
    "oldest": "2026-11-23T12:10:00Z",
    "seqs": [3, 4],
    "persisted": True,
    "free_bytes": 10**11,
    "version": "2026.11.1",
}


@pytest.fixture
def monday(api_day):  # noqa: F811
    return api_day(steps=NOTES)


def device_of(monday: ApiDay, who: str = "ana") -> Device:
    monday.session.expire_all()
    return monday.session.get_one(Device, (monday.crew.org_id, f"phone-of-{who}"))


def losses(monday: ApiDay) -> list[dict]:
    return [
        event.payload for event in monday.session.query(Event).filter_by(kind="device.lost").all()
    ]


def test_what_a_device_says_of_itself_is_kept(monday):
    assert monday.sync("ana", device_state=STATE).status_code == 200
    device = device_of(monday)
    assert (device.waiting, device.waiting_bytes, device.persisted) == (2, 123_456, True)
    assert (device.app_version, device.free_bytes) == ("2026.11.1", 10**11)
    assert device.oldest_at == datetime.fromisoformat("2026-11-23T12:10:00Z")
    assert device.reported_at == device.last_seen_at == monday.clock.now()


def test_no_commands_at_all_say_that_the_device_is_there(monday):
    monday.sync("ana")
    monday.clock.advance(minutes=7)
    answer = monday.sync("ana")
    assert (answer.status_code, answer.json["results"]) == (200, [])
    assert device_of(monday).last_seen_at == monday.clock.now()


@pytest.mark.parametrize(
    "odd",
    [{}, [], "x", 7, {"waiting": -1}, {"waiting": 1, "seqs": ["a"]}, STATE | {"oldest": "noon"}],
    ids=str,
)
def test_what_cannot_be_read_of_it_stands_in_nobodys_way(monday, odd):
    answer = monday.sync("ana", monday.command(1), device_state=odd)
    assert answer.json["results"][0]["code"] == "done"
    assert device_of(monday).reported_at is None


def test_members_that_a_newer_app_says_are_passed_over(monday):
    newer = STATE | {"battery": 0.4}
    proof = {"kind": "note", "text": "Done.", "mood": "calm"}
    answer = monday.sync("ana", monday.command(1, proof=proof), device_state=newer, weather="rain")
    assert answer.json["results"][0]["code"] == "done"
    assert device_of(monday).app_version == "2026.11.1"


def test_a_clock_that_was_measured_to_fractions_is_read(monday):
    answer = monday.sync("ana", monday.command(1, skew_ms=-412.7))
    assert answer.json["results"][0]["code"] == "done"


def test_the_session_is_known_by_its_device(monday):
    monday.sync("ana")
    (row,) = monday.session.query(SignIn).filter_by(person_id=monday.crew.ana.id)
    assert row.device_id == "phone-of-ana"


def test_what_is_missing_between_the_numbers_is_told_once(monday):
    begun = monday.clock.now()
    monday.sync("ana", monday.command(1, seq=1))
    monday.clock.advance(minutes=30)
    monday.sync("ana", monday.command(2, seq=4), device_state=STATE | {"seqs": []})
    for _ in range(3):
        monday.clock.advance(minutes=2)
        monday.sync("ana", device_state=STATE | {"seqs": []})
    (told,) = losses(monday)
    assert told["count"] == 2
    assert told["after"] == begun.isoformat()
    assert told["before"] == (begun + timedelta(minutes=30)).isoformat()
    assert device_of(monday).losses[0]["seen_at"] is None


def reports(monday: ApiDay, who: str = "ana", seqs: tuple = ()) -> None:
    for _ in range(3):
        monday.clock.advance(minutes=2)
        monday.sync(who, device_state=STATE | {"seqs": list(seqs)})


def test_work_of_somebody_else_on_the_same_phone_is_not_lost(monday):
    monday.sync("ana", monday.command(1, seq=1), monday.command(2, seq=3))
    reports(monday, seqs=(2,))
    assert losses(monday) == []


def test_what_was_refused_or_could_not_be_read_has_arrived(monday):
    monday.sync(
        "ana",
        monday.command(1, seq=1),
        monday.command(2, seq=2, text=" "),
        monday.command(2, seq=3) | {"captured_at": "noon"},
        monday.command(3, seq=4),
    )
    reports(monday)
    assert losses(monday) == []


def test_a_fresh_storage_is_another_device(monday):
    monday.sync("ana", monday.command(1, seq=7), device="a-new-one")
    monday.sync("ana", monday.command(2, seq=1), device="a-newer-one")
    for _ in range(3):
        monday.clock.advance(minutes=2)
        monday.sync("ana", device="a-newer-one", device_state=STATE | {"seqs": []})
    assert losses(monday) == []


def test_a_device_from_before_its_numbers_were_kept_has_lost_nothing(monday):
    monday.sync("ana", monday.command(1, seq=9))
    device_of(monday).numbers = None
    monday.session.commit()
    monday.sync("ana", monday.command(2, seq=14), device_state=STATE | {"seqs": [12]})
    reports(monday, seqs=(12,))
    assert losses(monday) == []


def test_a_phone_that_two_organisations_use_has_lost_nothing_to_either(monday):
    bakery = crew_of_a_daycare(monday.session, monday.clock.now(), name="Bakery")
    there = ApiDay(monday._app, monday.session, monday.clock, bakery, steps=NOTES)
    there.sync("ana", device_state=STATE | {"seqs": []})
    monday.sync("ana", monday.command(1, seq=1), monday.command(2, seq=3))
    reports(monday)
    assert losses(monday) == []
