"""A month at the demo daycare, played event by event through the real services.

The agenda holds what happens and when; the engine looks at exactly the moments that the rows
name, as it would have. Nothing is written out of order, so the record reads like a real one.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Organisation, Person, Process, Run, StepRun
from webapp.services import (
    definitions,
    engine,
    fix_outcomes,
    later,
    patterns,
    planning,
    reviews,
    step_runs,
)
from webapp.services.demo.crew import (
    BROKEN_LATCH,
    FEVER,
    FIXES,
    LATCH_FIXES,
    SEND_BACKS,
    Devices,
)
from webapp.services.demo.fates import Fates
from webapp.services.demo.processes import LATCH, PLAYGROUND

PLAN_EVERY = timedelta(days=5)
A_DAY = timedelta(days=1)
Action = Callable[[datetime], None]


class History:
    """Plays an organisation's days until `until`; randomness comes from `rng` alone."""

    def __init__(
        self,
        session: Session,
        organisation: Organisation,
        owner: Person,
        blob_dir: Path,
        rng: Random,
        until: datetime,
    ) -> None:
        self._session = session
        self._organisation = organisation
        self._owner = owner
        self._devices = Devices(session, blob_dir, rng)
        self._rng = rng
        self._until = until
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._order = count()
        self._fates = Fates(rng, until)
        self._latch_turns = count(1)
        self._latch_fixes = count()

    def play(self, since: datetime) -> None:
        """Play everything from `since` to the end, in the order of time."""
        self._at(since, self._plan)
        self._at(since + A_DAY, self._settle)
        self._at(self._until - timedelta(minutes=25), self._give_photo_early)
        self._at(self._until - timedelta(minutes=12), self._say_cannot_do)
        while self._agenda and self._agenda[0][0] <= self._until:
            moment, _, action = heapq.heappop(self._agenda)
            action(moment)
        # From here on the engine plans; what it planned last did not know of these processes.
        self._plan(self._until)
        patterns.look_at_all(self._session, self._organisation.id, self._until)

    def _at(self, moment: datetime, action: Action) -> None:
        heapq.heappush(self._agenda, (moment, next(self._order), action))

    def _in_minutes(self, now: datetime, least: float, most: float, action: Action) -> None:
        self._at(now + timedelta(minutes=self._rng.uniform(least, most)), action)

    def _plan(self, now: datetime) -> None:
        """Plan as the engine does, only not every hour: the horizon is a week."""
        mine = select(Process).where(Process.org_id == self._organisation.id)
        for process in self._session.scalars(mine.order_by(Process.id)).all():
            planning.replan_process(self._session, process, now)
        planned = select(Run).where(
            Run.org_id == self._organisation.id,
            Run.state == "planned",
            Run.opens_at <= now + PLAN_EVERY,
        )
        for run in self._session.scalars(planned.order_by(Run.opens_at, Run.id)).unique():
            self._at(max(run.opens_at, now), self._open(run))
        self._at(now + PLAN_EVERY, self._plan)

    def _settle(self, now: datetime) -> None:
        """Each day it is found out of which fixes it can be told whether they held."""
        for process in definitions.processes(self._session, self._organisation.id):
            fix_outcomes.settle(self._session, process, now)
        self._at(now + A_DAY, self._settle)

    def _open(self, run: Run) -> Action:
        def act(now: datetime) -> None:
            if run.state == "planned":
                step_runs.open_run(self._session, run, now)
                self._session.flush()
            self._foresee(run, now)

        return act

    def _foresee(self, run: Run, now: datetime) -> None:
        """Decide for each step who will do it, and when the first ones do."""
        moment = self._fates.start_of_work(run, now)
        for step_run, level in self._fates.draw(run):
            self._watch(step_run)
            moment += timedelta(minutes=self._rng.uniform(1, 4))
            if level == 0:
                self._at(moment, self._do(step_run))
            elif level == 1 and step_run.title == LATCH and next(self._latch_turns) % 2:
                self._at(moment, self._refuse(step_run))

    def _watch(self, step_run: StepRun) -> None:
        """Look again when the row says so."""
        if step_run.escalate_at is not None:
            self._at(step_run.escalate_at, self._look)

    def _look(self, now: datetime) -> None:
        while due := engine.steps_to_look_at(self._session, now, 1):
            step_run = self._session.get_one(StepRun, due[0])
            level = step_run.level
            engine.look_at(self._session, due, now)
            if step_run.level != level:
                self._taken(step_run, now)
            else:
                self._watch(step_run)

    def _taken(self, step_run: StepRun, now: datetime) -> None:
        """The step has a new holder, who does it if this is the one."""
        self._watch(step_run)
        if self._fates.is_done_by_holder(step_run):
            self._in_minutes(now, 3, 9, self._do(step_run))

    def _do(self, step_run: StepRun) -> Action:
        def act(now: datetime) -> None:
            if step_run.state != "open" or step_run.holder is None:
                return
            out_of_signal = step_run.level == 0 and step_run.run.process.name == PLAYGROUND
            if out_of_signal and step_run.attempt == 1 and self._rng.random() < 0.12:
                self._at(step_run.deadline_at + timedelta(minutes=16), self._bring(step_run, now))
            else:
                self._devices.complete(step_run.holder, step_run, now)
                self._done(step_run, now)

        return act

    def _follow(self, run: Run, now: datetime) -> None:
        """What an answer has opened is done soon; what is to open later is opened at its time."""
        for step_run in run.step_runs:
            if step_run.opens_at is not None:
                self._at(step_run.opens_at, self._open_later(run))
            elif step_run.is_later and step_run.state == "open" and self._fates.opens(step_run):
                self._watch(step_run)
                self._in_minutes(now, 2, 8, self._do(step_run))

    def _open_later(self, run: Run) -> Action:
        def act(now: datetime) -> None:
            later.follow(self._session, run, now)
            self._follow(run, now)

        return act

    def _bring(self, step_run: StepRun, captured_at: datetime) -> Action:
        """The phone had no signal: what was done in time arrives after the step moved on."""
        doer = step_run.holder
        assert doer is not None, "an open step has a holder"

        def act(now: datetime) -> None:
            self._devices.complete(doer, step_run, now, captured_at)
            self._done(step_run, now)

        return act

    def _done(self, step_run: StepRun, now: datetime) -> None:
        if step_run.level and step_run.miss_explained_at is None:
            self._in_minutes(now, 1, 3, self._write_fix(step_run))
        if step_run.state == "in_review":
            self._in_minutes(now, 10, 50, self._review(step_run))
        self._follow(step_run.run, now)

    def _refuse(self, step_run: StepRun) -> Action:
        def act(now: datetime) -> None:
            if step_run.state == "open" and step_run.level == 0 and step_run.holder:
                self._devices.cannot_do(step_run.holder, step_run, BROKEN_LATCH, now)
                self._taken(step_run, now)

        return act

    def _write_fix(self, step_run: StepRun) -> Action:
        by = step_run.closed_by
        assert by is not None, "what is done was done by somebody"

        def act(now: datetime) -> None:
            text = self._rng.choice(FIXES)
            if step_run.title == LATCH:
                text = LATCH_FIXES[next(self._latch_fixes) % len(LATCH_FIXES)]
            self._devices.fix_note(by, step_run, text, now)

        return act

    def _review(self, step_run: StepRun) -> Action:
        def act(now: datetime) -> None:
            if step_run.state != "in_review" or step_run.proof is None:
                return
            seen = step_run.proof.evidence_sha256
            if step_run.attempt == 1 and self._rng.random() < 0.07:
                reason = SEND_BACKS[step_run.title]
                reviews.send_back(self._session, self._owner, step_run, seen, reason, now)
                self._watch(step_run)
                self._in_minutes(now, 6, 18, self._do(step_run))
            else:
                reviews.approve(self._session, self._owner, step_run, seen, now)

        return act

    def _give_photo_early(self, now: datetime) -> None:
        """Of the next opening check something is done already, and its photo waits for review."""
        photo, _exits, _latch, away = self._next_opening().step_runs
        for step_run in (photo, away):
            first = self._session.get_one(Person, step_run.chain[0]["person"])
            self._devices.complete(first, step_run, now)

    def _say_cannot_do(self, now: datetime) -> None:
        exits = self._next_opening().step_runs[1]
        first = self._session.get_one(Person, exits.chain[0]["person"])
        self._devices.cannot_do(first, exits, FEVER, now)

    def _next_opening(self) -> Run:
        query = select(Run).where(
            Run.org_id == self._organisation.id, Run.deadline_at > self._until
        )
        runs = self._session.scalars(query.order_by(Run.deadline_at)).unique()
        return next(run for run in runs if self._fates.is_next(run))
