"""Plays a plan in a house: time, people, faults; then peace, until nothing is left to do."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from time import monotonic

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.crash.faults import checks_of_owner
from tests.crash.faults.hands import Hands, Line, Promises
from tests.crash.faults.house import House
from tests.crash.faults.inject import Injector
from tests.crash.faults.plan import Act, Beat, Plan
from tests.crash.faults.pockets import Pockets
from tests.crash.faults.world import World, world_of
from webapp.extensions import db
from webapp.models import Absence, OutboxMessage, Person, Process, Run, StepRun
from webapp.services import absences, audit, definitions

LINGER = 0.15  # seconds in which things may happen although something is broken
IN_HAND_FOR = 2.0
DUST_SETTLES_WITHIN = 10.0
MOST_TURNS = 80
MOST_TRIES = 12
MOMENT = timedelta(seconds=1)
DECISIONS = {"approves": "approve", "sends_back": "send_back"}


@dataclass
class Played:
    """What came of it, for the checker."""

    plan: Plan
    world: World
    promises: Promises
    pockets: Pockets
    odd: list[str]
    now: datetime


class Player:
    """One run. `place` is where in the ledger of pushes it begins."""

    def __init__(self, house: House, plan: Plan, place: int) -> None:
        self.house = house
        self.plan = plan
        self.world = world_of(house, plan)
        self.promises = Promises()
        port = house.stack.settings.port
        random = Random(plan.seed)
        self.hands = {
            who: Hands(who, Line(port, member.token), self.promises, random)
            for who, member in self.world.members.items()
        }
        self.pockets = Pockets(self.world, house.pushes, port, self.promises, place)
        self.injector = Injector(house, self.world)
        self.now = plan.at(-60)
        self.odd: list[str] = []

    def play(self) -> Played:
        """Everything, until the chain is exhausted or the work is done."""
        for number, beat in enumerate(self.plan.beats):
            self._beat(number, beat)
        self._peace()
        self._to_the_end()
        odd = [each for hands in self.hands.values() for each in hands.odd]
        odd += self.odd
        return Played(self.plan, self.world, self.promises, self.pockets, odd, self.now)

    def audit(self) -> list[str]:
        """What the product's own auditor finds in this organisation once the dust has settled."""
        found: list[str] = []

        def is_clean() -> bool:
            found[:] = self._findings()
            return not found

        with suppress(AssertionError):
            self.house.until(is_clean, "the audit is clean", within=DUST_SETTLES_WITHIN)
        return found

    def _findings(self) -> list[str]:
        with self.house.inside(), audit.snapshot(db.engine) as reading:
            findings = audit.audit(reading, self.now, self.house.stack.settings.blob_dir)
        ours = [each for each in findings if each.organisation == self.world.org_id]
        return [f"the auditor finds {each.code}: {each.sentence}" for each in ours]

    def retire(self) -> None:
        """Takes the process away, so that it asks nothing more of anybody."""

        def work(session: Session) -> None:
            process = session.get_one(Process, self.world.process_id)
            owner = self.world.members["olivia"].id
            definitions.retire(session, owner, process, self.now)

        self.house.work(work)

    def _beat(self, number: int, beat: Beat) -> None:
        for fault in beat.faults:
            self.injector.before(fault, number)
        self._set(self.plan.at(beat.minute) + self.injector.shift)
        for fault in beat.faults:
            self.injector.strike(fault)
        for act in beat.acts:
            self._act(act)
        self._devices()
        self.injector.join()
        self.injector.end(number)
        if beat.hurry or self.injector.is_something_broken:
            self._linger()
        else:
            self._settle()
        self.pockets.look()

    def _set(self, moment: datetime) -> None:
        self.now = moment
        self.house.set_clock(moment)

    def _act(self, act: Act) -> None:
        hands, step_id = self.hands[act.who], self.world.steps[act.step]
        kind = self.plan.steps[act.step]
        if act.verb == "completes":
            hands.completes(act.step, step_id, kind, self.now, act.minutes_earlier)
        elif act.verb == "claims":
            hands.claims(act.step, step_id, kind, self.now)
        elif act.verb == "uploads":
            hands.uploads(act.step)
        elif act.verb == "cannot":
            hands.cannot(step_id, self.now)
        elif act.verb in ("approves", "sends_back"):
            hands.judges(step_id, DECISIONS[act.verb])
        else:
            self.house.work(lambda session: self._away_or_back(session, act))
            self.promises.changed.append(f"{act.who} {act.verb}")

    def _away_or_back(self, session: Session, act: Act) -> None:
        person = session.get_one(Person, self.world.members[act.who].id)
        if act.verb == "is_sick":
            absences.sick_today(session, person, person, self.now)
            return
        of_theirs = select(Absence).where(Absence.person_id == person.id)
        for absence in session.scalars(of_theirs.where(Absence.ended_at.is_(None))).all():
            absences.end(session, person, absence, self.now)

    def _devices(self) -> None:
        for hands in self.hands.values():
            hands.deliver(self.now)

    def _linger(self) -> None:
        self.house.until(_after(LINGER), "a moment passes")

    def _settle(self) -> None:
        """Waits until everything that is due now has been done, and what is in hand is sent."""
        self.house.until(lambda: not self._due(), "what is due is done")
        is_over = _after(IN_HAND_FOR)
        self.house.until(lambda: is_over() or not self._in_hand(), "what is in hand is sent")

    def _due(self) -> int:
        with self.house.stack.database() as session:
            return sum(
                session.scalar(select(func.count()).where(condition)) or 0
                for condition in (
                    (Run.state == "planned")
                    & (Run.opens_at <= self.now)
                    & Run.set_aside_at.is_(None),
                    (StepRun.escalate_at <= self.now) & StepRun.set_aside_at.is_(None),
                    OutboxMessage.next_attempt_at <= self.now,
                )
            )

    def _in_hand(self) -> bool:
        leased = select(OutboxMessage.id).where(OutboxMessage.lease.is_not(None))
        with self.house.stack.database() as session:
            return session.scalars(leased.limit(1)).first() is not None

    def _peace(self) -> None:
        """Ends all faults, and waits until everything works and every device has its receipts."""
        self.injector.end()
        self._set(self.plan.at(self.plan.beats[-1].minute))
        for name in ("clock", "worker"):
            if self.house.is_armed(name):
                self.house.launch(name)
        self.house.until(self.house.is_whole, "every process works again")
        self.house.until(self._receipts_for_all, "every device has its receipts")
        for hands in self.hands.values():
            hands.sends_again(self.now)
        self._settle()
        self.pockets.look()

    def _receipts_for_all(self) -> bool:
        self._devices()
        return all(hands.is_empty for hands in self.hands.values())

    def _to_the_end(self) -> None:
        """Lets time pass, from one thing that comes due to the next, until nothing does."""
        tries = 0
        for _ in range(MOST_TURNS):
            moves_at, tries_at, expires_at = self._next()
            if moves_at is None and tries_at is None:
                return
            if moves_at is None:
                tries += 1
            next_try = expires_at if tries > MOST_TRIES else tries_at
            self._set(max(self.now, min(each for each in (moves_at, next_try) if each) + MOMENT))
            self._settle()
            self.pockets.look()
            self._look_at_the_owners_page()
        raise AssertionError(f"something is still to come after {MOST_TURNS} turns")

    def _look_at_the_owners_page(self) -> None:
        with self.house.inside() as session:
            self.odd += checks_of_owner.untold(session, self.world, self.pockets, self.now)

    def _next(self) -> tuple[datetime | None, datetime | None, datetime | None]:
        of_org = OutboxMessage.org_id == self.world.org_id
        unsent = of_org & OutboxMessage.next_attempt_at.is_not(None)
        with self.house.stack.database() as session:
            return (
                session.scalar(
                    select(func.min(StepRun.escalate_at)).where(
                        StepRun.run_id == self.world.run_id, StepRun.set_aside_at.is_(None)
                    )
                ),
                session.scalar(select(func.min(OutboxMessage.next_attempt_at)).where(unsent)),
                session.scalar(select(func.max(OutboxMessage.expires_at)).where(unsent)),
            )


def _after(seconds: float) -> Callable[[], bool]:
    over = monotonic() + seconds
    return lambda: monotonic() > over
