"""The demo daycare looks lived in, and its record and chains are as sound as any other's."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import (
    Blob,
    Device,
    Event,
    FixNote,
    Handoff,
    Location,
    Organisation,
    OutboxMessage,
    Person,
    Process,
    Proof,
    Review,
    Run,
    StepRun,
)
from webapp.rules.record import Verified
from webapp.services import (
    blobs,
    comparison,
    coverage,
    definitions,
    demo,
    engine,
    inbox,
    passwords,
    pictures,
    planning,
    record,
)
from webapp.services.audit import audit
from webapp.services.definitions import lint
from webapp.services.demo.processes import (
    ATTENDANCE,
    CLEARED,
    LOOKS,
    MOVED,
    PIN,
    TUITION,
    WITHOUT_PIN,
)

# Monday, half past nine in the morning in Chicago.
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    directory = tmp_path_factory.mktemp("demo")
    return Settings.from_env({"BATON_DATA_DIR": str(directory)})


@pytest.fixture(scope="module")
def session(settings) -> Iterator[Session]:
    """The demo, made once for all these tests, which only look at it."""
    with create_app(settings).app_context():
        db.create_all()
        demo.seed(db.session(), NOW, settings.blob_dir)
        db.session.commit()
        yield db.session()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module")
def organisation(session) -> Organisation:
    return demo.find(session)


def test_it_has_two_zones_eight_people_and_seven_processes(session, organisation):
    zones = set(session.scalars(select(Location.time_zone)))
    assert zones == {"America/Chicago", "America/New_York"}
    assert Counter(session.scalars(select(Person.role))) == {"owner": 1, "manager": 1, "staff": 6}
    assert session.scalar(select(func.count(Process.id))) == 7


def test_everybody_but_one_can_type_the_pin_that_the_demo_names(session, organisation):
    people = list(session.scalars(select(Person)))
    fits = {each.name for each in people if passwords.matches(each.pin_hash, PIN)}
    assert fits == {each.name for each in people} - {WITHOUT_PIN}
    assert {demo.pins_for(each) is None for each in people if each.name != WITHOUT_PIN} == {False}


def test_its_record_verifies_and_never_goes_back_in_time(session, organisation):
    verified = record.verify(session, organisation.id)
    assert isinstance(verified, Verified)
    times = list(session.scalars(select(Event.at).order_by(Event.seq)))
    assert len(times) == verified.count > 500
    assert times == sorted(times)
    assert times[0] == NOW - demo.SINCE
    assert times[-1] <= NOW


def test_the_month_has_misses_handoffs_send_backs_and_fix_notes(session):
    levels = Counter(session.scalars(select(Handoff.level).where(Handoff.reason == "missed")))
    assert min(levels[1], levels[2], levels[3]) >= 1
    reasons = set(session.scalars(select(Handoff.reason)))
    assert {"missed", "cannot_do"} <= reasons
    decisions = Counter(session.scalars(select(Review.decision)))
    assert decisions["send_back"] >= 2
    assert decisions["approve"] > decisions["send_back"]
    assert session.scalar(select(func.count(FixNote.id))) >= 5
    settled = select(func.date(FixNote.settled_at)).where(FixNote.settled_at.is_not(None))
    assert len(set(session.scalars(settled))) >= 5


def test_the_month_has_steps_that_opened_later_and_some_that_were_not_needed(session):
    def count(title, state):
        asked = StepRun.title == title, StepRun.state == state
        return session.scalar(select(func.count(StepRun.id)).where(*asked))

    assert count(MOVED, "done") >= 1
    assert count(MOVED, "skipped") > count(MOVED, "done")
    assert count(CLEARED, "done") > 10


def test_few_steps_are_missed(session):
    missed = session.scalar(select(func.count()).where(StepRun.missed_at.is_not(None)))
    closed = session.scalar(select(func.count()).where(StepRun.state == "done"))
    assert 0.02 < missed / closed < 0.12


def test_the_gate_latch_keeps_failing_although_it_was_mended(session):
    latch = select(StepRun).where(StepRun.title == "Gate latch", StepRun.level > 0)
    failed = session.scalars(latch).unique().all()
    notes = session.scalar(
        select(func.count(FixNote.id)).where(FixNote.step_key == failed[0].step_key)
    )
    assert len(failed) >= 3
    assert notes >= 2


def test_what_was_sent_back_has_a_new_attempt_with_new_evidence(session):
    for review in session.scalars(select(Review).where(Review.decision == "send_back")):
        step = session.get_one(StepRun, review.step_run_id)
        assert step.attempt == 2
        assert step.proof is None or step.proof.evidence_sha256 != review.evidence_sha256


def test_every_open_step_has_a_holder_who_stands_at_its_level(session):
    steps = session.scalars(select(StepRun).where(StepRun.state.in_(("open", "in_review"))))
    for step in steps.unique():
        assert step.chain[step.level]["person"] == step.holder_id


def test_handoffs_take_the_levels_one_by_one(session):
    for step in session.scalars(select(StepRun).where(StepRun.level > 0)).unique():
        assert [handoff.level for handoff in step.handoffs] == list(range(1, step.level + 1))
        for handoff in step.handoffs:
            assert handoff.to_id == step.chain[handoff.level]["person"]
            assert handoff.at == handoff.due_at


def test_each_closed_step_was_closed_by_somebody_who_had_held_it(session):
    for step in session.scalars(select(StepRun).where(StepRun.state == "done")).unique():
        held_by = {level["person"] for level in step.chain[: step.level + 1]}
        assert step.closed_by_id in held_by


def test_work_was_brought_late_by_a_phone_without_signal(session):
    explained = session.scalars(
        select(StepRun).where(StepRun.miss_explained_at.is_not(None))
    ).unique()
    assert {step.proof.trust for step in explained} == {"estimated"}


def test_no_two_steps_share_a_photo_and_each_can_be_shown(session, settings):
    used = list(session.scalars(select(Proof.blob_sha256).where(Proof.kind == "photo")))
    assert len(used) == len(set(used)) > 50
    for blob in session.scalars(select(Blob)):
        path = blobs.stored_path(settings.blob_dir, blob)
        assert blob.problem is None
        assert all(pictures.sized(path, size).exists() for size in pictures.SIZES)


def test_three_steps_show_how_they_should_look(session):
    shown = session.scalars(select(StepRun).where(StepRun.picture_sha256.is_not(None))).all()
    assert {step.title for step in shown} == set(LOOKS)
    assert {step.picture_sha256 for step in shown} <= set(session.scalars(select(Blob.sha256)))


def test_nothing_of_the_past_is_left_to_send(session):
    waiting = select(func.count()).where(OutboxMessage.next_attempt_at.is_not(None))
    assert session.scalar(waiting) == 0


def test_today_is_half_done_with_a_photo_to_review_and_a_step_at_ben(session, organisation):
    owner = session.scalar(select(Person).where(Person.role == "owner"))
    kinds = [item.kind for item in inbox.items(session, owner, NOW)]
    assert kinds == ["missed", "review"]
    at_ben = (
        select(StepRun.title)
        .join(Person, Person.id == StepRun.holder_id)
        .where(Person.name == "Ben", StepRun.state == "open")
    )
    assert list(session.scalars(at_ben)) == ["Emergency exits clear"]
    ahead = select(func.count(Run.id)).where(Run.state == "planned", Run.deadline_at > NOW)
    assert session.scalar(ahead) > 10


def test_most_of_the_week_needed_nobody(session):
    owner = session.scalar(select(Person).where(Person.role == "owner"))
    week = coverage.of_the_week(session, owner, NOW)
    assert week.total > 20
    assert 0.7 < week.done / week.total < 1


def test_nothing_planned_before_now_was_left_unopened(session):
    late = select(func.count(Run.id)).where(Run.state == "planned", Run.opens_at <= NOW)
    assert session.scalar(late) == 0
    unmoved = select(func.count(StepRun.id)).where(StepRun.escalate_at <= NOW)
    assert session.scalar(unmoved) == 0


def test_the_auditor_finds_nothing_but_that_no_clock_has_run(session, settings):
    found = audit(session, NOW, settings.blob_dir)
    assert {each.code for each in found} == {"engine_missing", "reminder_overdue"}


def test_its_locations_can_be_compared_by_more_than_a_few_runs(session, organisation):
    owner = session.scalar(select(Person).where(Person.role == "owner"))
    found = comparison.comparable(session, owner)
    assert [each.name for each in found] == [ATTENDANCE, TUITION]
    shown = comparison.busiest(session, found, NOW)
    sides = comparison.of(session, shown, comparison.places_of(shown, owner), NOW)
    assert [side.is_few for side in sides] == [False, False]
    assert sum(side.chased for side in sides) >= 2


def test_every_phone_is_called_by_its_kind(session):
    assert set(session.scalars(select(Device.kind))) == {"Android phone"}


def test_a_clock_that_has_just_planned_has_nothing_left_to_plan(session, settings):
    engine.state(session).next_plan_at = NOW + planning.PLAN_EVERY
    session.flush()
    findings = audit(session, NOW, settings.blob_dir)
    session.rollback()
    assert [found.sentence for found in findings if found.code == "run_missing"] == []


def test_opening_it_again_makes_no_second_one(session, settings):
    owner = demo.open_demo(session, NOW + timedelta(days=1), settings.blob_dir)
    assert (owner.name, owner.role) == ("Olivia", "owner")
    assert session.scalar(select(func.count(Organisation.id))) == 1


def test_chain_lint_finds_nothing_in_its_processes_but_that_nobody_has_a_phone(
    session, organisation
):
    found = {
        process.name: [each.code for each in lint.of_process(session, process, NOW)]
        for process in definitions.processes(session, organisation.id)
    }
    assert len(found) == 7
    assert set(map(tuple, found.values())) == {("nobody_told",)}
