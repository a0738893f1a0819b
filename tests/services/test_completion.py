"""A step closes only with its proof, and every completion ends somewhere visible."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.day import Day, photo, photo_proof
from tests.factories import FRIDGE, crew_of_a_daycare, proof
from webapp.models import Command, Event, OutboxMessage, Proof, Run, StepRun
from webapp.problems import Problem
from webapp.services import blobs, commands, record, reviews
from webapp.services.step_commands import Asked


@pytest.fixture
def day(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    return lambda **options: Day(stored, clock, crew, **options)


def test_a_note_closes_a_note_step_at_once(day):
    monday = day(steps=(("Gate latch", proof("note")),))
    done = monday.does("ana", proof={"kind": "note", "text": "Oiled and closed."})
    assert (done.status, done.result["code"]) == ("applied", "done")
    assert (monday.step.state, monday.step.closed_by.name) == ("done", "Ana")
    assert monday.step.run.state == "closed"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "proof_missing"),
        ({"kind": "note", "text": " "}, "wrong_kind"),
        ({"kind": "number", "value": "cold"}, "number_not_a_number"),
        ({"kind": "number", "value": "50"}, "number_outside_range"),
    ],
)
def test_a_tick_without_its_proof_does_not_close_whoever_asks(day, given, code):
    monday = day(steps=(("Fridge", FRIDGE),))
    refused = monday.does("ana", proof=given)
    assert (refused.status, refused.result["code"]) == ("rejected", code)
    assert monday.step.state == "open"


def test_a_reading_outside_its_range_closes_with_what_was_done_about_it(day):
    monday = day(steps=(("Fridge", FRIDGE),))
    given = {"kind": "number", "value": "50", "corrective": "Moved the food to the other one."}
    assert monday.does("ana", proof=given).status == "applied"
    kept = monday.session.scalars(select(Proof)).one()
    assert (monday.step.state, kept.notes) == ("done", ["outside_range"])


def test_a_photo_claims_the_step_until_its_bytes_are_here(day):
    monday = day()
    content = photo()
    claimed = monday.does("ana", proof=photo_proof(content))
    assert (claimed.status, claimed.result["code"]) == ("applied", "proof_on_its_way")
    assert monday.step.state == "claimed"
    assert blobs.still_missing(monday.session, monday.crew.org_id, [photo_proof(content)["sha256"]])
    monday.uploads(content)
    assert monday.step.state == "in_review"


def test_a_claim_pauses_the_chain_once_for_half_an_hour(day):
    monday = day()
    monday.later(minutes=45)
    monday.does("ana", proof=photo_proof(photo()))
    monday.later(minutes=20)
    assert (monday.step.state, monday.step.level) == ("claimed", 0)
    monday.later(minutes=11)
    assert (monday.step.state, monday.step.holder.name) == ("open", "Ben")


def test_bytes_that_come_after_the_handoff_still_count_from_their_capture(day):
    monday = day()
    monday.later(minutes=45)
    content = photo()
    monday.does("ana", proof=photo_proof(content))
    monday.later(minutes=31)
    monday.uploads(content)
    step = monday.step
    assert (step.state, step.closed_by.name) == ("in_review", "Ana")
    assert step.miss_explained_at == monday.clock.now()
    told = [(m.kind, m.outcome) for m in monday.session.scalars(select(OutboxMessage))]
    assert sorted(kind for kind, _ in told) == ["handoff", "not_needed", "review"]


def test_bytes_that_are_no_photo_reopen_the_step(day):
    monday = day()
    monday.does("ana", proof=photo_proof(b"not a picture"))
    blob = monday.uploads(b"not a picture")
    assert blob.problem == "not_an_image"
    assert (monday.step.state, monday.step.escalate_at is not None) == ("open", True)


def test_a_photo_that_proved_another_step_goes_to_review(day):
    two = (("Front room", proof("photo")), ("Back room", proof("photo")))
    monday = day(steps=two, review="none")
    content = photo()
    monday.uploads(content)
    monday.does("ana", proof=photo_proof(content))
    assert monday.step.state == "done"
    second = monday.step.run.step_runs[1]
    monday.does("ana", step=second, proof=photo_proof(content))
    assert (second.state, second.proof.notes) == ("in_review", ["photo_used_before"])


def test_the_same_command_twice_has_the_same_receipt_and_one_proof(day):
    monday = day(steps=(("Gate", proof("note")),))
    given = {"kind": "note", "text": "Closed."}
    first = monday.does("ana", id="once", proof=given)
    again = monday.does("ana", id="once", attempt=1, proof=given)
    assert again.result == first.result
    assert len(monday.session.scalars(select(Proof)).all()) == 1


def test_the_same_id_for_something_else_changes_nothing(day):
    monday = day(steps=(("Gate", proof("note")),))
    monday.does("ana", id="once", proof={"kind": "note", "text": "Closed."})
    person = monday.crew.ana
    asked = Asked(
        "once", 1, "fix_note", monday.step.id, 1, monday.clock.now(), 0, monday.clock.now(), {}
    )
    with pytest.raises(Problem, match="already used"):
        commands.carry_out(monday.session, person, None, asked, monday.clock.now())


def test_work_done_in_time_offline_takes_the_miss_back(day):
    monday = day(steps=(("Gate", proof("note")),))
    in_time = monday.clock.now() + timedelta(minutes=30)
    monday.later(minutes=55)
    assert monday.step.holder.name == "Ben"
    monday.does("ana", captured_at=in_time, proof={"kind": "note", "text": "Closed."})
    step = monday.step
    assert (step.state, step.missed_at is not None) == ("done", True)
    assert step.miss_explained_at == monday.clock.now()
    assert step.handoffs[0].overtaken_at == monday.clock.now()
    kinds = {m.kind: m for m in monday.session.scalars(select(OutboxMessage))}
    assert kinds["handoff"].outcome == "not_needed"
    assert kinds["not_needed"].person_id == monday.crew.ben.id


def test_what_comes_after_the_backup_did_it_is_attached(day):
    monday = day(steps=(("Gate", proof("note")),))
    in_time = monday.clock.now() + timedelta(minutes=30)
    monday.later(minutes=55)
    monday.does("ben", proof={"kind": "note", "text": "Ben closed it."})
    late = monday.does("ana", captured_at=in_time, proof={"kind": "note", "text": "Ana closed it."})
    assert (late.status, late.result["code"]) == ("superseded", "done_by_another")
    assert monday.step.closed_by.name == "Ben"
    assert monday.step.miss_explained_at is not None
    states = list(monday.session.scalars(select(Proof.state).order_by(Proof.id)))
    assert states == ["current", "attached"]


def test_what_a_stranger_sends_is_held_with_its_proof(day):
    monday = day(steps=(("Gate", proof("note")),))
    held = monday.does("fay", proof={"kind": "note", "text": "I did it."})
    assert (held.status, held.result["code"]) == ("held", "not_on_chain")
    assert monday.session.scalars(select(Proof.state)).one() == "held"
    assert monday.step.state == "open"


def test_what_is_sent_for_an_unknown_step_is_held(day):
    monday = day()
    unknown = StepRun(id="01UNKNOWN0000000000000000X")
    held = monday.does("ana", step=unknown, attempt=1, proof={"kind": "note", "text": "Done."})
    assert (held.status, held.result["code"]) == ("held", "step_unknown")


def test_cannot_do_hands_on_at_once_but_leaves_the_next_until_the_deadline(day):
    monday = day()
    handed = monday.does("ana", "cannot_do", reason="I am at the dentist.")
    assert handed.status == "applied"
    step = monday.step
    assert (step.holder.name, step.missed_at) == ("Ben", None)
    assert step.moves_at == step.deadline_at + timedelta(minutes=5)
    assert step.handoffs[0].words == "I am at the dentist."


def test_cannot_do_needs_a_reason_and_somebody_left(day):
    monday = day()
    assert monday.does("ana", "cannot_do", reason=" ").result["code"] == "reason_missing"
    for minutes in (50, 20, 30):
        monday.later(minutes=minutes)
    assert monday.does("olivia", "cannot_do", reason="No.").result["code"] == "last_in_chain"
    assert monday.step.holder.name == "Olivia"


def test_only_the_holder_hands_on(day):
    monday = day()
    monday.later(minutes=55)
    late = monday.does("ana", "cannot_do", reason="Too late.")
    assert (late.status, monday.step.holder.name) == ("superseded", "Ben")


def test_not_applicable_is_refused_where_the_step_does_not_allow_it(day):
    monday = day()
    assert (
        monday.does("ana", "not_applicable", reason="Closed.").result["code"] == "skip_not_allowed"
    )
    monday.step.may_skip = True
    assert monday.does("ana", "not_applicable", reason="Closed.").status == "applied"
    assert (monday.step.state, monday.step.run.state) == ("skipped", "closed")


def test_work_done_before_the_run_opens_opens_it(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    monday = Day(stored, clock, crew, steps=(("Gate", proof("note")), ("Door", proof("note"))))
    tuesday = stored.scalars(
        select(Run).where(Run.state == "planned").order_by(Run.deadline_at)
    ).first()
    early = monday.does(
        "ana", step=tuesday.step_runs[0], attempt=1, proof={"kind": "note", "text": "Early."}
    )
    assert (early.status, tuesday.state) == ("applied", "open")
    assert [step.state for step in tuesday.step_runs] == ["done", "open"]


def test_a_proof_is_approved_as_it_was_seen(day):
    monday = day()
    monday.uploads(photo())
    monday.does("ana", proof=photo_proof(photo()))
    step = monday.step
    reviews.approve(
        monday.session, monday.crew.olivia, step, step.proof.evidence_sha256, monday.clock.now()
    )
    monday.session.commit()
    assert (step.state, step.run.state) == ("done", "closed")


def test_sending_back_reopens_only_that_step_and_keeps_the_evidence(day):
    monday = day(steps=(("Room", proof("photo")), ("Gate", proof("note"))))
    monday.does("ana", step=monday.step.run.step_runs[1], proof={"kind": "note", "text": "Ok."})
    monday.uploads(photo())
    monday.does("ana", proof=photo_proof(photo()))
    step, now = monday.step, monday.clock.now()
    seen = step.proof.evidence_sha256
    with pytest.raises(Problem, match="Say why"):
        reviews.send_back(monday.session, monday.crew.olivia, step, seen, " ", now)
    reviews.send_back(monday.session, monday.crew.olivia, step, seen, "Too dark.", now)
    monday.session.commit()
    assert [each.state for each in step.run.step_runs] == ["open", "done"]
    assert (step.attempt, step.holder.name, step.escalate_at is not None) == (2, "Ana", True)
    assert (
        monday.session.scalars(select(Proof.state).where(Proof.kind == "photo")).one()
        == "sent_back"
    )
    with pytest.raises(Problem, match="decided already"):
        reviews.approve(monday.session, monday.crew.olivia, step, seen, now)
    monday.uploads(photo("red"))
    monday.does("ana", proof=photo_proof(photo("red")))
    with pytest.raises(Problem, match="replaced"):
        reviews.approve(monday.session, monday.crew.olivia, step, seen, now)


def test_the_photo_that_was_sent_back_does_not_close_the_step_again(day):
    monday = day()
    monday.uploads(photo())
    monday.does("ana", proof=photo_proof(photo()))
    step = monday.step
    seen = step.proof.evidence_sha256
    reviews.send_back(monday.session, monday.crew.olivia, step, seen, "No.", monday.clock.now())
    monday.session.commit()
    again = monday.does("ana", proof=photo_proof(photo()))
    assert (again.status, again.result["code"]) == ("rejected", "same_as_sent_back")
    assert monday.step.state == "open"


def test_the_same_note_on_a_new_attempt_is_new_evidence(day):
    monday = day(steps=(("Gate", proof("note")),), review="all")
    monday.does("ana", proof={"kind": "note", "text": "Closed."})
    step = monday.step
    seen = step.proof.evidence_sha256
    reviews.send_back(monday.session, monday.crew.olivia, step, seen, "Look.", monday.clock.now())
    monday.session.commit()
    monday.does("ana", proof={"kind": "note", "text": "Closed."})
    with pytest.raises(Problem, match="replaced"):
        reviews.approve(monday.session, monday.crew.olivia, step, seen, monday.clock.now())


def test_an_attempt_that_has_not_seen_the_send_back_is_held(day):
    monday = day()
    monday.uploads(photo())
    monday.does("ana", proof=photo_proof(photo()))
    step = monday.step
    reviews.send_back(
        monday.session,
        monday.crew.olivia,
        step,
        step.proof.evidence_sha256,
        "No.",
        monday.clock.now(),
    )
    monday.session.commit()
    unseen = monday.does("ana", attempt=1, proof=photo_proof(photo("blue")))
    assert (unseen.status, unseen.result["code"]) == ("held", "sent_back_unseen")


def test_staff_and_managers_of_other_places_do_not_review(day):
    monday = day()
    monday.uploads(photo())
    monday.does("ana", proof=photo_proof(photo()))
    assert reviews.waiting(monday.session, monday.crew.ben) == []
    assert [s.id for s in reviews.waiting(monday.session, monday.crew.maya)] == [monday.step.id]
    monday.crew.maya.locations = []
    assert reviews.waiting(monday.session, monday.crew.maya) == []


def test_the_record_tells_it_all_and_verifies(day):
    monday = day()
    monday.later(minutes=55)
    monday.uploads(photo())
    monday.does("ben", proof=photo_proof(photo()))
    monday.does("ben", "fix_note", text="Moved the key to the hook.")
    kinds = list(monday.session.scalars(select(Event.kind).order_by(Event.seq)))
    told = ["run.opened", "step.handed_on", "upload.kept", "step.in_review", "fix.noted"]
    assert kinds[-5:] == told
    assert record.verify(monday.session, monday.crew.org_id).count == len(kinds)
    assert len(monday.session.scalars(select(Command)).all()) == 2
