"""What must hold after whatever happened."""

from sqlalchemy import func, select

from tests.audit.busy import look_over
from tests.properties.machinery import Machinery
from webapp.models import Command, Event, Handoff, OutboxMessage, Proof, StepRun
from webapp.services.audit import Memory


class Promises(Machinery):
    """An installation that remembers what it promised."""

    def __init__(self, session, clock, crew):
        self.session, self.clock, self.crew = session, clock, crew
        self.acknowledged: dict[str, tuple[str, str]] = {}
        self.levels: dict[str, tuple[int, int]] = {}
        self.memory = Memory()

    def steps(self, *states: str) -> list[StepRun]:
        """The step runs in these states, in a steady order."""
        self.session.commit()
        query = select(StepRun).where(StepRun.state.in_(states)).order_by(StepRun.id)
        return list(self.session.scalars(query).unique())

    def check(self, whole: bool) -> None:
        """The auditor finds nothing, and what was promised stands."""
        self.session.commit()
        found = look_over(None if whole else self.memory)
        assert not found, found
        self._acknowledged_work_stands()
        self._levels_only_rise()
        self._each_handoff_is_told_once()

    def _acknowledged_work_stands(self) -> None:
        for command_id, (status, content) in self.acknowledged.items():
            row = self.session.get_one(Command, (self.crew.org_id, command_id))
            assert row.content_sha256 == content
            assert row.status == status or status == "held", (row.status, status)
            if row.kind == "complete_step" and status != "rejected":
                given = select(Proof.id).where(Proof.command_id == command_id)
                assert self.session.scalars(given).first() is not None

    def _levels_only_rise(self) -> None:
        """A step goes back only when it was handed back, or has to wait again, and rises by one."""
        back = dict(
            self.session.execute(
                select(Event.subject, func.count())
                .where(Event.kind.in_(("step.handed_back", "step.waits_again")))
                .group_by(Event.subject)
            ).all()
        )
        for step in self.steps("open", "claimed", "in_review", "done"):
            before, times = self.levels.get(step.id, (0, 0))
            now = back.get(step.id, 0)
            assert step.level >= before or now > times, (step.title, before, step.level)
            self.levels[step.id] = (step.level, now)
            standing = [handoff.level for handoff in step.handoffs]
            assert standing == list(range(1, step.level + 1)), (step.title, standing)

    def _each_handoff_is_told_once(self) -> None:
        taken = select(Handoff.id).where(Handoff.passed_over.is_(None))
        ids = set(self.session.scalars(taken))
        keys = self.session.scalars(
            select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.startswith("handoff:"))
        ).all()
        assert {key.removeprefix("handoff:") for key in keys} == ids
        assert len(keys) == len(ids)
