"""Sheets of labels for the spots at which steps are scanned."""

import re

import pytest

from tests.factories import crew_of_a_daycare, proof
from tests.views.api_day import ApiDay
from webapp.models import Process
from webapp.services import definitions
from webapp.views.qr import qr

STEPS = (("Gate latch", proof("scan", scan_code="GATE-7")), ("Back door", proof("scan")))


@pytest.fixture
def day(app, session, clock, crew):
    return ApiDay(app, session, clock, crew, steps=(*STEPS, ("Room", proof("note"))))


@pytest.fixture
def address(day):
    return f"/processes/{day.step.run.process_id}/labels"


def test_each_spot_with_a_code_has_a_label_that_can_be_scanned_and_read(day, address):
    shown = day.browser("olivia").get(address).text
    assert shown.count('class="label"') == 1
    assert f'd="{qr("GATE-7").path}"' in shown
    assert 'class="spot-code">GATE-7<' in shown
    assert "Opening check, Downtown" in shown
    assert "Back door." in shown
    assert f'href="{address}"' in day.browser("olivia").get(address.removesuffix("/labels")).text


def test_codes_are_made_for_the_spots_that_have_none(day, address, session):
    assert day.browser("olivia").post(address).status_code == 303
    shown = day.browser("olivia").get(address).text
    codes = re.findall(r'class="spot-code">([^<]+)<', shown)
    assert codes[0] == "GATE-7"
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", codes[1])
    session.expire_all()
    process = session.query(Process).one()
    assert definitions.current_version(process).number == 2
    day.browser("olivia").post(address)
    session.expire_all()
    assert definitions.current_version(process).number == 2


def test_a_process_without_scans_says_how_to_get_labels(app, session, clock, crew):
    day = ApiDay(app, session, clock, crew, steps=(("Room", proof("note")),))
    shown = day.browser("maya").get(f"/processes/{day.step.run.process_id}/labels").text
    assert "No step here is scanned." in shown


def test_labels_are_for_those_who_look_after_the_place(day, address, app, session, clock):
    assert day.browser("ana").get(address).status_code == 403
    bakery = ApiDay(app, session, clock, crew_of_a_daycare(session, clock.now(), name="Bakery"))
    assert bakery.browser("olivia").get(address).status_code == 404
