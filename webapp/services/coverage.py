"""How much of the work needed nobody to chase it, always as a sentence with both numbers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
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
    """So many runs that were due on a nominal day ("2026-11-23") and were alike: closed or not,
    and with somebody chased or not.
    """

    day: str
    state: str
    chased: bool
    number: int

    @property
    def went(self) -> int:
        """How many closed and nobody had to chase them."""
        return 0 if self.chased or self.state != "closed" else self.number


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
    total = sum(each.number for each in runs)
    chased = sum(each.number for each in runs if each.chased)
    done = sum(each.went for each in runs)
    titles = _chased_titles(session, window, now) if chased else Counter[str]()
    return Coverage(done, total, _sentence(chased, titles, total - chased - done))


def due(session: Session, window: Window, now: datetime) -> list[Due]:
    """Return the runs of the window that were due by now and not called off, counted by day: an
    organisation of fifty locations has thousands in a week.
    """
    chased = select(StepRun.run_id).where(windows.among(session, _due(window, now)), CHASED)
    was_chased = Run.id.in_(chased).label("chased")
    day = func.substr(Run.occurrence, 1, 10).label("day")
    each = select(day, Run.state, was_chased).where(_due(window, now)).subquery()
    query = select(each.c.day, each.c.state, each.c.chased, func.count())
    alike = query.group_by(each.c.day, each.c.state, each.c.chased)
    return [Due._make(row) for row in session.execute(alike.order_by(each.c.day))]


def _due(window: Window, now: datetime) -> ColumnElement[bool]:
    return and_(window.of_runs(), Run.deadline_at <= now, Run.state != "void")


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
    due = _due(window, now)
    query = query.where(due, windows.among(session, due), CHASED).group_by(StepRun.title)
    return Counter(dict(session.execute(query.order_by(StepRun.title)).all()))


def _sentence(chased: int, titles: Counter[str], going_on: int) -> str:
    """What the rest of the runs needed."""
    parts = [_("These closed without anybody having to chase them.")]
    if chased:
        parts.append(_missed(chased, titles))
    if going_on:
        parts.append(
            ngettext("%(num)s run is not closed yet.", "%(num)s runs are not closed yet.", going_on)
        )
    return " ".join(parts)


def _missed(chased: int, titles: Counter[str]) -> str:
    """In how many runs somebody had to be found; that a step can't be done is told, not missed."""
    title, times = titles.most_common(1)[0]
    if times > 1:
        return ngettext(
            "In %(num)s run a step was missed, most often “%(title)s”.",
            "In %(num)s runs a step was missed, most often “%(title)s”.",
            chased,
            title=title,
        )
    if len(titles) == 1:
        return ngettext(
            "In %(num)s run a step was missed: “%(title)s”.",
            "In %(num)s runs a step was missed: “%(title)s”.",
            chased,
            title=title,
        )
    return ngettext(
        "In %(num)s run a step was missed.", "In %(num)s runs a step was missed.", chased
    )
