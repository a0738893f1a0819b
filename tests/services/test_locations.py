"""Locations: zone, hours and closures, and the runs that follow a change."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Event, Location, Person
from webapp.problems import Problem
from webapp.services import locations, organisations, planning
from webapp.services.locations import Place

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHRISTMAS = date(2026, 12, 25)


@pytest.fixture
def session(stored: Session) -> Session:
    return stored


@pytest.fixture
def org_id(session) -> str:
    owner = organisations.create(
        session, "Little Oaks", "Downtown", "America/Chicago", "Mara", None, None, NOW
    )
    return owner.org_id


@pytest.fixture
def downtown(session, org_id) -> Location:
    return locations.by_name(session, org_id, "Downtown")


@pytest.fixture
def replanned(monkeypatch) -> list[str]:
    seen: list[str] = []
    monkeypatch.setattr(
        planning, "replan_location", lambda _session, location, _now: seen.append(location.name)
    )
    return seen


def refusal(call, *args) -> tuple[str, set[str]]:
    with pytest.raises(Problem) as caught:
        call(*args)
    return caught.value.code, set(caught.value.fields)


def test_a_location_is_added_with_its_hours_and_closures(session, org_id):
    place = Place("Riverside", "Europe/Berlin", time(6, 30), time(18), frozenset({CHRISTMAS}))
    locations.add(session, org_id, place, NOW)
    session.commit()
    session.expire_all()
    kept = locations.by_name(session, org_id, "Riverside")
    assert (kept.time_zone, kept.opens, kept.closes) == ("Europe/Berlin", time(6, 30), time(18))
    assert kept.closed_dates == {CHRISTMAS}


@pytest.mark.parametrize(
    ("name", "zone", "expected"),
    [
        ("", "UTC", ("name_missing", {"name"})),
        ("Downtown", "UTC", ("name_taken", {"name"})),
        ("Riverside", "America/Chikago", ("unknown_time_zone", {"time_zone"})),
        ("Riverside", "../../etc/passwd", ("unknown_time_zone", {"time_zone"})),
        ("Riverside", "", ("unknown_time_zone", {"time_zone"})),
    ],
)
def test_a_wrong_location_says_what_is_wrong_at_its_field(session, org_id, name, zone, expected):
    assert refusal(locations.add, session, org_id, Place(name, zone), NOW) == expected


def test_two_organisations_may_have_a_location_of_the_same_name(session, org_id):
    other = organisations.create(session, "Bakery", "Downtown", "UTC", "Otto", None, None, NOW)
    assert other.locations[0].name == "Downtown"


@pytest.mark.parametrize(
    "change",
    [
        {"time_zone": "America/Denver"},
        {"opens": time(7)},
        {"closes": time(19)},
        {"closed": frozenset({CHRISTMAS})},
    ],
)
def test_planned_runs_follow_a_change_at_once(session, downtown, replanned, change):
    locations.edit(session, downtown, locations.changed(downtown, change), NOW)
    assert replanned == ["Downtown"]


def test_an_edit_that_changes_nothing_plans_nothing_and_leaves_no_event(
    session, downtown, replanned
):
    session.commit()
    before = len(session.scalars(select(Event)).all())
    locations.edit(session, downtown, locations.changed(downtown, {}), NOW)
    session.commit()
    assert replanned == []
    assert len(session.scalars(select(Event)).all()) == before


def test_closures_are_set_as_a_whole(session, downtown):
    for closed in ({CHRISTMAS, date(2026, 12, 26)}, {CHRISTMAS, date(2027, 1, 1)}, set()):
        change = {"closed": frozenset(closed)}
        locations.edit(session, downtown, locations.changed(downtown, change), NOW)
        session.commit()
        session.expire_all()
        assert downtown.closed_dates == closed


def test_a_change_is_in_the_record_with_what_it_became(session, downtown):
    place = locations.changed(downtown, {"opens": time(7), "closed": frozenset({CHRISTMAS})})
    owner = session.scalars(select(Person)).one()
    locations.edit(session, downtown, place, NOW, owner.id)
    session.commit()
    last = session.scalars(select(Event).order_by(Event.seq.desc())).first()
    assert (last.kind, last.actor, last.subject) == ("location.changed", owner.id, downtown.id)
    assert (last.payload["opens"], last.payload["closed"]) == ("07:00", ["2026-12-25"])


def test_a_location_keeps_its_own_name_and_cannot_take_anothers(session, org_id, downtown):
    locations.add(session, org_id, Place("Riverside", "UTC"), NOW)
    locations.edit(session, downtown, locations.changed(downtown, {"name": "Downtown "}), NOW)
    taken = locations.changed(downtown, {"name": "Riverside"})
    assert refusal(locations.edit, session, downtown, taken, NOW) == ("name_taken", {"name"})


def test_a_location_of_another_organisation_is_not_there(session, downtown):
    other = organisations.create(session, "Bakery", "Shop", "UTC", "Otto", None, None, NOW)
    assert refusal(locations.of, session, other.org_id, downtown.id)[0] == "not_found"
    assert refusal(locations.chosen, session, other.org_id, [downtown.id])[0] == "not_found"
    assert refusal(locations.by_name, session, other.org_id, "Downtown")[0] == "location_unknown"
    assert locations.all_of(session, other.org_id) == other.locations


def test_a_location_chosen_twice_counts_once(session, org_id, downtown):
    assert locations.chosen(session, org_id, [downtown.id, downtown.id]) == [downtown]
