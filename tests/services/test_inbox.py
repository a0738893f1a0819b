"""The inbox holds only what needs a decision, and the week is one honest sentence."""

import pytest

from tests.day import Day, photo, photo_proof
from tests.factories import Crew, crew_of_a_daycare, process, proof
from webapp.models import Run, StepRun
from webapp.services import coverage, engine, held, inbox, locations, reviews
from worker.duties import tick

NOTES = (("Gate latch", proof("note")), ("Front room ready", proof("note")))
CHAIN_MINUTES = (50, 20, 30)


@pytest.fixture
def crew(stored, clock) -> Crew:
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew) -> Day:
    return Day(stored, clock, crew, steps=NOTES)


def sentences(session, person, clock) -> list[str]:
    return [item.sentence for item in inbox.items(session, person, clock.now())]


def let_it_reach_the_owner(day) -> None:
    for minutes in CHAIN_MINUTES:
        day.later(minutes=minutes)


def test_a_morning_without_trouble_is_empty(stored, clock, crew, day):
    assert sentences(stored, crew.olivia, clock) == []


def test_a_step_on_its_way_along_the_chain_needs_nobody_above(stored, clock, crew, day):
    day.later(minutes=50)
    assert sentences(stored, crew.olivia, clock) == []


def test_missed_work_at_the_last_level_is_one_sentence_for_the_run(stored, clock, crew, day):
    let_it_reach_the_owner(day)
    (item,) = inbox.items(stored, crew.olivia, clock.now())
    assert item.sentence == (
        "Opening check at Downtown has reached you: nobody closed “Gate latch” and "
        "“Front room ready” since 07:15."
    )
    assert item.detail == "It was with Ana, Ben and Fay before."
    assert (item.kind, item.subject, item.need) == ("missed", day.step.run_id, True)


def test_a_manager_reads_whom_it_reached(stored, clock, crew, day):
    let_it_reach_the_owner(day)
    (item,) = inbox.items(stored, crew.maya, clock.now())
    assert item.kind == "moved"
    assert "has reached Olivia" in item.sentence


def test_a_miss_of_another_day_names_the_day(stored, clock, crew, day):
    let_it_reach_the_owner(day)
    clock.advance(days=1)
    assert sentences(stored, crew.olivia, clock)[0].endswith("since 07:15 yesterday.")


def test_missed_work_leaves_the_inbox_when_it_is_closed(stored, clock, crew, day):
    let_it_reach_the_owner(day)
    for step in list(day.step.run.step_runs):
        day.does("olivia", step=step, proof={"kind": "note", "text": "Done."})
    assert sentences(stored, crew.olivia, clock) == []


def test_a_proof_in_review_waits_in_a_sentence(stored, clock, crew):
    day = Day(stored, clock, crew)
    day.uploads(photo())
    day.does("ana", proof=photo_proof(photo()))
    (item,) = inbox.items(stored, crew.olivia, clock.now())
    assert item.sentence == "Ana's photo of “Front room ready” waits for you."
    assert item.detail == "Opening check at Downtown, received at 06:30."
    assert not item.need
    reviews.approve(stored, crew.olivia, day.step, day.step.proof.evidence_sha256, clock.now())
    assert inbox.items(stored, crew.olivia, clock.now()) == []


def test_photos_like_earlier_ones_say_so_and_come_in_the_order_of_their_review(stored, clock, crew):
    steps = (("Front room", proof("photo")), ("Back room", proof("photo")))
    day = Day(stored, clock, crew, steps=steps)
    day.uploads(photo())
    day.does("ana", proof=photo_proof(photo()))
    clock.advance(minutes=1)
    day.does("ana", step=day.step.run.step_runs[1], proof=photo_proof(photo()))
    first, second = inbox.items(stored, crew.olivia, clock.now())
    assert [first.subject, second.subject] == [
        each.id for each in reviews.waiting(stored, crew.olivia)
    ]
    assert second.detail == (
        "Opening check at Downtown, received at 06:31. The same photo came before."
    )


def test_held_work_says_why(stored, clock, crew, day):
    day.does("fay", proof={"kind": "note", "text": "Done."})
    (item,) = inbox.items(stored, crew.olivia, clock.now())
    assert item.sentence == "Fay's note of “Gate latch” was not used. You decide."
    assert item.detail == "Fay did not hold this step at the time."


def test_somebodys_tries_at_one_step_are_one_line_with_their_count(stored, clock, crew, day):
    for n in range(3):
        clock.advance(minutes=1)
        day.does("fay", proof={"kind": "note", "text": "Done."}, id=f"try-{n}")
    (item,) = inbox.items(stored, crew.olivia, clock.now())
    assert item.detail == "Fay did not hold this step at the time. This happened 3 times."
    assert (item.subject, item.at) == ("try-2", clock.now())
    last = held.find(stored, crew.olivia, "try-2")
    held.put_aside(stored, crew.olivia, last, "Ana does it.", clock.now())
    (item,) = inbox.items(stored, crew.olivia, clock.now())
    assert item.detail.endswith("This happened 2 times.")


