"""The page of devices."""

import pytest
from sqlalchemy import select

from tests.factories import proof
from tests.views.api_day import api_day  # noqa: F401
from webapp.models import Device, Event

GATE = (("Gate latch", proof("note")),)


@pytest.fixture
def monday(api_day):  # noqa: F811
    made = api_day(steps=GATE)
    said = {
        "waiting": 3,
        "bytes": 9,
        "oldest": made.clock.now().isoformat(),
        "seqs": [1, 2, 3],
        "version": "2026.11.1",
    }
    made.sync("ana", device_state=said)
    return made


def page(monday, who="olivia") -> str:
    return monday.browser(who).get("/devices").text


def test_a_device_says_when_it_was_heard_from_and_what_it_holds(monday):
    shown = page(monday)
    assert "Last heard from at 06:30." in shown
    assert "3 pieces of work waited on it then, the oldest from 06:30." in shown
    assert "App 2026.11.1." in shown
    assert "Not all sent" in shown


def test_a_week_later_it_is_red(monday):
    monday.clock.advance(days=8)
    shown = page(monday)
    assert 'class="signal failed"' in shown
    assert "Holds work back" in shown
    assert "Ask Ana to open Baton there with a connection" in shown


def test_signing_off_and_letting_in_again_are_two_presses(monday):
    owner = monday.browser("olivia")
    answer = owner.post("/devices/phone-of-ana/sign-off")
    assert answer.status_code == 303
    assert answer.location.endswith("/devices#device-phone-of-ana")
    assert "Signed off at 06:30." in page(monday)
    assert monday.sync("ana", monday.command(1)).status_code == 401
    owner.post("/devices/phone-of-ana/let-in-again")
    monday.session.expire_all()
    assert monday.session.get(Device, (monday.crew.org_id, "phone-of-ana")).revoked_at is None


def signs_off(monday, who: str) -> None:
    """Signs Ana's phone off; Ana comes back by another browser."""
    monday.browser(who).post("/devices/phone-of-ana/sign-off")
    monday.signs_in_again("ana")


def is_signed_off(monday) -> bool:
    monday.session.expire_all()
    device = monday.session.get(Device, (monday.crew.org_id, "phone-of-ana"))
    return device.revoked_at is not None


def test_a_device_hears_that_it_is_signed_off_and_let_in_again(monday):
    assert monday.sync("ana").json["signed_off"] is False
    signs_off(monday, "olivia")
    assert monday.sync("ana").json["signed_off"] is True
    monday.browser("olivia").post("/devices/phone-of-ana/let-in-again")
    assert monday.sync("ana").json["signed_off"] is False


def test_a_device_that_somebody_else_signed_off_does_not_let_itself_in_again(monday):
    signs_off(monday, "olivia")
    signs_off(monday, "ana")
    assert "Let it in again" not in page(monday, "ana")
    assert monday.browser("ana").post("/devices/phone-of-ana/let-in-again").status_code == 403
    assert is_signed_off(monday)
    assert "Let it in again" in page(monday, "maya")
    monday.browser("maya").post("/devices/phone-of-ana/let-in-again")
    assert not is_signed_off(monday)


def test_who_signed_their_own_device_off_may_let_it_in_again(monday):
    signs_off(monday, "ana")
    assert "Let it in again" in page(monday, "ana")
    monday.browser("ana").post("/devices/phone-of-ana/let-in-again")
    assert not is_signed_off(monday)


def test_the_last_signing_off_decides_who_may_let_it_in_again(monday):
    signs_off(monday, "ana")
    monday.browser("ana").post("/devices/phone-of-ana/let-in-again")
    signs_off(monday, "olivia")
    assert monday.browser("ana").post("/devices/phone-of-ana/let-in-again").status_code == 403


def test_a_device_of_somebody_else_is_not_there_for_staff(monday):
    assert "Ana" not in page(monday, "ben")
    assert monday.browser("ben").post("/devices/phone-of-ana/sign-off").status_code == 404
    assert "3 pieces of work" in page(monday, "ana")


def test_a_loss_is_named_with_a_way_to_say_that_it_was_seen(monday):
    for _ in range(2):
        monday.clock.advance(minutes=5)
        monday.sync("ana", device_state={"waiting": 0})
    words = "Ana&#39;s device PHON lost 3 pieces of work before 06:40 that it had kept."
    assert words in page(monday)
    monday.browser("olivia").post("/devices/phone-of-ana/loss-seen")
    assert words not in page(monday)


def test_who_lost_work_does_not_take_that_off_the_page(monday):
    for _ in range(2):
        monday.clock.advance(minutes=5)
        monday.sync("ana", device_state={"waiting": 0})
    assert "Work lost" in page(monday, "ana")
    assert "I have seen it" not in page(monday, "ana")
    assert monday.browser("ana").post("/devices/phone-of-ana/loss-seen").status_code == 403
    assert "I have seen it" in page(monday, "maya")
    monday.browser("maya").post("/devices/phone-of-ana/loss-seen")
    assert "Work lost" not in page(monday)


