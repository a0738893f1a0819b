"""Each row of the conflict table as it happens: the receipt, the record, what the owner sees.

docs/decisions/0017-conflict-table.md lists which test is which row.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests import audited
from tests.day import Day
from tests.factories import crew_of_a_daycare, proof
from webapp.models import Event, OutboxMessage, Proof, StepRun
from webapp.services import commands, held, inbox, locations, reviews, signing_off

GATE = (("Gate latch", proof("note")),)
DAY = timedelta(days=1)


def note(text: str = "It catches.") -> dict:
    return {"kind": "note", "text": text}


@pytest.fixture
def day(stored, clock):
    def make(**options) -> Day:
        crew = crew_of_a_daycare(stored, clock.now())
        return Day(stored, clock, crew, **{"steps": GATE} | options)

    yield make
    audited.finds_nothing(stored, clock)


@pytest.fixture
def monday(day) -> Day:
    return day()


@pytest.fixture
def missed(monday) -> Day:
    """Ana missed it: Ben holds it since 07:20, and was told."""
    monday.in_time = monday.clock.now() + timedelta(minutes=30)
    monday.later(minutes=55)
    assert monday.step.holder.name == "Ben"
    return monday


def receipt(command) -> tuple[str, str]:
    return command.status, command.result["code"]


def proofs(day: Day) -> list[tuple[str, str]]:
    query = select(Proof).order_by(Proof.received_at, Proof.id)
    return [(each.person.name, each.state) for each in day.session.scalars(query)]


def told(day: Day, kind: str) -> Event:
    """The last event of that kind in the record."""
    query = select(Event).where(Event.kind == kind).order_by(Event.seq.desc())
    return day.session.scalars(query).first()


def waits(day: Day) -> list[str]:
    """What the owner sees that waits for a decision."""
    items = inbox.items(day.session, day.crew.olivia, day.clock.now())
    return [item.detail for item in items if item.kind == "held"]


def messages(day: Day, kind: str) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.channel == "push")
    return list(day.session.scalars(query))


# open, level 0


@pytest.mark.parametrize("trust", ["live", "unproven"])
def test_open_at_its_first_holder_applies_whatever_its_clock_says(monday, trust):
    at = monday.clock.now() - (DAY if trust == "unproven" else timedelta())
    assert receipt(monday.does("ana", captured_at=at, sent_at=at, proof=note())) == (
        "applied",
        "done",
    )
    assert (monday.step.state, monday.step.proof.trust) == ("done", trust)
    assert told(monday, "step.done").payload["code"] == "done"


# open, level n


def test_open_further_on_and_captured_in_time_takes_the_miss_back(missed):
    assert receipt(missed.does("ana", captured_at=missed.in_time, proof=note())) == (
        "applied",
        "done_in_time",
    )
    step = missed.step
    assert (step.state, step.closed_by.name) == ("done", "Ana")
    assert step.missed_at is not None
    assert step.miss_explained_at == missed.clock.now()
    assert step.handoffs[0].overtaken_at == missed.clock.now()
    assert [each.person_id for each in messages(missed, "not_needed")] == [missed.crew.ben.id]
    assert told(missed, "step.done").payload["code"] == "done_in_time"


@pytest.mark.parametrize("why", ["captured later", "its clock was moved"])
def test_open_further_on_and_else_is_done_late_and_the_handoffs_stand(missed, why):
    moved = -DAY if why == "its clock was moved" else timedelta()
    at = missed.clock.now() + moved
    assert receipt(missed.does("ana", captured_at=at, sent_at=at, proof=note())) == (
        "applied",
        "done_late",
    )
    step = missed.step
    assert (step.state, step.miss_explained_at) == ("done", None)
    assert step.handoffs[0].overtaken_at is None
    assert messages(missed, "not_needed") == []


# done, or in review


def test_done_by_the_backup_and_captured_earlier_is_attached_and_explains_the_miss(missed):
    missed.does("ben", proof=note("Ben was there."))
    assert receipt(missed.does("ana", captured_at=missed.in_time, proof=note())) == (
        "superseded",
        "done_by_another",
    )
    step = missed.step
    assert (step.closed_by.name, step.miss_explained_at) == ("Ben", missed.clock.now())
    assert proofs(missed) == [("Ben", "current"), ("Ana", "attached")]
    assert told(missed, "proof.kept").payload["code"] == "done_by_another"


def test_done_by_the_backup_and_captured_later_is_attached_and_explains_nothing(missed):
    missed.does("ben", proof=note("Ben was there."))
    assert receipt(missed.does("ana", proof=note())) == ("superseded", "done_by_another")
    assert missed.step.miss_explained_at is None
    assert proofs(missed) == [("Ben", "current"), ("Ana", "attached")]


@pytest.mark.parametrize("review", ["none", "all"])
def test_done_or_in_review_by_the_same_person_is_attached(day, review):
    monday = day(review=review)
    monday.does("ana", proof=note())
    assert monday.step.state == ("in_review" if review == "all" else "done")
    assert receipt(monday.does("ana", proof=note("Again."))) == ("superseded", "already_done")
    assert proofs(monday) == [("Ana", "current"), ("Ana", "attached")]


# sent back


@pytest.fixture
def sent_back(day, clock) -> Day:
    monday = day(review="all")
    monday.does("ana", proof=note("Fine."))
    seen = monday.step.proof.evidence_sha256
    reviews.send_back(
        monday.session, monday.crew.olivia, monday.step, seen, "Look again.", clock.now()
    )
    monday.session.commit()
    return monday


def test_sent_back_and_captured_after_seeing_that_is_a_new_attempt(sent_back):
    again = sent_back.does("ana", attempt=2, proof=note("Looked again."))
    assert again.status == "applied"
    assert (sent_back.step.state, sent_back.step.proof.attempt) == ("in_review", 2)
    assert proofs(sent_back) == [("Ana", "sent_back"), ("Ana", "current")]


def test_sent_back_and_captured_before_seeing_that_is_held(sent_back):
    assert receipt(sent_back.does("ana", attempt=1, proof=note("Before I knew."))) == (
        "held",
        "sent_back_unseen",
    )
    assert sent_back.step.state == "open"
    assert waits(sent_back) == ["Ana did it before hearing that the step was sent back."]
    assert told(sent_back, "command.held").payload["code"] == "sent_back_unseen"


# skipped, void


def test_skipped_is_attached(monday):
    monday.step.may_skip = True
    monday.does("ana", "not_applicable", reason="The gate is open today.")
    assert receipt(monday.does("ana", proof=note())) == ("superseded", "not_needed")
    assert (monday.step.state, proofs(monday)) == ("skipped", [("Ana", "attached")])


def test_void_is_attached(monday):
    crew, today = monday.crew, date(2026, 11, 23)
    locations.close(monday.session, crew.location, [today], monday.clock.now(), crew.olivia.id)
    monday.session.commit()
    assert receipt(monday.does("ana", proof=note())) == ("superseded", "not_needed")
    assert (monday.step.state, proofs(monday)) == ("void", [("Ana", "attached")])


# held for the owner, with the proof kept


def test_a_person_not_on_the_chain_is_held(monday):
    assert receipt(monday.does("fay", proof=note())) == ("held", "not_on_chain")
    assert waits(monday) == ["Fay did not hold this step at the time."]
    assert proofs(monday) == [("Fay", "held")]


def signed_off(day: Day) -> None:
    now = day.clock.advance(minutes=5)
    device = commands.known_device(day.session, day.crew.ana, "phone-of-ana", now)
    signing_off.sign_off(day.session, day.crew.olivia, device, now)
    day.session.commit()


def test_a_device_signed_off_before_the_capture_is_held(monday):
    signed_off(monday)
    monday.clock.advance(minutes=5)
    assert receipt(monday.does("ana", proof=note())) == ("held", "device_revoked")
    assert waits(monday) == ["The device had been signed off before the work was done."]
    assert proofs(monday) == [("Ana", "held")]


def test_a_device_signed_off_after_the_capture_applies(monday):
    captured_at = monday.clock.now()
    signed_off(monday)
    monday.clock.advance(minutes=5)
    done = monday.does("ana", captured_at=captured_at, proof=note())
    assert receipt(done) == ("applied", "done")


def test_an_unknown_step_is_held_and_never_404ed_away(monday):
    gone = StepRun(id="01UNKNOWN0000000000000000X")
    assert receipt(monday.does("ana", step=gone, attempt=1, proof=note())) == (
        "held",
        "step_unknown",
    )
    assert waits(monday) == ["The step is not known here."]
    (kept,) = held.waiting(monday.session, monday.crew.olivia)
    assert kept.command.content["proof"]["text"] == "It catches."
