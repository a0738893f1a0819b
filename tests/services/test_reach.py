"""A manager's word ends at their own locations; an owner's goes everywhere."""

from dataclasses import replace

import pytest

from tests.day import Day
from tests.factories import Crew, crew_of_a_daycare
from tests.services.definition_wishes import save, wish
from webapp.models import Location, Person
from webapp.problems import Problem
from webapp.services import definitions, locations, people, reach


@pytest.fixture
def crew(stored, clock) -> Crew:
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def uptown(stored, clock, crew) -> Location:
    """A second location, where Maya has nothing to say."""
    place = locations.Place("Uptown", "America/Chicago")
    return locations.add(stored, crew.org_id, place, clock.now(), crew.olivia.id)


@pytest.fixture
def una(stored, clock, crew, uptown) -> Person:
    """Works at Uptown."""
    return people.add(
        stored, crew.organisation, "Una", "una@sunflower.example", "staff", clock.now(), [uptown]
    )


NOT_YOURS = "Uptown is not one of your locations. Its managers and the owner look after it."


def refusal(call, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Problem) as caught:
        call(*args, **kwargs)
    return caught.value.code, caught.value.detail


def test_owners_reach_everything_managers_their_own_and_staff_nothing(stored, crew, uptown):
    both = [crew.location, uptown]
    assert reach.among(crew.olivia, both) == both
    assert reach.among(crew.maya, both) == [crew.location]
    assert reach.among(crew.ana, both) == []


def test_nobody_reaches_a_location_of_another_organisation(stored, clock, crew):
    bakery = crew_of_a_daycare(stored, clock.now(), name="Bakery")
    assert not reach.manages(crew.olivia, bakery.location)


@pytest.mark.parametrize("role", ["staff", "manager"])
def test_a_manager_invites_nobody_to_a_location_of_others(stored, clock, crew, uptown, role):
    for places in ([uptown], [crew.location, uptown]):
        asked = ("New", None, role, places, clock.now())
        assert refusal(people.invite, stored, crew.maya, *asked) == ("not_allowed", NOT_YOURS)
    asked = ("New", None, role, [crew.location], clock.now())
    assert people.invite(stored, crew.maya, *asked)[0].locations == [crew.location]


@pytest.mark.parametrize("also_at_downtown", [False, True])
def test_a_manager_looks_after_only_people_all_of_whose_locations_are_theirs(
    stored, clock, crew, una, also_at_downtown
):
    if also_at_downtown:
        una.locations = [crew.location, *una.locations]
    for act in (people.invite_again, people.change, people.deactivate):
        assert refusal(act, stored, crew.maya, una, clock.now()) == ("not_allowed", NOT_YOURS)
    assert not people.may_look_after(crew.maya, una)
    assert people.invite_again(stored, crew.olivia, una, clock.now())


def test_a_manager_gives_nobody_a_location_of_others(stored, clock, crew, uptown):
    given = {"locations": [crew.location, uptown]}
    told = refusal(people.change, stored, crew.maya, crew.ana, clock.now(), **given)
    assert told == ("not_allowed", NOT_YOURS)
    assert crew.ana.locations == [crew.location]


def test_only_an_owner_adds_a_location(stored, clock, crew):
    place = locations.Place("Riverside", "UTC")
    told = refusal(locations.add, stored, crew.org_id, place, clock.now(), crew.maya.id)
    assert told == ("not_allowed", "Only an owner adds locations. Ask the owner.")


def test_a_manager_closes_the_days_of_their_own_locations_only(stored, clock, crew, uptown):
    closed = frozenset([clock.now().date()])
    asked = locations.changed(uptown, {"closed": closed})
    told = refusal(locations.edit, stored, uptown, asked, clock.now(), crew.maya.id)
    assert told == ("not_allowed", NOT_YOURS)
    asked = locations.changed(crew.location, {"closed": closed})
    locations.edit(stored, crew.location, asked, clock.now(), crew.maya.id)
    assert crew.location.closed_dates == closed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ("Uptown",)),
        (None, ("Downtown", "Uptown")),
        (("Downtown",), ("Downtown", "Uptown")),
        (("Downtown", "Uptown"), ("Downtown",)),
        (("Uptown",), ("Downtown",)),
    ],
)
def test_a_manager_saves_no_process_that_touches_a_location_of_others(
    stored, clock, crew, uptown, before, after
):
    now, process = clock.now(), None
    if before:
        process = save(stored, crew, now, wish(crew, locations=before))
    draft = wish(crew, locations=after)
    told = refusal(definitions.save, stored, crew.maya.id, crew.org_id, draft, now, process)
    assert told == ("not_allowed", NOT_YOURS)


def test_a_manager_retires_only_processes_of_their_own_locations(stored, clock, crew, uptown):
    now = clock.now()
    shared = save(stored, crew, now, wish(crew, locations=("Downtown", "Uptown")))
    told = refusal(definitions.retire, stored, crew.maya.id, shared, now)
    assert told == ("not_allowed", NOT_YOURS)
    assert shared.retired_at is None
    own = definitions.save(
        stored, crew.maya.id, crew.org_id, replace(wish(crew), name="Closing check"), now
    )
    definitions.retire(stored, crew.maya.id, own, now)
    assert own.retired_at == now


def test_a_manager_leaves_fix_notes_only_at_their_own_locations(stored, clock, crew, uptown):
    day = Day(stored, clock, crew)
    assert day.does("maya", "fix_note", text="Oiled.").status == "applied"
    crew.maya.locations = [uptown]
    stored.commit()
    refused = day.does("maya", "fix_note", text="Oiled again.")
    assert (refused.status, refused.result["code"]) == ("rejected", "not_the_holder")
    assert day.does("olivia", "fix_note", text="Replaced.").status == "applied"
