"""What a change of a location does to its runs of the next days, to show and to count."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Location, Run, StepRun
from webapp.rules.moment_words import clock_words
from webapp.rules.sentences import Forms, n_
from webapp.words import gettext as _
from webapp.words import ngettext

Stopped = tuple[str, int, str]  # the id of its run, its position, its title

TAKES_PLACE = ("planned", "open", "closed")
NAMED = 3
# Of one step, and of several.
# One and several of each; %(named)s is a list of the first of them.
GONE = n_(
    "%(num)s run will not take place: %(named)s.",
    "%(num)s runs will not take place: %(named)s.",
)
ADDED = n_(
    "%(num)s run will take place in addition: %(named)s.",
    "%(num)s runs will take place in addition: %(named)s.",
)
MOVED = n_(
    "%(num)s run will open or be due at another time: %(named)s.",
    "%(num)s runs will open or be due at another time: %(named)s.",
)
CALLED_OFF = n_(
    "%(num)s step of a run that has begun is called off: %(named)s.",
    "%(num)s steps of runs that have begun are called off: %(named)s.",
)
TAKEN_UP = n_(
    "%(num)s step is taken up again: %(named)s.",
    "%(num)s steps are taken up again: %(named)s.",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A run as it is or was: its process, and when it opens and is due."""

    process: str
    opens_at: datetime
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class SeenStep:
    """A step of a run that stays: its title and its run."""

    title: str
    run: Seen


@dataclass(slots=True)
class Effect:
    """Runs that will not take place, that come in addition, and that move; by deadline.

    `called_off` and `taken_up` are single steps of runs that stay: in those, only what nobody
    had begun is called off.
    """

    gone: list[Seen] = field(default_factory=list)
    added: list[Seen] = field(default_factory=list)
    moved: list[Seen] = field(default_factory=list)
    called_off: list[SeenStep] = field(default_factory=list)
    taken_up: list[SeenStep] = field(default_factory=list)

    def sentences(self, now: datetime, zone: str) -> list[str]:
        """Return what changes in words: one sentence for each kind, or that nothing does."""
        told = [
            _sentence(self.gone, GONE, now, zone),
            _step_sentence(self.called_off, CALLED_OFF, now, zone),
            _sentence(self.added, ADDED, now, zone),
            _step_sentence(self.taken_up, TAKEN_UP, now, zone),
            _sentence(self.moved, MOVED, now, zone),
        ]
        return [each for each in told if each] or [_("No run of the next days changes.")]


@contextmanager
def seen(session: Session, location: Location, now: datetime) -> Iterator[Effect]:
    """Compare the location's runs before and after what is done meanwhile."""
    effect, before, stopped = Effect(), *_as_it_is(session, location, now)
    yield effect
    after, stopped_after = _as_it_is(session, location, now)
    effect.gone = _in_order(before[key] for key in before.keys() - after.keys())
    effect.added = _in_order(after[key] for key in after.keys() - before.keys())
    both = before.keys() & after.keys()
    effect.moved = _in_order(after[key] for key in both if before[key] != after[key])
    effect.called_off = _steps(stopped_after - stopped, after, both)
    effect.taken_up = _steps(stopped - stopped_after, after, both)


def _as_it_is(
    session: Session, location: Location, now: datetime
) -> tuple[dict[str, Seen], set[Stopped]]:
    """The runs that take place, by id, and the steps that were called off."""
    session.flush()
    since = (Run.location_id == location.id, Run.deadline_at >= now - timedelta(days=2))
    runs = session.scalars(select(Run).where(*since, Run.state.in_(TAKES_PLACE)))
    steps = (
        select(StepRun.run_id, StepRun.position, StepRun.title)
        .join(Run, Run.id == StepRun.run_id)
        .where(*since, StepRun.state == "void", StepRun.holder_id.is_not(None))
    )
    return (
        {run.id: Seen(run.process.name, run.opens_at, run.deadline_at) for run in runs},
        {(row.run_id, row.position, row.title) for row in session.execute(steps)},
    )


def _in_order(runs: Iterator[Seen]) -> list[Seen]:
    return sorted(runs, key=lambda each: (each.deadline_at, each.process))


def _sentence(runs: list[Seen], what: Forms, now: datetime, zone: str) -> str:
    if not runs:
        return ""
    named = [
        # Translators: a process and when it is due: “Opening check, 07:15 on Friday”.
        _("%(process)s, %(due)s", process=run.process, due=clock_words(run.deadline_at, now, zone))
        for run in runs[:NAMED]
    ]
    return ngettext(*what, len(runs), named=_first(named, len(runs)))


def _first(named: list[str], count: int) -> str:
    """Return the first of them by name, and how many more there are."""
    listed = _("; ").join(named)
    if count <= NAMED:
        return listed
    return _("%(listed)s and %(more)s more", listed=listed, more=count - NAMED)


def _steps(found: set[Stopped], runs: dict[str, Seen], both: Set[str]) -> list[SeenStep]:
    stay = [each for each in found if each[0] in both]
    stay.sort(key=lambda each: (runs[each[0]].deadline_at, *each))
    return [SeenStep(title, runs[run_id]) for run_id, _position, title in stay]


def _step_sentence(steps: list[SeenStep], what: Forms, now: datetime, zone: str) -> str:
    if not steps:
        return ""
    named = [
        _(
            "“%(step)s” of %(process)s, %(due)s",
            step=step.title,
            process=step.run.process,
            due=clock_words(step.run.deadline_at, now, zone),
        )
        for step in steps[:NAMED]
    ]
    return ngettext(*what, len(steps), named=_first(named, len(steps)))
