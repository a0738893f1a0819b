"""Night after night: what stands out becomes a row, is looked at more, is explained, and goes."""

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import FRIDGE, Crew, crew_of_a_daycare, process, proof
from webapp.models import Event, Person, Process, Proof, Run, Signal, StepRun, new_id
from webapp.problems import Problem
from webapp.services import engine, signals
from webapp.services.erasure import own
from worker import nights

STEPS = (("Room", proof("photo")), ("Fridge", FRIDGE), ("Milk", FRIDGE), ("Gate", proof("scan")))
NIGHT = timedelta(days=1)


class House:
    """A daycare whose evidence of the last weeks is put in as it would lie there."""

    def __init__(self, session: Session, clock) -> None:
        self.session, self.clock, self.rng = session, clock, Random(1)
        self.crew: Crew = crew_of_a_daycare(session, clock.now())
        self.process: Process = process(
            session, self.crew, clock.now(), steps=STEPS, review="risky"
        )
        for person in self.crew.people.values():
            person.password_hash = "set"
        self.weeks(self.crew.ana, pace=6)
        self.weeks(self.crew.ben, pace=60)
        self.weeks(self.crew.fay, pace=60)

    def weeks(self, person: Person, pace: float, days: int = 20, **more) -> None:
        """A round of this person on each of so many days before now."""
        version = self.process.versions[0]
        for day in range(1, days + 1):
            opens = self.clock.now() - NIGHT * day
            run = Run(
                org_id=self.crew.org_id, process=self.process, version=version,
                location=self.crew.location, occurrence=f"{person.name}{opens:%Y-%m-%dT%H:%M}",
                state="closed", opens_at=opens, opened_at=opens, closed_at=opens,
                deadline_at=opens + timedelta(hours=1),
            )  # fmt: skip
            self.session.add(run)
            at = opens + timedelta(minutes=10)
            for step in version.steps:
                at += timedelta(seconds=pace * self.rng.lognormvariate(0, 0.3))
                self.gives(run, step, person, at, **more)
        self.session.commit()

    def gives(self, run: Run, step, person: Person, at: datetime, **more) -> None:
        made = StepRun(
            org_id=run.org_id, run=run, step_key=step.key, position=step.position,
            title=step.title, instructions="", requirement=step.requirement, review="risky",
            may_skip=False, chain=[], last_level=0, state="void", deadline_at=run.deadline_at,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        content = {"kind": step.proof_kind}
        if step.proof_kind == "number":
            content["value"] = f"{self.rng.gauss(37, 0.8):.1f}"
        given = {"received_at": at, "trust": "live", "state": "current"} | more
        self.session.add(
            Proof(
                org_id=run.org_id, step_run_id=made.id, attempt=1, kind=step.proof_kind,
                content=content, evidence_sha256=new_id(), notes=[], person=person,
                command_id=new_id(), device_at=at, captured_at=at, **given,
            )
        )  # fmt: skip

    def night(self, days: int = 1) -> None:
        """The duty of the next night."""
        self.clock.advance(days=days)
        nights.look_for_signals(self.session, self.clock.now())

    def noticed(self) -> list[tuple[str, str | None]]:
        rows = self.session.scalars(select(Signal).where(Signal.gone_at.is_(None)))
        return sorted((row.kind, row.person.name if row.person else None) for row in rows)

    def events(self) -> list[str]:
        kinds = self.session.scalars(select(Event.kind).order_by(Event.seq))
        return [kind for kind in kinds if kind.startswith("signal.")]


@pytest.fixture
def house(session, clock) -> House:
    return House(session, clock)


def hers(house: House) -> Signal:
    return house.session.scalars(select(Signal)).one()


def test_a_night_notices_who_gives_everything_at_once_and_the_record_says_so(stored, clock):
    house = House(stored, clock)
    house.night()
    assert house.noticed() == [("burst", "Ana")]
    assert house.events() == ["signal.noticed"]
    assert (hers(house).facts["hits"], hers(house).facts["of"]) == (20, 20)
    house.night()
    assert house.events() == ["signal.noticed"], "the same is not noticed twice"


def test_it_is_looked_for_once_a_day(house):
    house.night()
    state = engine.state(house.session)
    assert state.next_signals_at == house.clock.now() + NIGHT
    assert signals.next_process(house.session, state, house.clock.now()) is None


def test_one_process_that_cannot_be_read_keeps_no_other_from_its_turn(house, monkeypatch):
    other = process(house.session, house.crew, house.clock.now(), name="Another")
    assert other.id > house.process.id
    house.session.execute(update(Proof).values(content=["no reading"]))
    house.session.commit()
    with pytest.raises(AttributeError):
        house.night()
    house.session.rollback()
    assert engine.state(house.session).signals_after == house.process.id
    nights.look_for_signals(house.session, house.clock.now())
    assert engine.state(house.session).next_signals_at is not None


def test_what_was_done_in_the_dark_counts_as_of_when_it_was_done(session, clock):
    """All of it came at once, at night; it was captured minutes apart, so nothing stands out."""
    house = House(session, clock)
    house.session.execute(update(Proof).values(received_at=clock.now(), trust="estimated"))
    hurried = select(Proof.id).where(Proof.person_id == house.crew.ana.id)
    house.session.execute(update(Proof).where(Proof.id.in_(hurried)).values(state="attached"))
    house.session.commit()
    house.night()
    assert house.noticed() == []


@pytest.mark.parametrize("more", [{"trust": "unproven"}, {"state": "sent_back"}])
def test_what_proves_no_time_or_was_sent_back_is_left_out(house, more):
    mine = Proof.person_id == house.crew.ana.id
    house.session.execute(update(Proof).where(mine).values(**more))
    house.session.commit()
    house.night()
    assert house.noticed() == []


def test_of_who_cannot_sign_in_nothing_is_kept_by_name(house):
    house.crew.ana.password_hash = None
    house.session.commit()
    house.night()
    assert house.noticed() == []


def test_an_owner_reads_names_a_manager_places_alone_and_staff_only_themselves(house):
    house.night()
    session, now, crew = house.session, house.clock.now(), house.crew
    assert [each.person.name for each in signals.of_process(session, house.process, crew.olivia)]
    assert signals.of_process(session, house.process, crew.maya) == []
    assert signals.of_process(session, house.process, crew.ana) == []
    assert [each.kind for each in signals.of_person(session, crew.ana.id, now)] == ["burst"]
    assert signals.of_person(session, crew.ben.id, now) == []


def test_it_concerns_her_proofs_of_this_process_and_nobody_else_s(house):
    house.night()
    proof = house.session.scalars(
        select(Proof).where(Proof.person_id == house.crew.ana.id, Proof.kind == "scan").limit(1)
    ).one()
    step_run = house.session.get_one(StepRun, proof.step_run_id)
    assert signals.concern(house.session, step_run, proof)
    proof.person_id = house.crew.ben.id
    assert not signals.concern(house.session, step_run, proof)


def test_it_lingers_for_three_days_and_then_it_is_gone(house):
    house.night()
    mine = Proof.person_id == house.crew.ana.id
    house.session.execute(update(Proof).where(mine).values(state="sent_back"))
    house.session.commit()
    house.night()
    assert house.noticed() == [("burst", "Ana")]
    house.night(days=3)
    assert house.noticed() == []
    assert house.events() == ["signal.noticed", "signal.gone"]
    now = house.clock.now()
    assert len(signals.of_person(house.session, house.crew.ana.id, now)) == 1
    later = now + timedelta(days=91)
    assert signals.of_person(house.session, house.crew.ana.id, later) == []


def test_she_says_something_about_it_and_both_read_it(house):
    house.night()
    said = signals.explain(
        house.session, house.crew.ana, hers(house).id, " I write  it on paper. ", house.clock.now()
    )
    house.session.commit()
    assert said.explanation == "I write it on paper."
    assert house.events() == ["signal.noticed", "signal.explained"]
    house.night()
    assert hers(house).explanation == "I write it on paper."


def test_what_was_noticed_about_a_person_goes_when_they_are_erased(house):
    house.night()
    own.forget_ways_in(house.session, house.crew.ana)
    house.session.commit()
    assert house.noticed() == []
    assert house.session.scalars(select(Signal)).all() == []


@pytest.mark.parametrize(
    ("who", "text", "code"),
    [
        ("ana", "  ", "explanation_missing"),
        ("ana", "x" * 1001, "explanation_too_long"),
        ("ben", "It was me.", "not_found"),
        ("olivia", "It was her.", "not_found"),
    ],
)
def test_nobody_else_speaks_for_her_and_words_have_a_measure(house, who, text, code):
    house.night()
    with pytest.raises(Problem) as raised:
        signals.explain(
            house.session, house.crew.people[who], hers(house).id, text, house.clock.now()
        )
    assert raised.value.code == code