def test_what_the_engine_set_aside_is_shown(stored, clock, crew, day):
    engine.set_aside(stored, StepRun, day.step.id, "ValueError", clock.now())
    engine.set_aside(stored, Run, day.step.run.id, "ValueError", clock.now())
    stored.commit()
    assert set(sentences(stored, crew.olivia, clock)) == {
        "“Gate latch” of Opening check at Downtown does not move on by itself any more.",
        "Opening check at Downtown could not be opened.",
    }


def test_the_worst_is_first(stored, clock, crew, day):
    day.does("fay", proof={"kind": "note", "text": "Done."})
    let_it_reach_the_owner(day)
    kinds = [item.kind for item in inbox.items(stored, crew.olivia, clock.now())]
    assert kinds == ["missed", "held"]


def test_a_manager_sees_only_their_locations(stored, clock, crew, day):
    let_it_reach_the_owner(day)
    place = locations.Place("Riverside", "America/New_York")
    crew.maya.locations = [locations.add(stored, crew.org_id, place, clock.now())]
    assert inbox.items(stored, crew.maya, clock.now()) == []
    assert coverage.of_the_week(stored, crew.maya, clock.now()).total == 0


def test_another_organisation_sees_nothing(stored, clock, crew, day):
    let_it_reach_the_owner(day)
    stranger = crew_of_a_daycare(stored, clock.now(), name="Bakery").olivia
    assert inbox.items(stored, stranger, clock.now()) == []
    assert coverage.of_the_week(stored, stranger, clock.now()).total == 0


def close_all(day, who="ana") -> None:
    for step in list(day.step.run.step_runs):
        day.does(who, step=step, proof={"kind": "note", "text": "Done."})


def test_a_run_that_is_not_due_yet_is_not_counted(stored, clock, crew, day):
    assert coverage.of_the_week(stored, crew.olivia, clock.now()).total == 0


def test_a_run_closed_in_time_needed_nobody(stored, clock, crew, day):
    close_all(day)
    day.later(hours=2)
    week = coverage.of_the_week(stored, crew.olivia, clock.now())
    assert (week.done, week.total) == (1, 1)
    assert week.sentence == "These closed without anybody having to chase them."


def test_a_run_with_a_missed_step_counts_as_due_but_not_as_done(stored, clock, crew, day):
    day.later(minutes=50)
    day.later(minutes=5)
    close_all(day, "ben")
    week = coverage.of_the_week(stored, crew.olivia, clock.now())
    assert (week.done, week.total) == (0, 1)
    assert "In 1 run a step was missed." in week.sentence


def test_a_run_past_its_deadline_and_open_is_said_to_be_open(stored, clock, crew, day):
    day.later(minutes=46)
    week = coverage.of_the_week(stored, crew.olivia, clock.now())
    assert (week.done, week.total) == (0, 1)
    assert week.sentence.endswith("1 run is not closed yet.")


def test_a_miss_that_proved_to_be_done_in_time_needed_nobody(stored, clock, crew):
    day = Day(stored, clock, crew, steps=NOTES[:1])
    captured_at = clock.now()
    day.later(minutes=52)
    day.does("ana", captured_at=captured_at, proof={"kind": "note", "text": "At the park."})
    assert day.step.miss_explained_at is not None
    week = coverage.of_the_week(stored, crew.olivia, clock.now())
    assert (week.done, week.total) == (1, 1)


def test_only_the_last_seven_local_days_count(stored, clock, crew, day):
    close_all(day)
    stored.commit()
    clock.advance(days=6, hours=12)
    assert coverage.of_the_week(stored, crew.olivia, clock.now()).done == 1
    clock.advance(hours=12)
    assert coverage.of_the_week(stored, crew.olivia, clock.now()).done == 0


def test_today_is_counted_in_one_sentence(stored, clock, crew, day):
    process(stored, crew, clock.now(), name="Closing", opens=None, steps=NOTES)
    tick(stored, clock.now())
    assert coverage.today(stored, crew.olivia, clock.now()) == "2 runs today: 2 are open."
    close_all(day)
    assert (
        coverage.today(stored, crew.olivia, clock.now()) == "2 runs today: 1 is closed, 1 is open."
    )


def test_a_day_without_runs_says_so(stored, clock, crew):
    assert coverage.today(stored, crew.olivia, clock.now()) == "No run is due today."
