"""Whatever people did before, and whenever they are erased: nothing tells of them, all stands."""

import re
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import select

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, proof
from tests.services.erasing.traces import erases, left_in_files, left_in_rows
from webapp import context
from webapp.models import ChainLevel, Event, Person, StepRun
from webapp.problems import Problem
from webapp.rules.record import Verified
from webapp.services import absences, audit, erasure, people, record, reviews

STEPS = tuple(
    (f"Step {number}", proof(kind)) for number, kind in enumerate(("note", "photo", "note"), 1)
)
UNSENT = re.compile("_silent$|^message_")
NAMES = {"ana": "Xanthe Quill", "ben": "Yorick O'Dörr", "fay": "Zoë “Fay” Ünal"}


class Life:
    """Some days of three people, as chance will have it."""

    def __init__(self, session, clock, seed: int) -> None:
        self.day = Day(
            session, clock, crew_of_a_daycare(session, clock.now()), steps=STEPS, review="all"
        )
        self.session, self.clock, self.crew = session, clock, self.day.crew
        self.random, self.said = Random(seed), {who: [name] for who, name in NAMES.items()}
        for who, name in NAMES.items():
            people.change(session, self.crew.olivia, self.person(who), clock.now(), name=name)
            self.said[who].append(str(self.person(who).email))
        session.commit()

    def person(self, who: str) -> Person:
        return self.crew.people[who]

    def words(self, who: str) -> str:
        made = f"{who}says{self.random.randrange(10**9)}"
        self.said[who].append(made)
        return made

    def goes_on(self) -> None:
        """One thing happens."""
        who = self.random.choice([each for each in NAMES if self.person(each).is_here])
        self.random.choice((self.works, self.cannot, self.notes, self.sick, self.renamed))(who)
        self.looks_through()
        self.day.later(minutes=self.random.choice((1, 20, 90, 700)))

    def step(self, who: str) -> StepRun | None:
        held = StepRun.holder_id == self.person(who).id
        query = select(StepRun).where(held, StepRun.state == "open").order_by(StepRun.id)
        return self.session.scalars(query).first()

    def works(self, who: str) -> None:
        if step := self.step(who):
            colour = self.random.choice(("red", "blue", "green"))
            given = {"kind": "note", "text": self.words(who)}
            if step.requirement["kind"] == "photo":
                given = photo_proof(photo(colour))
                self.day.uploads(photo(colour))
            self.day.does(who, step=step, attempt=step.attempt, proof=given)

    def cannot(self, who: str) -> None:
        if step := self.step(who):
            self.day.does(who, "cannot_do", step=step, reason=self.words(who))

    def notes(self, who: str) -> None:
        step = self.session.scalars(select(StepRun).order_by(StepRun.id)).first()
        self.day.does(who, "fix_note", step=step, text=self.words(who))

    def sick(self, who: str) -> None:
        person, now = self.person(who), self.clock.now()
        absences.sick_today(self.session, person, person, now)
        self.session.commit()

    def renamed(self, who: str) -> None:
        name = f"{NAMES[who]} {self.words(who)}"
        person = self.person(who)
        people.change(self.session, self.crew.olivia, person, self.clock.now(), name=name)
        self.session.commit()

    def looks_through(self) -> None:
        """The owner decides on all that waits, either way."""
        for step in self.session.scalars(select(StepRun).where(StepRun.state == "in_review")):
            seen, now = step.proof.evidence_sha256, self.clock.now()
            if self.random.random() < 0.3:
                reason = f"Not good, {step.proof.person.name}"
                reviews.send_back(self.session, self.crew.olivia, step, seen, reason, now)
            else:
                reviews.approve(self.session, self.crew.olivia, step, seen, now)
        self.session.commit()

    def leaves(self, who: str) -> None:
        person, now = self.person(who), self.clock.now()
        people.deactivate(self.session, self.crew.olivia, person, now)
        named = select(ChainLevel).where(ChainLevel.person_id == person.id)
        for level in self.session.scalars(named):
            level.person_id = self.crew.maya.id
        self.session.commit()

    def erased(self, who: str) -> int:
        """As soon as nothing stands in the way."""
        self.leaves(who)
        for _ in range(20):
            with suppress(Problem):
                return erases(self.day, who, with_photos=self.random.random() < 0.5)
            self.session.rollback()
            self.day.later(hours=1)
        raise AssertionError(erasure.foresee(self.session, self.person(who)).obstacles)


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.setattr(
        Person, "is_here", property(lambda each: each.deactivated_at is None), raising=False
    )


@pytest.mark.parametrize("seed", range(2))
def test_nothing_tells_of_the_erased_and_the_record_stands(stored, clock, seed):
    life = Life(stored, clock, seed)
    for who in life.random.sample(sorted(NAMES), 2):
        for _ in range(life.random.randrange(4, 9)):
            life.goes_on()
        life.erased(who)
        gone = tuple(life.said[who])
        assert left_in_rows(stored, gone) == []
        if stored.get_bind().dialect.name == "sqlite":
            assert left_in_files(stored, gone) == []
    assert isinstance(record.verify(stored, life.crew.org_id), Verified)
    found = audit.audit(stored, clock.now(), context.settings().blob_dir)
    # No worker sends anything here, which the auditor says too.
    assert [each for each in found if not UNSENT.search(each.code)] == []
    kept = {each for each in NAMES if life.person(each).is_here}
    still = [each for who in kept for each in life.said[who][:1]]
    assert left_in_rows(stored, tuple(still)) != []
    told = erasure.erasures(stored, life.crew.org_id)
    empty = stored.scalars(select(Event.seq).where(Event.salt.is_(None))).all()
    said = {seq for each in told for a, b in each.ranges for seq in range(a, b + 1)}
    assert (len(told), said) == (2, set(empty))
