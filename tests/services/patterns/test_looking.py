"""The look of each night: what it finds in the tables, keeps, and lets go of."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import process, proof
from tests.past_runs import past_runs
from tests.services.patterns.conftest import NOON
from webapp.models import Event, Organisation, Process
from webapp.problems import Problem
from webapp.services import definitions, patterns
from worker import nights

CLEAN = "." * 20


@pytest.mark.parametrize(
    ("went", "kind"),
    [
        (CLEAN + "mmmmmm", "repeated"),
        (CLEAN + "m" * 12, "by_another"),
        (CLEAN + "ssssss", "repeated"),
        (CLEAN + "bbbbbbbbbbbb", "by_another"),
        (CLEAN + "eeeeeeeeeeee", "at_deadline"),
        (CLEAN + CLEAN + "A..A..A..A..A..A", "one_person"),
        ("." * 110, "one_person"),
        (CLEAN[:10] + "dddddddd", "dark_device"),
    ],
)
def test_each_kind_is_found_in_the_tables(look, went, kind):
    assert kind in {row.kind for row in look(went)}


@pytest.mark.parametrize("went", ["mmmm", CLEAN + ".m...s....", CLEAN + "x" * 12, "a" * 30])
def test_nothing_is_said_of_few_runs_of_noise_of_taken_back_misses_and_of_leave(look, went):
    assert look(went) == []


def test_a_pattern_stays_the_same_row_from_night_to_night(look):
    (first,) = look(CLEAN + "ssssss")
    (second,) = look("s", NOON + timedelta(days=1))
    assert (first.id, second.times) == (second.id, 7)
    assert second.last_seen_at > second.first_seen_at


def test_it_goes_after_so_many_clean_runs_and_comes_back_as_another(stored, look):
    (first,) = look(CLEAN + "ssssss")
    assert look("." * 10, NOON + timedelta(days=10)) == []
    (again,) = look("ssssss", NOON + timedelta(days=16))
    assert again.id != first.id
    query = select(Event.kind).where(Event.kind.like("pattern.%"))
    kinds = stored.scalars(query.order_by(Event.seq))
    assert list(kinds) == ["pattern.appeared", "pattern.gone", "pattern.appeared"]


def test_what_is_noted_is_quiet_until_it_gets_worse(stored, crew, look):
    (row,) = look(CLEAN + ".s.s..s..s.s.s..s.ss"[:20])
    patterns.note(stored, crew.olivia, row.id, NOON)
    stored.commit()
    assert patterns.new_for(stored, crew.olivia) == []
    (same,) = look("s", NOON + timedelta(days=1))
    assert same.is_quiet
    (worse,) = look("sssssss", NOON + timedelta(days=8))
    assert not worse.is_quiet
    assert patterns.new_for(stored, crew.olivia) == [worse]


def test_the_others_stand_beside_it(look, northside):
    look("." * 9 + "s", place=northside)
    (row,) = look(CLEAN + "ssssss")
    assert row.facts["others"] == [1, row.of if row.of < 10 else 10]


def test_a_location_that_fails_in_all_its_steps_drifts(look, northside):
    look("." * 60)
    for n in range(15):  # now this step, now that one
        until = NOON - timedelta(days=3 * (15 - n))
        look("s..", until, place=northside, step=n % 2)
    (row,) = look(until=NOON)
    assert (row.kind, row.location_id, row.facts["others"]) == ("drift", northside.id, [0, 60])


def test_a_process_of_taps_alone_is_named_once_it_has_run_ten_times(stored, crew, clock, look):
    taps = process(
        stored, crew, clock.now(), name="Walk", steps=(("Walk", proof("timed")),), review="none"
    )
    past_runs(stored, crew, taps, "." * 9, NOON)
    assert look() == []
    past_runs(stored, crew, taps, ".", NOON + timedelta(days=1))
    (row,) = look(until=NOON + timedelta(days=1))
    assert (row.kind, row.process_id, row.chance) == ("no_proof", taps.id, 0)


def test_a_manager_sees_their_locations_only_and_staff_nothing(stored, crew, look, northside):
    (row,) = look(CLEAN + "ssssss", place=northside)
    assert patterns.current(stored, crew.org_id, crew.maya) == []
    assert patterns.current(stored, crew.org_id, crew.ana) == []
    crew.maya.locations.append(northside)
    assert patterns.current(stored, crew.org_id, crew.maya) == [row]
    with pytest.raises(Problem):
        patterns.find(stored, crew.ana, row.id)


def test_a_manager_sees_a_pattern_of_a_whole_process_that_runs_at_a_location_of_theirs(
    stored, crew, clock, look, northside
):
    """Only an owner keeps it quiet: it is of locations too that are not the manager's."""
    taps = process(
        stored, crew, clock.now(), name="Walk", steps=(("Walk", proof("timed")),), review="none"
    )
    version = definitions.current_version(taps)
    version.locations.append(northside)
    past_runs(stored, crew, taps, "." * 10, NOON, place=northside)
    (row,) = look()
    for places, sees in (([northside], [row]), ([], [])):
        crew.maya.locations[:] = places
        assert patterns.current(stored, crew.org_id, crew.maya) == sees
        assert patterns.new_for(stored, crew.maya) == []
        with pytest.raises(Problem):
            patterns.note(stored, crew.maya, row.id, NOON)
    assert patterns.new_for(stored, crew.olivia) == [row]


def test_the_clock_looks_once_a_night(stored, crew, opening, look, clock):
    look(CLEAN + "ssssss")
    organisation = stored.get_one(Organisation, crew.org_id)
    nights.look(stored, clock.advance(days=1))
    assert organisation.patterns_at > clock.now()
    assert organisation.patterns_at - clock.now() <= timedelta(days=1)
    assert stored.get_one(Process, opening.id).patterns_at is None
    due = organisation.patterns_at
    nights.look(stored, clock.advance(minutes=5))
    assert organisation.patterns_at == due


def test_what_cannot_be_looked_at_keeps_nobody_from_the_rest(
    stored, crew, clock, opening, monkeypatch
):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(patterns.looking.gathering, "seen", broken)
    nights.look(stored, clock.advance(days=1))
    assert stored.get_one(Process, opening.id).patterns_at is None


def test_what_is_retired_goes(stored, crew, opening, look, clock):
    look(CLEAN + "ssssss")
    opening.retired_at = NOON
    stored.commit()
    nights.look(stored, clock.advance(days=1))
    assert patterns.current(stored, crew.org_id) == []


def test_the_scope_counts_what_is_defined(stored, crew, opening, northside):
    assert definitions.current_version(opening).number == 1
    watched = patterns.watched(stored, crew.org_id)
    assert (watched.steps, watched.processes, watched.people) == (4, 2, 1)
