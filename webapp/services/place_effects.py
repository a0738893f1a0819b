"""What a change of a location does to its runs of the next days, to show and to count."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Location, Run
from webapp.rules.moment_words import clock_words

TAKES_PLACE = ("planned", "open", "closed")
NAMED = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A run as it is or was: its process, and when it opens and is due."""

    process: str
    opens_at: datetime
    deadline_at: datetime


@dataclass(slots=True)
class Effect:
    """Runs that will not take place, that come in addition, and that move; by deadline."""

    gone: list[Seen] = field(default_factory=list)
    added: list[Seen] = field(default_factory=list)
    moved: list[Seen] = field(default_factory=list)

    def sentences(self, now: datetime, zone: str) -> list[str]:
        """Return what changes in words: one sentence for each kind, or that nothing does."""
        told = [
            _sentence(self.gone, "will not take place", now, zone),
            _sentence(self.added, "will take place in addition", now, zone),
            _sentence(self.moved, "will open or be due at another time", now, zone),
        ]
        return [each for each in told if each] or ["No run of the next days changes."]


@contextmanager
def seen(session: Session, location: Location, now: datetime) -> Iterator[Effect]:
    """Compare the location's runs before and after what is done meanwhile."""
    effect, before = Effect(), _runs(session, location, now)
    yield effect
    after = _runs(session, location, now)
    effect.gone = _in_order(before[key] for key in before.keys() - after.keys())
    effect.added = _in_order(after[key] for key in after.keys() - before.keys())
    both = before.keys() & after.keys()
    effect.moved = _in_order(after[key] for key in both if before[key] != after[key])


def _runs(session: Session, location: Location, now: datetime) -> dict[str, Seen]:
    session.flush()
    query = select(Run).where(
        Run.location_id == location.id,
        Run.state.in_(TAKES_PLACE),
        Run.deadline_at >= now - timedelta(days=2),
    )
    return {
        run.id: Seen(run.process.name, run.opens_at, run.deadline_at)
        for run in session.scalars(query)
    }


def _in_order(runs: Iterator[Seen]) -> list[Seen]:
    return sorted(runs, key=lambda each: (each.deadline_at, each.process))


def _sentence(runs: list[Seen], what: str, now: datetime, zone: str) -> str:
    if not runs:
        return ""
    named = [f"{run.process}, {clock_words(run.deadline_at, now, zone)}" for run in runs[:NAMED]]
    more = f" and {len(runs) - NAMED} more" if len(runs) > NAMED else ""
    count = "1 run" if len(runs) == 1 else f"{len(runs)} runs"
    return f"{count} {what}: {'; '.join(named)}{more}."
