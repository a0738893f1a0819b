"""Devices: who sees which, signing one off and letting it in again, what is red."""

from datetime import datetime, timedelta

import pytest

from tests.day import Day
from tests.factories import Crew, crew_of_a_daycare, proof, reached_by_phone
from tests.push_service.devices import Device as Phone
from webapp.models import Device, Event, PushSubscription
from webapp.problems import Problem
from webapp.services import (
    commands,
    device_list,
    devices,
    held,
    locations,
    sign_in,
    signing_off,
    subscriptions,
)

NOTE = {"kind": "note", "text": "It catches."}
GATE = (("Gate latch", proof("note")),)


@pytest.fixture
def crew(stored, clock) -> Crew:
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew) -> Day:
    return Day(stored, clock, crew, steps=GATE)


def says(session, person, now, *, device: str | None = None, **state) -> Device:
    told = {"waiting": 0, "bytes": 0, "oldest": None, "seqs": ()} | state
    name = device or f"phone-of-{person.name.lower()}"
    found = devices.heard_from(session, person, name, devices.State(**told), {}, now)
    session.commit()
    return found


def lights(session, asking, now) -> list[tuple[str, str]]:
    found = device_list.all_of(session, asking, now)
    return [(each.person.name, each.light) for each in found]


def test_owners_see_all_devices_managers_their_peoples_and_staff_their_own(stored, clock, crew):
    for who in (crew.olivia, crew.maya, crew.ana, crew.ben):
        says(stored, who, clock.now())
    crew.ben.locations = [
        locations.add(stored, crew.org_id, locations.Place("Riverside", "UTC"), clock.now())
    ]
    stored.commit()
    seen = {
        who.name: [name for name, _ in lights(stored, who, clock.now())]
        for who in (crew.olivia, crew.maya, crew.ana)
    }
    assert seen == {
        "Olivia": ["Ana", "Ben", "Maya", "Olivia"],
        "Maya": ["Ana", "Maya"],
        "Ana": ["Ana"],
    }


def test_nobody_sees_devices_of_another_organisation(stored, clock, crew):
    says(stored, crew.ana, clock.now())
    stranger = crew_of_a_daycare(stored, clock.now(), name="Bakery").olivia
    assert lights(stored, stranger, clock.now()) == []
    with pytest.raises(Problem, match="nothing here"):
        device_list.find(stored, stranger, "phone-of-ana")


def test_a_device_is_red_after_a_week_with_something_unsent(stored, clock, crew, day):
    says(stored, crew.ana, clock.now(), waiting=3, bytes=9, oldest=clock.now(), seqs=(1, 2, 3))
    assert device_list.in_trouble(stored, crew.olivia, clock.now()) == []
    now = clock.advance(days=7)
    (seen,) = device_list.in_trouble(stored, crew.olivia, now)
    assert (seen.person.name, seen.light, seen.device.waiting) == ("Ana", "holds_back", 3)
    assert [step.title for step in seen.steps] == ["Gate latch"]


def test_a_device_that_was_signed_off_stays_red_for_what_waits_on_it(stored, clock, crew):
    now = clock.now()
    device = says(stored, crew.ana, now, waiting=3, bytes=9, oldest=now, seqs=(1, 2, 3))
    signing_off.sign_off(stored, crew.olivia, device, clock.advance(days=1))
    stored.commit()
    (seen,) = device_list.in_trouble(stored, crew.olivia, clock.advance(days=7))
    assert (seen.person.name, seen.light, seen.device.waiting) == ("Ana", "holds_back", 3)


def test_only_the_newest_device_of_somebody_is_silent(stored, clock, crew):
    says(stored, crew.ana, clock.now(), device="old")
    says(stored, crew.ana, clock.advance(days=1), device="new")
    assert lights(stored, crew.olivia, clock.advance(days=8)) == [
        ("Ana", "silent"),
        ("Ana", "safe"),
    ]