def test_a_browser_that_may_clear_what_it_keeps_is_named_while_it_keeps_something(monday):
    words = "Its browser may clear what it keeps."
    monday.sync("ana", device_state={"waiting": 0, "persisted": False})
    assert words not in page(monday)
    monday.sync("ana", device_state={"waiting": 1, "persisted": False})
    assert words in page(monday)


def test_owners_find_the_page_for_rescue_files_there(monday):
    assert 'href="/rescue"' in page(monday)
    assert 'href="/rescue"' not in page(monday, "ana")


def test_looking_at_it_changes_nothing(monday):
    before = monday.session.get(Device, (monday.crew.org_id, "phone-of-ana")).last_seen_at
    monday.clock.advance(days=1)
    page(monday)
    monday.session.expire_all()
    after = monday.session.get(Device, (monday.crew.org_id, "phone-of-ana")).last_seen_at
    assert after == before


ANDROID = "Mozilla/5.0 (Android 13; Mobile; rv:130.0)"


def test_a_device_has_a_name_from_its_first_contact_and_says_so_itself(monday):
    monday.sync("ana", user_agent=ANDROID)
    assert "Ana&#39;s Android phone" in page(monday)
    said = monday.browser("ana").get("/api/v1/devices/phone-of-ana").json
    assert said == {"id": "phone-of-ana", "name": "Ana's Android phone"}


def test_a_second_phone_of_a_kind_says_which_it_is(monday):
    monday.sync("ana", user_agent=ANDROID)
    monday.sync("ana", device="b7f0", user_agent=ANDROID)
    assert "Ana&#39;s Android phone B7F0" in page(monday)


def test_whose_it_is_or_who_looks_after_them_gives_a_device_another_name(monday):
    owner = monday.browser("olivia")
    assert (
        owner.post("/devices/phone-of-ana/name", data={"name": " Bag  phone "}).status_code == 303
    )
    assert "<h2>Bag phone" in page(monday)
    assert "<h2>Bag phone" in page(monday, "ana")
    told = monday.session.scalars(select(Event).where(Event.kind == "device.renamed")).one()
    assert told.payload["to"] == "Bag phone"
    monday.browser("ana").post("/devices/phone-of-ana/name", data={"name": ""})
    assert "<h2>Ana&#39;s device PHON" in page(monday)
    assert monday.browser("ben").post("/devices/phone-of-ana/name").status_code == 404


def test_a_name_that_is_too_long_is_refused_in_words(monday):
    answer = monday.browser("ana").post("/devices/phone-of-ana/name", data={"name": "a" * 61})
    assert answer.status_code == 422
    assert "Use a name of at most 60 characters." in answer.text


@pytest.fixture
def lost(monday):
    """Ana's phone, with work of the gate on it, is silent for a week: red."""
    said = {"waiting": 1, "oldest": monday.clock.now().isoformat(), "seqs": [1]}
    monday.sync("ana", device_state=said | {"steps": [monday.step.id, "unknown"]})
    monday.clock.advance(days=8)
    return monday


def gives_up(lost, why="Fell into the lake", who="olivia"):
    return lost.browser(who).post("/devices/phone-of-ana/gone", data={"why": why})


def needs(lost) -> str:
    return lost.browser("olivia").get("/inbox").text


def test_a_device_says_which_steps_it_holds_work_of(lost):
    assert "It holds work of “Gate latch”." in needs(lost)
    assert "step 1, “Gate latch”" in page(lost)


def test_a_device_that_is_gone_is_red_no_more_and_its_work_is_listed_to_be_done_again(lost):
    assert "Holds work back" in page(lost)
    assert gives_up(lost).status_code == 303
    shown = page(lost)
    assert "Holds work back" not in shown
    assert "Gone for good" in shown
    assert "Fell into the lake" in shown
    assert "To be done again, step by step:" in shown
    assert f'href="/runs/{lost.step.run_id}"' in shown
    assert "It holds work of" not in needs(lost)
    told = lost.session.scalars(select(Event).where(Event.kind == "device.gone")).one()
    assert told.payload["steps"] == [lost.step.id, "unknown"]
    assert told.payload["why"] == "Fell into the lake"


def test_that_a_device_is_gone_can_be_taken_back(lost):
    gives_up(lost)
    lost.browser("olivia").post("/devices/phone-of-ana/not-gone")
    shown = page(lost)
    assert "Holds work back" in shown
    assert "Let it in again" in shown


def test_a_device_that_is_heard_from_after_all_is_not_gone(lost):
    gives_up(lost)
    lost.signs_in_again("ana")
    lost.sync("ana", device_state={"waiting": 0})
    assert "Gone for good" not in page(lost)
    assert lost.session.scalars(select(Event).where(Event.kind == "device.turned_up")).one()


def test_only_who_looks_after_its_person_gives_a_device_up_and_says_why(lost):
    assert gives_up(lost, who="ana").status_code == 403
    assert gives_up(lost, why="  ").status_code == 422
    assert "Holds work back" in page(lost)
