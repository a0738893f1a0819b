"""Pairing a tablet: a code that is confirmed once, and a secret that is answered once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import crew_of_a_daycare
from tests.kiosks import paired
from tests.services.little_oaks import NOW, refusal
from webapp.models import Device, Event, Kiosk, Location, Pairing
from webapp.services import commands, kiosks, pairings

NOBODYS = "BCDF-2345"


@pytest.fixture
def crew(stored):
    return crew_of_a_daycare(stored, NOW)


@pytest.fixture
def begun(stored, crew):
    return pairings.begin(stored, "tablet", NOW)


def approve(stored, crew, code, *, who="olivia", place=None, name="Kitchen", now=NOW):
    actor = crew.people[who]
    return pairings.approve(stored, actor, code, place or crew.location, name, now)


def later(**by):
    return NOW + timedelta(**by)


def test_a_tablet_waits_until_somebody_confirms_its_code_and_is_answered_once(stored, crew, begun):
    assert pairings.ask(stored, begun.poll, NOW) is None
    approve(stored, crew, begun.code.lower().replace("-", " "))
    made = pairings.ask(stored, begun.poll, later(minutes=1))
    stored.commit()
    assert made is not None
    assert (made.kiosk.name, made.kiosk.location) == ("Kitchen", crew.location)
    assert kiosks.of_token(stored, made.token) is made.kiosk
    assert refusal(pairings.ask, stored, begun.poll, later(minutes=1)) == "pairing_over"


def test_only_hashes_of_the_code_the_secret_and_the_token_are_kept(stored, crew, begun):
    approve(stored, crew, begun.code)
    made = pairings.ask(stored, begun.poll, NOW)
    stored.commit()
    row = stored.scalars(select(Pairing)).one()
    kept = " ".join(map(str, (*vars(row).values(), *vars(made.kiosk).values())))
    for secret in (begun.code, begun.poll, made.token):
        assert secret not in kept


def test_a_code_is_confirmed_once(stored, crew, begun):
    approve(stored, crew, begun.code)
    assert refusal(approve, stored, crew, begun.code) == "code_unknown"


@pytest.mark.parametrize("code", [NOBODYS, "", "x", "B" * 400])
def test_a_code_that_no_tablet_shows_is_refused(stored, crew, begun, code):
    assert refusal(approve, stored, crew, code) == "code_unknown"


def test_code_and_secret_end_after_ten_minutes(stored, crew, begun):
    over = later(minutes=10)
    assert refusal(approve, stored, crew, begun.code, now=over) == "code_unknown"
    assert refusal(pairings.ask, stored, begun.poll, over) == "pairing_over"


def test_what_is_long_over_is_forgotten_by_the_next_that_begins(stored, begun):
    pairings.begin(stored, "other", later(days=1, minutes=11))
    assert [row.device_id for row in stored.scalars(select(Pairing))] == ["other"]


def test_a_manager_pairs_at_their_own_locations_only(stored, crew, begun):
    elsewhere = Location(
        org_id=crew.org_id, name="Riverside", time_zone="America/Chicago", created_at=NOW
    )
    stored.add(elsewhere)
    stored.flush()
    assert refusal(approve, stored, crew, begun.code, who="maya", place=elsewhere) == "not_allowed"
    assert refusal(approve, stored, crew, begun.code, who="ana") == "not_allowed"
    assert approve(stored, crew, begun.code, who="maya").approved_by_id == crew.maya.id


def test_nobody_pairs_a_tablet_with_a_location_of_another_organisation(stored, crew, begun):
    bakery = crew_of_a_daycare(stored, NOW, name="Bakery")
    assert refusal(approve, stored, crew, begun.code, place=bakery.location) == "not_allowed"


@pytest.mark.parametrize(("name", "code"), [("", "name_missing"), ("x" * 61, "not_valid")])
def test_a_kiosk_has_a_name_that_fits(stored, crew, begun, name, code):
    assert refusal(approve, stored, crew, begun.code, name=name) == code


def test_the_thirty_first_wrong_code_of_a_day_is_not_looked_up(stored, crew, begun):
    for _ in range(pairings.MOST_WRONG_CODES):
        pairings.count_code(stored, crew.maya, NOW)
        assert refusal(approve, stored, crew, NOBODYS, who="maya") == "code_unknown"
    assert refusal(pairings.count_code, stored, crew.maya, NOW) == "too_many_codes"
    pairings.count_code(stored, crew.olivia, NOW)
    pairings.count_code(stored, crew.maya, later(days=1))


def test_a_right_code_takes_back_its_own_count(stored, crew, begun):
    pairings.count_code(stored, crew.maya, NOW)
    approve(stored, crew, begun.code, who="maya")
    for _ in range(pairings.MOST_WRONG_CODES):
        pairings.count_code(stored, crew.maya, NOW)


def test_pairing_a_tablet_again_ends_what_it_was(stored, crew):
    first, old = paired(stored, crew, NOW, device="tablet")
    second, new = paired(stored, crew, NOW, device="tablet", name="Front desk")
    assert refusal(kiosks.of_token, stored, old) == "kiosk_revoked"
    assert kiosks.of_token(stored, new) is second
    assert [health.kiosk for health in kiosks.all_of(stored, crew.olivia, NOW)] == [second]
    assert refusal(kiosks.let_in_again, stored, crew.olivia, first, NOW) == "kiosk_replaced"


def test_a_kiosk_that_was_signed_off_long_ago_is_listed_no_more(stored, crew):
    kiosk, _ = paired(stored, crew, NOW)
    kiosks.revoke(stored, crew.olivia, kiosk, NOW)
    assert len(kiosks.all_of(stored, crew.olivia, later(days=89))) == 1
    assert kiosks.all_of(stored, crew.olivia, later(days=91)) == []


def test_the_same_tablet_may_be_a_kiosk_of_two_organisations_in_turn(stored, crew):
    bakery = crew_of_a_daycare(stored, NOW, name="Bakery")
    ours, token = paired(stored, crew, NOW, device="tablet")
    theirs, _ = paired(stored, bakery, NOW, device="tablet")
    assert kiosks.of_token(stored, token) is ours
    assert [each.kiosk for each in kiosks.all_of(stored, bakery.olivia, NOW)] == [theirs]


def test_a_kiosk_s_device_is_nobody_s_in_particular(stored, crew):
    commands.known_device(stored, crew.ana, "tablet", NOW).revoked_at = NOW
    paired(stored, crew, NOW, device="tablet")
    device = stored.get_one(Device, (crew.org_id, "tablet"))
    assert (device.person_id, device.revoked_at) == (None, None)


def test_the_record_names_who_paired_which_tablet_where(stored, crew):
    kiosk, _ = paired(stored, crew, NOW)
    event = stored.scalars(select(Event).where(Event.kind == "kiosk.paired")).one()
    assert (event.actor, event.subject) == (crew.olivia.id, kiosk.id)
    assert event.payload["location"] == "Downtown"
    assert stored.scalars(select(Kiosk)).one().paired_by_id == crew.olivia.id
