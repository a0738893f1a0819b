"""Whatever happens in whatever order: after each step the auditor finds nothing.

The same few days each time; `BATON_PROPERTIES=200` plays so many others. A failing one is printed
as a program and played again first the next time.
"""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.conftest import MONDAY, FixedClock, _used
from tests.factories import crew_of_a_daycare
from tests.properties.house import EVERYBODY, POINTS, STAFF, House
from webapp.extensions import db

DAYS = int(os.environ.get("BATON_PROPERTIES", "6"))
ACTS = int(os.environ.get("BATON_PROPERTIES_ACTS", "25"))

anybody = st.sampled_from(EVERYBODY)
staff = st.sampled_from(STAFF)
number = st.integers(min_value=0, max_value=30)
processes = st.sampled_from(["Opening check", "Rounds"])
waits = st.sampled_from([10, 70, 130, 310, 600, 1300, 3100, 11 * 3600, 26 * 3600]).map(
    lambda seconds: timedelta(seconds=seconds)
)
darkness = st.sampled_from([0, 30, 600, 4000, 9000]).map(lambda seconds: timedelta(seconds=seconds))


class AnyDay(RuleBasedStateMachine):
    """One installation; each rule is something that can happen to it."""

    lent = None  # set by the test: how to begin a fresh installation

    def __init__(self) -> None:
        super().__init__()
        self.lending = type(self).lent()
        self.clock = next(self.lending)
        session = db.session()
        self.house = House(session, self.clock, crew_of_a_daycare(session, self.clock.now()))
        self.acts = 0

    def teardown(self) -> None:
        try:
            if getattr(self, "house", None):
                self.house.check(whole=True)
        finally:
            for _ in self.lending:
                pass

    def _done(self) -> None:
        self.acts += 1
        self.house.check(whole=self.acts % 3 == 0)

    def _one(self, pick: int, *states: str):
        found = self.house.steps(*states)
        return found[pick % len(found)] if found else None

    @initialize(minutes=st.sampled_from([0, 60, 110, 130]))
    def begin(self, minutes):
        self.house.later(minutes=minutes)
        self._done()

    @rule(by=waits)
    def time_passes(self, by):
        self.house.later(seconds=by.total_seconds())
        self._done()

    @rule()
    def it_comes_due(self):
        """Time passes until just after the next look, or the next opening."""
        steps = self.house.steps("open", "claimed", "waiting")
        looks = [step.escalate_at or step.opens_at for step in steps]
        due = min((each for each in looks if each is not None), default=None)
        if due is not None and due > self.clock.now():
            self.house.later(seconds=(due - self.clock.now()).total_seconds() + 1)
        self._done()

    @rule()
    def it_ticks(self):
        self.house.ticks(self.clock.now())
        self._done()

    @rule()
    def two_clocks_tick_at_once(self):
        self.house.ticks_twice_at_once()
        self._done()

    @rule(point=st.sampled_from(POINTS), after=waits)
    def the_clock_is_killed(self, point, after):
        self.house.dies_in_a_tick(point, after)
        self._done()

    @rule(works=st.sampled_from(["reached", "accepted", "refused", "gone", "retry", "dies"]))
    def the_push_service_changes(self, works):
        self.house.works = works
        self.house.delivers(self.clock.now())
        self._done()

    @rule()
    def a_worker_dies_with_its_leases(self):
        self.house.loses_its_leases()
        self._done()

    @rule(who=anybody, pick=number, ago=darkness, now=st.booleans(), shade=number)
    def somebody_completes(self, who, pick, ago, now, shade):
        step = self._one(pick, "open", "claimed", "waiting", "done", "in_review")
        if step is not None:
            self.house.completes(who, step, ago, bytes_too=now, shade=shade)
        self._done()

    @rule(pick=number, ago=darkness, now=st.booleans(), shade=number)
    def the_holder_completes(self, pick, ago, now, shade):
        step = self._one(pick, "open", "claimed")
        who = self._name(step)
        if step is not None and who:
            self.house.completes(who, step, ago, bytes_too=now, shade=shade)
        self._done()

    def _name(self, step):
        names = {person.id: name for name, person in self.house.crew.people.items()}
        return names.get(step.holder_id) if step is not None else None

    @rule(shade=number)
    def bytes_arrive(self, shade):
        self.house.brings_the_bytes(shade)
        self._done()

    @rule(who=anybody, pick=number)
    def somebody_cannot(self, who, pick):
        step = self._one(pick, "open", "claimed", "waiting")
        if step is not None:
            self.house.says_cannot(self._name(step) or who, step)
        self._done()

    @rule(who=anybody, pick=number)
    def somebody_skips(self, who, pick):
        step = self._one(pick, "open", "claimed", "waiting")
        if step is not None:
            self.house.skips(self._name(step) or who, step)
        self._done()

    @rule(pick=number, use=st.booleans())
    def the_owner_decides_on_what_is_held(self, pick, use):
        self.house.decides_on_held(pick, use)
        self._done()

    @precondition(lambda self: self.house.steps("in_review"))
    @rule(pick=number, approve=st.booleans())
    def the_owner_decides(self, pick, approve):
        step = self._one(pick, "in_review")
        self.house.decides_on(step, None if approve else "Show the whole room.")
        self._done()

    @rule(who=staff)
    def somebody_is_sick(self, who):
        self.house.falls_sick(who)
        self._done()

    @rule(who=staff, days=st.integers(0, 2))
    def somebody_goes_away(self, who, days):
        self.house.goes_away(who, days)
        self._done()

    @rule(who=staff)
    def somebody_comes_back(self, who):
        self.house.comes_back(who)
        self._done()

    @rule(who=staff)
    def somebody_leaves(self, who):
        self.house.leaves(who)
        self._done()

    @rule(who=anybody)
    def somebody_reads(self, who):
        self.house.reads(who)
        self._done()

    @rule(who=anybody)
    def somebody_gets_a_phone(self, who):
        self.house.gets_a_phone(who)
        self._done()

    @rule(name=processes)
    def the_chain_is_swapped(self, name):
        self.house.swaps_the_chain(name)
        self._done()

    @rule(minutes=st.integers(5, 300))
    def the_deadline_is_moved(self, minutes):
        self.house.moves_the_deadline("Opening check", minutes)
        self._done()

    @rule(name=processes, grace=st.sampled_from([0, 1, 15, 120]))
    def the_grace_is_changed(self, name, grace):
        self.house.edits(name, grace_minutes=grace)
        self._done()

    @rule(name=processes, minutes=st.sampled_from([None, 0, 1, 5]))
    def the_reach_window_is_changed(self, name, minutes):
        self.house.edits(name, reached_within_minutes=minutes)
        self._done()

    @rule(zone=st.sampled_from(["America/Chicago", "America/New_York", "UTC", "Asia/Kolkata"]))
    def the_zone_is_corrected(self, zone):
        self.house.edits_the_place(time_zone=zone)
        self._done()

    @rule(days=st.sets(st.integers(0, 6), max_size=3))
    def days_are_closed(self, days):
        today = self.clock.now().date()
        closed = frozenset(today + timedelta(days=each) for each in days)
        self.house.edits_the_place(closed=closed)
        self._done()

    @rule(days=st.sampled_from([(), ("MO", "WE", "FR"), ("TU",)]))
    def opening_days_change(self, days):
        self.house.edits_the_place(open_days=days)
        self._done()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_the_auditor_finds_nothing_whatever_happens(kind, request, tmp_path_factory):
    renewed = request.getfixturevalue(f"on_{kind}")
    base = request.getfixturevalue("settings")

    def lent():
        clock = FixedClock(MONDAY)
        here = tmp_path_factory.mktemp("day")
        for _ in _used(renewed, _in(base, here), clock):
            yield clock

    machine = type("AnyDayHere", (AnyDay,), {"lent": staticmethod(lent)})
    few = DAYS if kind == "sqlite" else max(DAYS // 3, 1)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=few,
            stateful_step_count=ACTS,
            deadline=None,
            derandomize="BATON_PROPERTIES" not in os.environ,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _in(base, directory):
    return replace(base, data_dir=directory)
