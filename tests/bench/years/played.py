"""A few days at one location, played by the real services: what the years are copies of.

Everything of a day happens on that day, and the days of the crew are alike but for chance. After
the last comes a day that is only planned.
"""

import hashlib
import heapq
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.bench.years import crew
from webapp import context
from webapp.models import OutboxMessage, Person, Run, StepRun
from webapp.services import blobs, reviews
from webapp.services.demo.crew import CORRECTIVE, FEVER, FIXES, Devices
from worker.duties import tick

# Marks that nothing else in a row looks like, so that copies find them.
GROUP_MARK, PLACE_MARK = "M0DEL", "L0CAL"
SINCE = datetime(2001, 1, 1, tzinfo=UTC)
# Minutes after a deadline when the chain moves on.
LOOKS = (-15, 5, 25, 55)
MISSED, SENT_BACK, REFUSED = 0.02, 0.04, 0.004
Action = Callable[[datetime], None]


class Phones(Devices):
    """The demo's phones, whose pictures look like nothing that was there before."""

    def _photo(self, step_run: StepRun, captured_at: datetime, now: datetime) -> dict[str, Any]:
        picture = BytesIO()
        noise = Image.frombytes("L", (48, 36), self._rng.randbytes(48 * 36))
        noise.resize((480, 360), Image.Resampling.BICUBIC).save(picture, "JPEG", quality=60)
        photo = picture.getvalue()
        sha256 = hashlib.sha256(photo).hexdigest()
        blob = blobs.expect(self._session, step_run.org_id, sha256, len(photo), now)
        arriving = blobs.upload_of(blob)
        blobs.write_part(self._blob_dir, arriving, 0, photo)
        kept = blobs.finish(self._blob_dir, arriving, len(photo))
        blobs.note_part(blob, len(photo), len(photo), kept, now)
        blobs.forget_part(self._blob_dir, arriving)
        said = {"kind": "photo", "sha256": sha256, "bytes": len(photo)}
        return said | {"media_type": "image/jpeg", "taken_at": captured_at.isoformat()}


class Played:
    """The model organisation: one location, its crew, and what they do for some days."""

    def __init__(
        self, session: Session, days: int, names: Sequence[str] = crew.NAMES, seed: int = 7
    ) -> None:
        self._session, self._rng = session, Random(seed)
        blob_dir: Path = context.settings().blob_dir
        self._phones = Phones(session, blob_dir, self._rng)
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._order = count()
        self.owner: Person = crew.begin(session, "Model", SINCE)
        self.group = crew.group(session, self.owner, GROUP_MARK, [PLACE_MARK], SINCE, names)
        session.commit()
        self.days = [SINCE + timedelta(days=1 + number) for number in range(days)]

    def play(self) -> None:
        """Play the days one after the other, and plan the one that follows."""
        for day in self.days:
            self._play_day(day)
        planning_ends = self.days[-1] + timedelta(days=1)
        self._tick(planning_ends)
        self._session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.next_attempt_at.is_not(None))
            .values(next_attempt_at=None, outcome="not_needed", lease=None)
            .values(settled_at=OutboxMessage.created_at)
        )
        self._session.commit()

    @property
    def planned_day(self) -> datetime:
        """The day that is planned and has not begun."""
        return self.days[-1] + timedelta(days=2)

    def _play_day(self, day: datetime) -> None:
        self._tick(day)
        self._foresee(day)
        for run in self._session.scalars(_due(Run, day)).unique().all():
            for after in LOOKS:
                self._at(run.deadline_at + timedelta(minutes=after), self._look)
            self._at(run.opens_at, self._look)
        while self._agenda:
            moment, _, action = heapq.heappop(self._agenda)
            action(moment)
            self._session.commit()

    def _at(self, moment: datetime, action: Action) -> None:
        heapq.heappush(self._agenda, (moment, next(self._order), action))

    def _tick(self, now: datetime) -> None:
        tick(self._session, now)

    def _look(self, now: datetime) -> None:
        """What the clock does; it plans once a day here, since each hour would find nothing new."""
        with mock.patch("webapp.services.planning.plan_if_due", return_value=False):
            self._tick(now)

    def _foresee(self, day: datetime) -> None:
        """Decide for each step of the day when it is done, and at which level of its chain."""
        for step_run in self._session.scalars(_due(StepRun, day)).unique().all():
            missed = self._rng.random() < MISSED
            level = self._rng.choice((1, 1, 1, 2, 3)) if missed else 0
            opens = step_run.run.opens_at
            if level == 0 and self._rng.random() < REFUSED:
                self._at(opens + self._minutes(2, 9), self._refuse(step_run))
                level = 1
            waits = (0, 5, 25, 55)[level]
            done_at = step_run.deadline_at + timedelta(minutes=waits) + self._minutes(18, 29)
            in_time = opens + self._minutes(5, 58)
            self._at(in_time if level == 0 else done_at, self._do(step_run))

    def _minutes(self, least: float, most: float) -> timedelta:
        return timedelta(minutes=self._rng.uniform(least, most))

    def _do(self, step_run: StepRun) -> Action:
        def act(now: datetime) -> None:
            self._session.refresh(step_run)
            if step_run.state != "open" or step_run.holder is None:
                return
            self._phones.complete(step_run.holder, step_run, now)
            if step_run.state == "in_review":
                self._at(now + self._minutes(4, 40), self._review(step_run))
            if step_run.level:
                self._at(now + self._minutes(1, 3), self._fix(step_run))

        return act

    def _refuse(self, step_run: StepRun) -> Action:
        def act(now: datetime) -> None:
            if step_run.state == "open" and step_run.holder is not None:
                self._phones.cannot_do(step_run.holder, step_run, FEVER, now)

        return act

    def _fix(self, step_run: StepRun) -> Action:
        by = step_run.closed_by or step_run.holder
        assert by is not None, "what was done was done by somebody"
        return lambda now: self._phones.fix_note(by, step_run, self._rng.choice(FIXES), now)

    def _review(self, step_run: StepRun) -> Action:
        def act(now: datetime) -> None:
            assert step_run.proof is not None, "what is in review has a proof"
            seen, manager = step_run.proof.evidence_sha256, self.group.people[crew.MANAGER]
            if step_run.attempt == 1 and self._rng.random() < SENT_BACK:
                reviews.send_back(self._session, manager, step_run, seen, CORRECTIVE, now)
                self._at(now + self._minutes(2, 9), self._do(step_run))
            else:
                reviews.approve(self._session, manager, step_run, seen, now)

        return act


def _due(what: Any, day: datetime) -> Any:
    """The runs of a day, or their steps."""
    last = datetime.combine(day, time.max, UTC)
    query = select(what) if what is Run else select(what).join(Run)
    return query.where(Run.deadline_at.between(day, last)).order_by(what.id)
