"""What a week was: counted once, and each thing that needed somebody named with its reason."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof
from tests.statements import statements
from webapp.models import FixNote, Run, StepRun
from webapp.services import coverage, locations, reviews, week, week_words

MONDAY = date(2026, 11, 23)
NOTE = {"kind": "note", "text": "Done."}


@pytest.fixture
def day(stored, clock) -> Day:
    crew = crew_of_a_daycare(stored, clock.now())
    return Day(stored, clock, crew, steps=(("Gate latch", proof("note")),), review="all")


def of(day, who="olivia", monday=MONDAY):
    return week.of(day.session, day.crew.people[who], monday, day.clock.now())


def let_it_reach_the_owner(day):
    for minutes in (50, 20, 30):
        day.later(minutes=minutes)


def came(day, owner=None):
    return [(each.sentence, each.why) for each in week_words.needed(of(day), owner)]


def test_a_run_that_nobody_had_to_chase_counts_in_both_numbers(day):
    day.does("ana", proof=NOTE)
    reviews.approve(
        day.session, day.crew.olivia, day.step, day.step.proof.evidence_sha256, day.clock.now()
    )
    day.session.commit()
    day.clock.advance(hours=2)
    found = of(day)
    assert (found.coverage.done, found.coverage.total) == (1, 1)
    assert week_words.lead(found.coverage, is_over=True) == "1 of 1 runs needed nobody to chase."
    assert (came(day), week_words.moved(found), found.came_before) == ([], [], False)


def test_what_reached_the_owner_says_why_and_that_it_is_open(day):
    let_it_reach_the_owner(day)
    ((sentence, why),) = came(day)
    assert sentence == "“Gate latch” of Opening check at Downtown reached you."
    assert why == (
        "Ana did not get to it. Ben did not get to it. Fay did not get to it. It is not closed yet."
    )
    assert came(day, "Olivia")[0][0].endswith("reached Olivia.")
    assert of(day).coverage.done == 0


def test_what_moved_to_the_backup_needed_no_owner(day):
    day.later(minutes=50)
    day.does("ben", proof=NOTE)
    found = of(day)
    assert came(day) == []
    assert [each.sentence for each in week_words.moved(found)] == [
        "“Gate latch” of Opening check at Downtown went from Ana to Ben once."
    ]
    assert week_words.who_took(found) == "Ben took over 1 step."


def test_what_moved_is_counted_beside_what_was_missed_and_not_as_it(day):
    day.does("ana", "cannot_do", reason="I am at the dentist.")
    day.does("ben", proof=NOTE)
    day.clock.advance(days=1)
    day.later(minutes=0)
    day.later(minutes=50)
    day.does("ben", step=_last(day), proof=NOTE)
    found = of(day)
    assert (found.coverage.done, found.coverage.total) == (0, 2)
    assert "In 1 run a step was missed: “Gate latch”." in found.coverage.sentence
    assert [each.sentence for each in week_words.moved(found)] == [
        "“Gate latch” of Opening check at Downtown went from Ana to Ben 2 times."
    ]


def _last(day):
    query = select(StepRun).join(Run).where(Run.state == "open").order_by(Run.deadline_at)
    return day.session.scalars(query).first()


def test_what_was_sent_back_says_by_whom_and_why(day):
    day.does("ana", proof=NOTE)
    seen = day.step.proof.evidence_sha256
    reviews.send_back(day.session, day.crew.olivia, day.step, seen, "Too dark.", day.clock.now())
    day.session.commit()
    day.clock.advance(minutes=50)
    ((sentence, why),) = came(day)
    assert sentence == "“Gate latch” of Opening check at Downtown was sent back by Olivia."
    assert why == "“Too dark.” It is not closed yet."


def test_held_work_waits_for_the_owner_with_its_reason(day):
    day.does("fay", proof=NOTE)
    ((sentence, why),) = came(day)
    assert sentence.startswith("Fay's work on “Gate latch” of Opening check at Downtown was held")
    assert why == "Fay did not hold this step at the time. It waits for you."


def test_what_says_the_very_same_of_one_run_is_one_line_with_its_count(day):
    for _try in range(3):
        day.later(minutes=1)
        day.does("fay", proof=NOTE)
    ((_sentence, why),) = came(day)
    assert why.endswith("It waits for you. This happened 3 times.")


@pytest.mark.parametrize(("outcome", "said"), [("held", "held"), ("did_not_hold", "did not hold")])
def test_a_fix_is_told_in_the_week_in_which_it_was_found_to_hold_or_not(day, outcome, said):
    day.later(minutes=50)
    day.does("ben", proof=NOTE)
    day.does("ben", "fix_note", text="Oiled the latch.")
    note = day.session.scalars(select(FixNote)).one()
    assert week_words.fixes(of(day)) == []
    note.outcome, note.settled_at = outcome, day.clock.now()
    day.session.commit()
    (fix,) = week_words.fixes(of(day))
    assert fix.sentence == (
        f"The fix of “Gate latch” of Opening check at Downtown {said}: “Oiled the latch.”"
    )
    assert week_words.fixes(of(day, monday=MONDAY - timedelta(days=7))) == []


def test_another_week_and_another_place_have_nothing_of_it(day):
    let_it_reach_the_owner(day)
    assert of(day, monday=MONDAY - timedelta(days=7)).coverage.total == 0
    assert of(day, monday=MONDAY + timedelta(days=7)).came_before
    place = locations.Place("Riverside", "America/New_York")
    now = day.clock.now()
    day.crew.maya.locations = [locations.add(day.session, day.crew.org_id, place, now)]
    found = of(day, "maya")
    assert (found.coverage.total, found.reached, found.came_before) == (0, [], False)


def test_what_is_not_read_whole_is_counted_all_the_same(day, monkeypatch):
    let_it_reach_the_owner(day)
    reached = of(day).reached
    assert of(day).unread == 0
    monkeypatch.setattr(week, "MOST", 1)
    day.clock.advance(days=1)
    for minutes in (0, 20, 30):
        day.later(minutes=minutes)
    found = of(day)
    assert (len(found.reached), found.unread) == (1, 1)
    assert found.reached == reached


def test_fixes_beyond_those_that_are_told_are_counted(day, monkeypatch):
    monkeypatch.setattr(week, "MOST_FIXES", 1)
    day.later(minutes=50)
    day.does("ben", proof=NOTE)
    for text in ("Oiled the latch.", "Oiled it again."):
        day.does("ben", "fix_note", text=text, id=text)
    for note in day.session.scalars(select(FixNote)):
        note.outcome, note.settled_at = "held", day.clock.now()
    day.session.commit()
    found = of(day)
    assert (len(found.fixes), found.more_fixes) == (1, 1)


def test_a_manager_without_a_location_sees_an_empty_week(day):
    day.crew.maya.locations = []
    found = of(day, "maya")
    assert (found.coverage.total, found.ends_at, found.held) == (0, None, [])


def test_the_page_of_needs_and_the_page_of_the_week_count_alike(day):
    let_it_reach_the_owner(day)
    there = coverage.of_the_week(day.session, day.crew.olivia, day.clock.now())
    here = of(day).coverage
    assert (there.done, there.total, there.sentence) == (here.done, here.total, here.sentence)


def test_a_week_costs_as_many_statements_however_much_happened_in_it(day):
    day.later(minutes=50)
    with statements(day.session) as few:
        week_words.moved(of(day))
    for days in (1, 1, 1):
        day.later(days=days)
    day.later(minutes=50)
    day.session.expire_all()
    with statements(day.session) as many:
        week_words.needed(of(day), None)
    assert len(many) <= len(few) + 6