def test_signing_a_device_off_ends_its_sessions_and_its_messages(stored, clock, crew):
    on_it, elsewhere = (sign_in.start_session(stored, crew.ana, clock.now()) for _ in range(2))
    on_it.device_id, elsewhere.device_id = "phone-of-Ana", "tablet"
    device = commands.known_device(stored, crew.ana, "phone-of-Ana", clock.now())
    reached_by_phone(stored, crew.ana, crew.ben)
    signing_off.sign_off(stored, crew.olivia, device, clock.now())
    stored.commit()
    stored.expire_all()
    assert sign_in.session_of(stored, on_it.id, clock.now()) is None
    assert sign_in.session_of(stored, elsewhere.id, clock.now()) is not None
    assert [each.person_id for each in stored.query(PushSubscription)] == [crew.ben.id]
    told = stored.query(Event).filter_by(kind="device.signed_off").one()
    assert (told.actor, told.subject) == (crew.olivia.id, "phone-of-Ana")


def test_a_device_that_was_signed_off_is_told_nothing_more(stored, clock, crew):
    device = commands.known_device(stored, crew.ana, "phone-of-Ana", clock.now())
    signing_off.sign_off(stored, crew.olivia, device, clock.now())
    taken = Phone().subscription("https://fcm.googleapis.com")
    keys = (taken.endpoint, taken.p256dh, taken.auth)
    with pytest.raises(Problem, match="signed off"):
        subscriptions.subscribe(stored, crew.ana, "phone-of-Ana", *keys, clock.now())


def signed_off_after(stored, clock, crew, day: Day, **later) -> datetime:
    """Ana's phone is signed off; returns a moment before that."""
    device = commands.known_device(stored, crew.ana, "phone-of-ana", clock.now())
    before = clock.now()
    signing_off.sign_off(stored, crew.olivia, device, clock.advance(minutes=10))
    stored.commit()
    clock.advance(**later)
    return before


def test_what_was_captured_before_the_signing_off_applies(stored, clock, crew, day):
    before = signed_off_after(stored, clock, crew, day, minutes=10)
    done = day.does("ana", captured_at=before, proof=NOTE)
    assert (done.status, day.step.state) == ("applied", "done")


def test_what_was_captured_after_it_is_held_with_its_proof(stored, clock, crew, day):
    signed_off_after(stored, clock, crew, day, minutes=10)
    done = day.does("ana", proof=NOTE)
    assert (done.status, done.result["code"]) == ("held", "device_revoked")
    (waiting,) = held.waiting(stored, crew.olivia)
    assert waiting.proof.content["text"] == "It catches."
    assert waiting.why == "The device had been signed off before the work was done."


def test_a_clock_that_was_moved_does_not_bring_work_in_before_it(stored, clock, crew, day):
    signed_off_after(stored, clock, crew, day, minutes=10)
    yesterday = clock.now() - timedelta(days=1)
    done = day.does("ana", captured_at=yesterday, sent_at=yesterday, proof=NOTE)
    assert (done.status, done.result["code"]) == ("held", "device_revoked")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("cannot_do", {"reason": "No key."}),
        ("not_applicable", {"reason": "x"}),
        ("fix_note", {"text": "Oiled."}),
    ],
)
def test_words_from_it_are_held_too(stored, clock, crew, day, kind, words):
    day.step.may_skip = True
    signed_off_after(stored, clock, crew, day, minutes=10)
    assert day.does("ana", kind, **words).result["code"] == "device_revoked"
    assert day.step.holder.name == "Ana"


def test_letting_it_in_again_undoes_it(stored, clock, crew, day):
    signed_off_after(stored, clock, crew, day, minutes=10)
    device = device_list.find(stored, crew.olivia, "phone-of-ana", lock=True).device
    signing_off.let_in_again(stored, crew.olivia, device, clock.now())
    stored.commit()
    assert day.does("ana", proof=NOTE).status == "applied"
    noted = stored.query(Event).filter_by(subject="phone-of-ana").order_by(Event.seq)
    kinds = [event.kind for event in noted]
    assert kinds == ["device.signed_off", "device.let_in_again"]


def test_a_loss_is_shown_until_somebody_has_seen_it(stored, clock, crew):
    device = says(stored, crew.ana, clock.now(), waiting=1, seqs=(1, 2))
    for _ in range(2):
        device = says(stored, crew.ana, clock.advance(minutes=2))
    (seen,) = device_list.in_trouble(stored, crew.olivia, clock.now())
    assert [loss["count"] for loss in seen.unseen_losses] == [2]
    signing_off.losses_seen(stored, crew.olivia, device, clock.now())
    stored.commit()
    assert device_list.in_trouble(stored, crew.olivia, clock.now()) == []
