"""PINs: chosen, given, hashed, and gone with their person."""

import pytest
from sqlalchemy import select

from tests.factories import crew_of_a_daycare
from tests.services.little_oaks import NOW, refusal
from webapp.models import Event
from webapp.services import passwords, people, pins


@pytest.fixture
def crew(stored):
    return crew_of_a_daycare(stored, NOW)


def test_a_chosen_pin_is_kept_hashed_and_the_record_does_not_hold_it(stored, crew):
    pins.choose(stored, crew.ana, " 471 926 ", NOW)
    stored.commit()
    assert passwords.matches(crew.ana.pin_hash, "471926")
    assert crew.ana.pin_set_at == NOW
    event = stored.scalars(select(Event).where(Event.kind == "person.pin_set")).one()
    assert (event.actor, event.subject, event.payload) == (crew.ana.id, crew.ana.id, {})


@pytest.mark.parametrize("pin", ["", "471", "1234", "000000", "47192x", "4719264"])
def test_a_pin_that_cannot_be_used_is_refused_and_the_old_one_stays(stored, crew, pin):
    pins.choose(stored, crew.ana, "471926", NOW)
    assert refusal(pins.choose, stored, crew.ana, pin, NOW) == "pin_not_valid"
    assert passwords.matches(crew.ana.pin_hash, "471926")


def test_who_looks_after_a_person_gives_them_a_fresh_one(stored, crew):
    pin = pins.give_fresh(stored, crew.maya, crew.ana, NOW)
    assert len(pin) == 6
    assert passwords.matches(crew.ana.pin_hash, pin)


@pytest.mark.parametrize(("actor", "person"), [("ana", "ben"), ("maya", "olivia")])
def test_nobody_else_does(stored, crew, actor, person):
    given = crew.people[actor], crew.people[person]
    assert refusal(pins.give_fresh, stored, *given, NOW) == "not_allowed"


def test_nobody_of_another_organisation_does(stored, crew):
    bakery = crew_of_a_daycare(stored, NOW, name="Bakery")
    assert refusal(pins.give_fresh, stored, bakery.olivia, crew.ana, NOW) == "not_found"


def test_the_pin_goes_with_its_person(stored, crew):
    pins.choose(stored, crew.ana, "471926", NOW)
    people.deactivate(stored, crew.olivia, crew.ana, NOW)
    assert crew.ana.pin_hash is None
    assert refusal(pins.give_fresh, stored, crew.olivia, crew.ana, NOW) == "not_allowed"
