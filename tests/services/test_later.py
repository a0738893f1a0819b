"""Steps that open later: on an answer, a while after another step, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests import audited
from tests.day import Day
from tests.factories import FRIDGE, crew_of_a_daycare, proof
from webapp.models import Event, OutboxMessage, Run, StepRun
from webapp.services import absences, board, held, locations, places, reviews, withdrawing

NOTE = proof("note")
STEPS = (("Fridge", FRIDGE), ("Move the food", NOTE), ("Buffet out", NOTE), ("Clear it", NOTE))
LATER = {
    "Move the food": {"only_if": {"step": "Fridge", "is": "outside", "value": None}},
    "Clear it": {"follow_up": {"step": "Buffet out", "wait_minutes": 120, "due_minutes": 15}},
}


class Later(Day):
    """A day whose fridge and buffet ask for more."""

    def called(self, title: str) -> StepRun:
        self.session.commit()
        query = select(StepRun).join(Run).where(StepRun.title == title, Run.state != "planned")
        return self.session.scalars(query).one()

    def states(self) -> list[str]:
        return [self.called(title).state for title, _ in STEPS]

    def reads(self, value: str, who: str = "ana", **more):
        content = {"kind": "number", "value": value, "corrective": "Called the repair line."}
        return self.does(who, step=self.called("Fridge"), proof=content, **more)

    def notes(self, title: str, who: str = "ana", **more):
        content = {"kind": "note", "text": "Done."}
        return self.does(who, step=self.called(title), proof=content, **more)

    def skips(self, title: str, who: str = "ana"):
        step = self.called(title)
        self.session.execute(update(StepRun).where(StepRun.id == step.id).values(may_skip=True))
        return self.does(who, "not_applicable", step=step, reason="Not today.")

    def sends_back(self, title: str) -> None:
        step = self.called(title)
        seen = step.proof.evidence_sha256
        reviews.send_back(
            self.session, self.crew.olivia, step, seen, "Read it again.", self.clock.now()
        )
        self.session.commit()

    def kinds(self, title: str) -> list[str]:
        query = select(Event.kind).where(Event.subject == self.called(title).id)
        return list(self.session.scalars(query.order_by(Event.seq)))

    def told(self) -> list[tuple[str, str]]:
        query = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("opened:"))
        names = {person.id: name for name, person in self.crew.people.items()}
        rows = self.session.scalars(query.order_by(OutboxMessage.id))
        return [(names[row.person_id], row.facts["steps"][0]) for row in rows]

    @property
    def run(self) -> Run:
        return self.called("Fridge").run


@pytest.fixture
def day(stored, clock):
    def make(**options) -> Later:
        crew = crew_of_a_daycare(stored, clock.now())
        given = {"steps": STEPS, "later": LATER, "review": "none", "remind": 0}
        return Later(stored, clock, crew, **given | options)

    yield make
    audited.finds_nothing(stored, clock)


def receipt(command) -> tuple[str, str]:
    return command.status, command.result["code"]


# On an answer


def test_a_step_waits_in_the_open_run_until_its_question_is_answered(day):
    monday = day()
    assert monday.states() == ["open", "waiting", "open", "waiting"]
    assert monday.called("Move the food").holder is None


def test_an_answer_that_says_so_opens_the_step_for_the_first_of_its_chain(day):
    monday = day()
    monday.reads("45")
    step = monday.called("Move the food")
    assert (step.state, step.holder.name) == ("open", "Ana")
    assert step.deadline_at == monday.run.deadline_at
    assert step.opened_at == monday.clock.now()


def test_who_answered_themselves_is_not_told_of_what_follows(day):
    monday = day()
    monday.reads("45")
    assert monday.told() == []


def test_a_holder_who_did_not_answer_is_told_once(day):
    monday = day()
    monday.later(minutes=55)
    monday.reads("45", who="ben")
    assert monday.told() == [("ana", "Move the food")]


def test_who_answered_may_do_what_follows(day):
    monday = day()
    monday.later(minutes=55)
    monday.reads("45", who="ben")
    assert monday.notes("Move the food", who="ben").status == "applied"


def test_an_answer_that_does_not_say_so_leaves_the_step_out_with_the_reason(day):
    monday = day()
    monday.reads("38")
    step = monday.called("Move the food")
    assert (step.state, step.closed_by) == ("skipped", None)
    assert step.skip_reason == "Not needed: Fridge was 38 °F"
    assert monday.kinds("Move the food") == ["step.not_needed"]


def test_an_answer_after_the_run_is_over_leaves_half_an_hour(day):
    monday = day()
    monday.later(minutes=55)
    monday.reads("45", who="ben")
    expected = monday.clock.now() + timedelta(minutes=30)
    assert monday.called("Move the food").deadline_at == expected


def test_a_question_that_is_missed_keeps_what_follows_waiting(day):
    monday = day()
    for _ in range(4):
        monday.later(hours=1)
    assert monday.called("Fridge").missed_at is not None
    assert monday.called("Move the food").state == "waiting"


def test_a_step_that_opens_while_its_holder_is_away_goes_to_the_backup(day):
    monday = day()
    absences.sick_today(monday.session, monday.crew.ana, monday.crew.ana, monday.clock.now())
    monday.session.commit()
    monday.later(seconds=1)
    monday.reads("45", who="ben")
    monday.later(seconds=1)
    assert monday.called("Move the food").holder.name == "Ben"
    assert monday.told() == []


def test_one_marked_not_applicable_can_be_what_is_asked_for(day):
    later = {"Move the food": {"only_if": {"step": "Fridge", "is": "skipped", "value": None}}}
    monday = day(later=later)
    monday.skips("Fridge")
    assert monday.called("Move the food").state == "open"


def test_a_question_that_is_marked_not_applicable_asks_for_nothing(day):
    monday = day()
    monday.skips("Fridge")
    assert monday.called("Move the food").skip_reason == "Not needed: Fridge was left out"


def test_what_follows_from_a_step_that_is_left_out_is_left_out_too(day):
    later = LATER | {
        "Buffet out": {"follow_up": {"step": "Move the food", "wait_minutes": 5, "due_minutes": 5}}
    }
    monday = day(later=later)
    monday.reads("38")
    assert monday.states() == ["done", "skipped", "skipped", "skipped"]
    assert monday.run.state == "closed"


# Answered anew


def test_an_answer_that_is_sent_back_asks_again(day):
    monday = day(review="all")
    monday.reads("45")
    monday.sends_back("Fridge")
    step = monday.called("Move the food")
    assert (step.state, step.holder, step.opened_at) == ("waiting", None, None)
    monday.reads("38", attempt=2)
    assert monday.called("Move the food").state == "skipped"


def test_a_step_left_out_opens_when_the_new_answer_asks_for_it(day):
    monday = day(review="all")
    monday.reads("38")
    monday.sends_back("Fridge")
    assert monday.called("Move the food").state == "waiting"
    monday.reads("45", attempt=2)
    step = monday.called("Move the food")
    assert (step.state, step.skip_reason, step.not_needed) == ("open", None, None)


def test_a_send_back_that_is_taken_back_brings_its_answer_back(day):
    monday = day(review="all")
    monday.reads("45")
    monday.sends_back("Fridge")
    fridge = monday.called("Fridge")
    withdrawing.withdraw(monday.session, monday.crew.olivia, fridge, monday.clock.now())
    assert monday.called("Move the food").state == "open"


def test_what_has_evidence_stays_whatever_the_new_answer_says(day):
    monday = day(review="all")
    monday.reads("45")
    monday.notes("Move the food")
    monday.sends_back("Fridge")
    monday.reads("38", attempt=2)
    assert monday.called("Move the food").state == "in_review"


def test_what_was_handed_on_begins_anew_with_its_first_holder(day):
    monday = day(review="all")
    monday.reads("45")
    monday.does("ana", "cannot_do", step=monday.called("Move the food"), reason="No room.")
    assert monday.called("Move the food").holder.name == "Ben"
    monday.sends_back("Fridge")
    monday.reads("45", attempt=2)
    step = monday.called("Move the food")
    assert (step.state, step.level, step.holder.name) == ("open", 0, "Ana")
    assert step.handoffs == []


# A while after another step


def test_a_follow_up_opens_at_its_time_with_a_deadline_of_its_own(day):
    monday = day()
    monday.notes("Buffet out")
    done = monday.clock.now()
    assert monday.called("Clear it").opens_at == done + timedelta(hours=2)
    monday.later(minutes=119)
    assert monday.called("Clear it").state == "waiting"
    monday.later(minutes=1)
    step = monday.called("Clear it")
    assert (step.state, step.opens_at) == ("open", None)
    assert step.deadline_at == done + timedelta(hours=2, minutes=15)
    assert monday.told() == [("ana", "Clear it")]


def test_a_follow_up_moves_along_its_chain_from_its_own_deadline(day):
    monday = day()
    monday.notes("Buffet out")
    monday.later(hours=2)
    monday.later(minutes=19)
    assert monday.called("Clear it").holder.name == "Ana"
    monday.later(minutes=1)
    assert monday.called("Clear it").holder.name == "Ben"


def test_a_follow_up_of_work_that_arrives_late_counts_from_its_capture(day):
    monday = day()
    earlier = monday.clock.now() - timedelta(minutes=10)
    monday.notes("Buffet out", captured_at=earlier)
    assert monday.called("Clear it").opens_at == earlier + timedelta(hours=2)


def test_a_follow_up_whose_time_is_over_opens_now_with_its_whole_window(day):
    monday = day()
    earlier = monday.clock.now()
    monday.later(hours=3)
    monday.notes("Buffet out", captured_at=earlier)
    expected = monday.clock.now() + timedelta(minutes=15)
    assert monday.called("Clear it").deadline_at == expected


def test_a_follow_up_falls_away_with_what_it_follows(day):
    monday = day()
    monday.skips("Buffet out")
    assert monday.called("Clear it").skip_reason == "Not needed: Buffet out was left out"


def test_the_run_stays_open_for_as_long_as_something_can_still_open(day):
    monday = day()
    monday.reads("38")
    monday.notes("Buffet out")
    assert monday.run.state == "open"
    monday.later(hours=2)
    monday.notes("Clear it")
    assert monday.run.state == "closed"


def test_the_reminder_of_the_run_leaves_out_what_is_due_at_a_time_of_its_own(day):
    after = {"step": "Buffet out", "wait_minutes": 1, "due_minutes": 60}
    monday = day(remind=10, later=LATER | {"Clear it": {"follow_up": after}})
    monday.notes("Buffet out")
    monday.later(minutes=1)
    monday.later(minutes=35)
    query = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith("reminder:"))
    assert monday.session.scalars(query).one().facts["steps"] == ["Fridge"]


# Proof for what is not open


def test_proof_for_a_step_that_is_not_open_yet_is_held_for_the_owner(day):
    monday = day()
    assert receipt(monday.notes("Move the food")) == ("held", "not_open_yet")
    (waiting,) = held.waiting(monday.session, monday.crew.olivia)
    held.use(monday.session, monday.crew.olivia, waiting, monday.clock.now())
    assert monday.called("Move the food").state == "done"


def test_words_about_a_step_that_is_not_open_yet_are_held_too(day):
    monday = day()
    assert receipt(monday.skips("Move the food")) == ("held", "not_open_yet")


def test_proof_for_a_step_that_is_not_needed_is_kept_beside_it(day):
    monday = day()
    monday.reads("38")
    assert receipt(monday.notes("Move the food")) == ("superseded", "not_needed")


def test_a_phone_that_did_both_in_the_dark_closes_both(day):
    monday = day()
    at = monday.clock.now()
    monday.later(hours=3)
    monday.notes("Buffet out", captured_at=at)
    clearing = monday.notes("Clear it", captured_at=at + timedelta(minutes=125))
    assert clearing.status == "applied"


def test_work_done_before_the_clock_came_to_open_its_step_counts(day):
    monday = day()
    monday.notes("Buffet out")
    monday.clock.advance(minutes=121)
    assert monday.notes("Clear it").status == "applied"


# Who sees it


def test_who_will_hold_it_sees_the_run_although_others_did_the_rest(day):
    monday = day()
    monday.later(minutes=55)
    monday.reads("38", who="ben")
    monday.notes("Buffet out", who="ben")
    seen = board.mine(monday.session, monday.crew.ana, monday.clock.now())
    assert monday.run in seen


# A day that closes


def test_what_waits_is_called_off_with_its_day_and_comes_back_with_it(day):
    monday = day()
    monday.reads("45")
    monday.notes("Buffet out")
    monday.later(minutes=1)
    closes(monday, monday.clock.now().date())
    assert monday.states() == ["done", "void", "done", "void"]
    assert monday.run.state == "closed"
    closes(monday)
    assert monday.states() == ["done", "open", "done", "waiting"]
    assert monday.called("Clear it").opens_at is not None


def closes(day: Later, *dates) -> None:

    place = replace(places.present(day.crew.location), closed=frozenset(dates))
    locations.edit(day.session, day.crew.location, place, day.clock.now())
    day.session.commit()
