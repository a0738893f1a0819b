"""The pages of kiosks, of oneself, and a PIN for somebody else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete

from tests.kiosks import WRONG, with_pin
from tests.views.kiosk_day import kiosk_day, sealed  # noqa: F401
from webapp.models import Device, Kiosk, Location
from webapp.services import passwords


@pytest.fixture
def day(kiosk_day):  # noqa: F811
    return kiosk_day()


def page(day, address="/kiosks", who="olivia"):
    answer = day.browser(who).get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def press(day, verb, who="olivia", **form):
    return day.browser(who).post(f"/kiosks/{day.tablet.kiosk_id}/{verb}", data=form)


def test_the_page_says_of_each_kiosk_how_it_is(day):
    device = day.session.get_one(Device, (day.crew.org_id, day.tablet.device))
    device.waiting, device.app_version, device.reported_at = 3, "2.1", day.clock.now()
    device.oldest_at = day.clock.now()
    day.session.commit()
    shown = page(day)
    for words in (
        "Kitchen tablet",
        "Downtown.",
        "Not all sent",
        "Last heard from at 06:30.",
        "2.1",
    ):
        assert words in shown
    assert "3 pieces of work waited on it then" in shown


def test_only_the_demo_says_what_everybody_types(day):
    assert "Everybody has the PIN" not in page(day)
    with_pin(day.session, day.crew.olivia)
    day.crew.olivia.organisation.is_demo = True
    day.session.commit()
    assert "Everybody has the PIN 271828, except Fay, who has none yet." in page(day)


def test_the_page_names_the_place_where_a_code_is_typed(day):
    day.session.execute(delete(Kiosk))
    with_pin(day.session, day.crew.olivia)
    day.crew.olivia.organisation.is_demo = True
    day.session.commit()
    shown = page(day)
    assert "or choose “Pair a tablet” and type it there." in shown
    assert "then choose “Pair a tablet”. Everybody has the PIN" in shown
    assert re.search(r'<a class="button" href="/kiosks/pair">Pair a tablet</a>', shown)


def test_a_tablet_that_was_just_confirmed_is_not_said_to_be_missing(day):
    day.session.execute(delete(Kiosk))
    day.session.commit()
    assert "No kiosk yet." in page(day)
    shown = page(day, "/kiosks?paired=Kitchen")
    assert "Kitchen is confirmed." in shown
    assert "No kiosk yet." not in shown


def test_the_page_to_sign_in_leads_to_the_kiosk(day):
    shown = day.app.test_client().get("/sign-in").text
    assert re.search('<a [^>]*href="/kiosk">Use it as a kiosk</a>', shown)


def test_a_kiosk_is_called_something_else(day):
    assert press(day, "rename", name="Front desk").status_code == 303
    assert "Front desk" in page(day)
    refused = press(day, "rename", name=" ")
    assert (refused.status_code, "Write the name." in refused.text) == (422, True)


def test_signing_a_kiosk_off_can_be_undone(day):
    press(day, "sign-off")
    assert day.tablet.board().status_code == 401
    shown = page(day)
    assert "Signed off at 06:30 by Olivia." in shown
    press(day, "let-in-again")
    assert day.tablet.board().status_code == 200


def test_a_locked_kiosk_asks_in_the_inbox_and_is_unlocked(day):
    kiosk = day.session.get_one(Kiosk, day.tablet.kiosk_id)
    kiosk.wrong_day, kiosk.wrong = day.clock.now().date(), 20
    day.session.commit()
    assert "Kitchen tablet, Downtown asks to be unlocked." in page(day, "/inbox")
    assert "Locked" in page(day)
    assert day.tablet.begins("ana").json["code"] == "kiosk_locked"
    press(day, "unlock")
    assert day.tablet.begins("ana").status_code == 200
    assert "asks to be unlocked" not in page(day, "/inbox")


def test_a_kiosk_that_is_silent_while_open_is_in_the_inbox(day):
    assert "Kitchen tablet" not in page(day, "/inbox")
    day.clock.advance(hours=26)
    assert "Kitchen tablet, Downtown was last heard from at 06:30 yesterday." in page(day, "/inbox")
    assert "Silent" in page(day)


def test_what_a_kiosk_lost_is_told_until_somebody_has_seen_it(day):
    device = day.session.get_one(Device, (day.crew.org_id, day.tablet.device))
    before = day.clock.now() + timedelta(minutes=5)
    lost = {"count": 2, "after": None, "before": before.isoformat(), "seen_at": None}
    device.losses = [lost]
    day.session.commit()
    told = "Kitchen tablet, Downtown lost 2 pieces of work before 06:35 that it had kept."
    assert told in page(day, "/inbox")
    press(day, "loss-seen")
    assert told not in page(day, "/inbox")


def test_managers_see_and_change_the_kiosks_of_their_locations_only(day):
    elsewhere = Location(
        org_id=day.crew.org_id, name="Riverside", time_zone="UTC", created_at=day.clock.now()
    )
    day.session.add(elsewhere)
    day.session.flush()
    day.tablet = day.another_tablet(location=elsewhere, name="Riverside tablet")
    assert "Riverside tablet" not in page(day, who="maya")
    assert press(day, "sign-off", who="maya").status_code == 404
    assert press(day, "sign-off", who="ana").status_code == 403


def test_many_wrong_pins_in_a_day_alarm_the_owner(day):
    for _ in range(5):
        for _ in range(4):
            for who in ("ana", "ben", "fay", "maya", "olivia"):
                with_pin(day.session, day.crew.people[who])
                day.tablet.begins(who, WRONG)
        press(day, "unlock")
    assert "100 PINs were wrong at your kiosks today." in page(day, "/inbox")
    assert "PINs were wrong" not in page(day, "/inbox", "maya")


def test_the_form_to_pair_offers_the_locations_that_are_mine_and_says_what_is_wrong(day):
    shown = page(day, "/kiosks/pair")
    assert "Downtown" in shown
    form = {"code": "BCDF-2345", "location": day.crew.location.id, "name": "Kitchen"}
    refused = day.browser("olivia").post("/kiosks/pair", data=form)
    assert refused.status_code == 422
    assert 'value="BCDF-2345"' in refused.text
    nowhere = day.browser("olivia").post("/kiosks/pair", data=form | {"location": ""})
    assert "Choose where the tablet hangs." in nowhere.text


def test_the_form_to_pair_names_all_that_is_wrong_at_once(day):
    form = {"code": "BCDF-2345", "name": " "}
    refused = day.browser("olivia").post("/kiosks/pair", data=form)
    assert refused.status_code == 422
    for words in (
        "No tablet shows this code now.",
        "Write the name.",
        "Choose where the tablet hangs.",
    ):
        assert words in refused.text
    assert "Some of what was sent" not in refused.text


def test_everybody_sets_their_own_pin(day):
    for who in ("fay", "olivia"):
        browser = day.browser(who)
        assert "You have none yet." in browser.get("/me").text
        assert browser.post("/me/pin", data={"pin": "830 517"}).status_code == 303
        assert "You have one." in browser.get("/me").text
    assert day.tablet.begins("fay", "830517").status_code == 200


def test_a_pin_that_cannot_be_used_is_refused_in_words_and_not_shown_again(day):
    refused = day.browser("fay").post("/me/pin", data={"pin": "123456"})
    assert refused.status_code == 422
    assert "This one is easy to guess." in refused.text
    assert "123456" not in refused.text


def test_who_looks_after_somebody_makes_them_a_new_pin_that_is_shown_once(day):
    browser = day.browser("maya")
    assert browser.post(f"/people/{day.crew.fay.id}/pin").status_code == 303
    shown = browser.get("/people").text
    pin = re.search(r'class="figure">(\d{3}) (\d{3})<', shown)
    assert pin is not None
    day.session.expire_all()
    assert passwords.matches(day.crew.fay.pin_hash, pin[1] + pin[2])
    assert 'class="figure">' not in browser.get("/people").text


def test_nobody_makes_a_pin_for_whom_they_do_not_look_after(day):
    assert day.browser("maya").post(f"/people/{day.crew.olivia.id}/pin").status_code == 403
