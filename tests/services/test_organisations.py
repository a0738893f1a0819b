"""How an organisation begins, and who owns it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Event, Organisation
from webapp.problems import Problem
from webapp.rules.record import Verified
from webapp.services import invitations, organisations, people, record, sign_in

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "four plain words here"
ASKED = {
    "name": "Little Oaks",
    "location_name": "Downtown",
    "time_zone": "America/Chicago",
    "owner_name": "Mara",
    "owner_email": "Mara@example.org",
    "password": PASSWORD,
}


@pytest.fixture
def session(stored: Session) -> Session:
    return stored


def test_an_organisation_begins_with_its_owner_and_first_location(session):
    owner = organisations.create(session, **ASKED, now=NOW)
    session.commit()
    assert (owner.role, owner.email, owner.organisation.name) == (
        "owner",
        "mara@example.org",
        "Little Oaks",
    )
    assert [(place.name, place.time_zone) for place in owner.locations] == [
        ("Downtown", "America/Chicago")
    ]
    assert sign_in.check_password(session, "mara@example.org", PASSWORD, NOW) is owner


def test_the_record_tells_of_the_beginning_from_the_first_event(session):
    owner = organisations.create(session, **ASKED, now=NOW)
    session.commit()
    events = session.scalars(select(Event).order_by(Event.seq)).all()
    assert [event.kind for event in events] == [
        "organisation.created",
        "person.added",
        "location.added",
    ]
    assert {event.actor for event in events} == {owner.id}
    assert isinstance(record.verify(session, owner.org_id), Verified)


def test_without_a_password_the_owner_gets_in_by_invitation_only(session):
    owner = organisations.create(session, **ASKED | {"password": None}, now=NOW)
    with pytest.raises(Problem, match="do not belong together"):
        sign_in.check_password(session, "mara@example.org", "", NOW)
    secret = invitations.create(session, owner, NOW)
    assert invitations.accept(session, secret, PASSWORD, NOW) is owner


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"name": " "}, "name_missing", "organisation"),
        ({"location_name": ""}, "name_missing", "location"),
        ({"time_zone": "Mars/Olympus"}, "unknown_time_zone", "time_zone"),
        ({"time_zone": ""}, "unknown_time_zone", "time_zone"),
        ({"owner_name": ""}, "name_missing", "name"),
        ({"owner_email": "mara"}, "email_not_valid", "email"),
        ({"password": "short"}, "password_too_short", "password"),
        ({"password": "Little Oaks 2026"}, "password_too_common", "password"),
        ({"password": ""}, "password_too_short", "password"),
    ],
)
def test_a_wrong_beginning_says_what_is_wrong_and_keeps_nothing(session, wrong, code, field):
    with pytest.raises(Problem) as caught:
        organisations.create(session, **ASKED | wrong, now=NOW)
    session.rollback()
    assert (caught.value.code, set(caught.value.fields)) == (code, {field})
    assert not organisations.any_exist(session)


def test_one_address_owns_one_organisation(session):
    organisations.create(session, **ASKED, now=NOW)
    with pytest.raises(Problem) as caught:
        organisations.create(session, **ASKED, now=NOW)
    assert caught.value.code == "email_taken"


def test_the_oldest_active_owner_is_the_last_station(session):
    mara = organisations.create(session, **ASKED, now=NOW)
    later = NOW + timedelta(days=1)
    sam, secret = people.invite(session, mara, "Sam", None, "owner", [], later)
    invitations.accept(session, secret, PASSWORD, later)
    assert organisations.owner_of(session, mara.org_id) is mara
    people.deactivate(session, mara, mara, later)
    assert organisations.owner_of(session, mara.org_id) is sam


def test_an_unknown_organisation_has_no_owner(session):
    with pytest.raises(Problem) as caught:
        organisations.owner_of(session, "made up")
    assert caught.value.code == "not_found"


def test_an_empty_installation_knows_that_it_is_empty(session):
    assert not organisations.any_exist(session)
    session.add(Organisation(name="Bakery", created_at=NOW))
    assert organisations.any_exist(session)
