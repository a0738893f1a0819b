"""How much of the work needed nobody to chase it, always as a sentence with both numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from webapp.models import Person, Run, StepRun
from webapp.services import windows
from webapp.services.windows import Window
from webapp.words import gettext as _
from webapp.words import ngettext

DAYS = 7
# A step that was missed; one that proved to be done in time needed nobody.
CHASED = and_(StepRun.missed_at.is_not(None), StepRun.miss_explained_at.is_(None))


class Due(NamedTuple):
    """A run that was due: where and when, whether it closed, and whether somebody was chased."""

    process_id: str
    location_id: str
    deadline_at: datetime
    state: str
    chased: bool

    @property
    def went(self) -> bool:
        """Whether it closed and nobody had to chase it."""
        return self.state == "closed" and not self.chased


@dataclass(frozen=True, slots=True)
class Coverage:
    """Runs that were due, and how many of them closed without a missed step."""

    done: int
    total: int
    sentence: str


def of_the_week(session: Session, person: Person, now: datetime) -> Coverage:
    """Count the runs due by now in the last seven local days, at the person's locations."""
    return of_window(session, windows.until_today(session, person, now, DAYS), now)


def of_window(session: Session, window: Window, now: datetime) -> Coverage:
    """Count the runs of the window that were due by now."""
    return counted(session, window, now, due(session, window, now))


def counted(session: Session, window: Window, now: datetime, runs: Sequence[Due]) -> Coverage:
    """Return what these runs, all that were due in the window, add up to."""
    chased = sum(run.chased for run in runs)
    done = sum(run.went for run in runs)
    titles = _chased_titles(session, window, now) if chased else Counter[str]()
    return Coverage(done, len(runs), _sentence(chased, titles, len(runs) - chased - done))


def due(session: Session, window: Window, now: datetime) -> list[Due]:
    """Return the runs of the window that were due by now and not called off, a few words of each:
    an organisation of fifty locations has thousands in a week.
    """
    chased = exists().where(StepRun.run_id == Run.id, CHASED)
    query = select(Run.process_id, Run.location_id, Run.deadline_at, Run.state, chased)
    return [Due._make(row) for row in session.execute(query.where(*_due(window, now)))]


def _due(window: Window, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (window.of_runs(), Run.deadline_at <= now, Run.state != "void")


def today(session: Session, person: Person, now: datetime) -> str:
    """Say how far today's runs are: "9 runs today: 4 are closed, 2 are open, 3 open later"."""
    window = windows.until_today(session, person, now, 1)
    query = select(Run.state, func.count()).where(window.of_runs(), Run.state != "void")
    states = Counter(dict(session.execute(query.group_by(Run.state)).all()))
    runs = states.total()
    if not runs:
        return _("No run is due today.")
    words = {
        "closed": ngettext("%(num)s is closed", "%(num)s are closed", states["closed"]),
        "open": ngettext("%(num)s is open", "%(num)s are open", states["open"]),
        "planned": ngettext("%(num)s opens later", "%(num)s open later", states["planned"]),
    }
    counted = _(", ").join(said for state, said in words.items() if states[state])
    # Translators: %(counted)s is like “2 are closed, 1 is open”.
    return ngettext(
        "%(num)s run today: %(counted)s.",
        "%(num)s runs today: %(counted)s.",
        runs,
        counted=counted,
    )


def _chased_titles(session: Session, window: Window, now: datetime) -> Counter[str]:
    """In how many steps each title was missed."""
    query = select(StepRun.title, func.count()).join(Run, Run.id == StepRun.run_id)
    query = query.where(*_due(window, now), CHASED).group_by(StepRun.title)
    return Counter(dict(session.execute(query.order_by(StepRun.title)).all()))


def _sentence(chased: int, titles: Counter[str], going_on: int) -> str:
    """What the rest of the runs needed."""
    parts = [_("These closed without anybody having to chase them.")]
    if chased:
        parts.append(_moved(chased, titles))
    if going_on:
        parts.append(
            ngettext("%(num)s run is not closed yet.", "%(num)s runs are not closed yet.", going_on)
        )
    return " ".join(parts)


def _moved(chased: int, titles: Counter[str]) -> str:
    title, times = titles.most_common(1)[0]
    if times > 1:
        return ngettext(
            "%(num)s run moved to somebody else, most often “%(title)s”.",
            "%(num)s runs moved to somebody else, most often “%(title)s”.",
            chased,
            title=title,
        )
    if len(titles) == 1:
        return ngettext(
            "%(num)s run moved to somebody else: “%(title)s”.",
            "%(num)s runs moved to somebody else: “%(title)s”.",
            chased,
            title=title,
        )
    return ngettext(
        "%(num)s run moved to somebody else.", "%(num)s runs moved to somebody else.", chased
    )
