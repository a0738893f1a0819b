"""How much of the work needed nobody to chase it, always as a sentence with both numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Person, Run, StepRun
from webapp.rules.moment_words import local_date
from webapp.services import reach
from webapp.words import gettext as _
from webapp.words import ngettext

DAYS = 7


@dataclass(frozen=True, slots=True)
class Coverage:
    """Runs that were due, and how many of them closed without a missed step."""

    done: int
    total: int
    sentence: str


def of_the_week(session: Session, person: Person, now: datetime) -> Coverage:
    """Count the runs due by now in the last seven local days, at the person's locations."""
    due = [
        run
        for run in _runs(session, person, now - timedelta(days=DAYS), now)
        if _days_ago(run, now) < DAYS
    ]
    chased = [run for run in due if _needed_somebody(run)]
    going_on = [run for run in due if run.state != "closed" and run not in chased]
    done = len(due) - len(chased) - len(going_on)
    return Coverage(done, len(due), _sentence(chased, len(going_on)))


def today(session: Session, person: Person, now: datetime) -> str:
    """Say how far today's runs are: "9 runs today: 4 are closed, 2 are open, 3 open later"."""
    day = timedelta(days=1)
    runs = [run for run in _runs(session, person, now - day, now + day) if _days_ago(run, now) == 0]
    states = Counter(run.state for run in runs)
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
        len(runs),
        counted=counted,
    )


def _runs(session: Session, person: Person, since: datetime, until: datetime) -> list[Run]:
    query = (
        select(Run)
        .where(
            Run.org_id == person.org_id,
            Run.state != "void",
            Run.deadline_at > since - timedelta(days=1),
            Run.deadline_at <= until,
        )
        .options(selectinload(Run.step_runs))
    )
    return list(session.scalars(reach.of_runs(person, query)).unique())


def _days_ago(run: Run, now: datetime) -> int:
    zone = run.location.time_zone
    return (local_date(now, zone) - local_date(run.deadline_at, zone)).days


def _needed_somebody(run: Run) -> bool:
    """Whether a step was missed; one that proved to be done in time needed nobody."""
    return any(_was_chased(step) for step in run.step_runs)


def _was_chased(step: StepRun) -> bool:
    return step.missed_at is not None and step.miss_explained_at is None


def _sentence(chased: list[Run], going_on: int) -> str:
    """What the rest of the runs needed."""
    parts = [_("These closed without anybody having to chase them.")]
    if chased:
        parts.append(_moved(chased))
    if going_on:
        parts.append(
            ngettext("%(num)s run is not closed yet.", "%(num)s runs are not closed yet.", going_on)
        )
    return " ".join(parts)


def _moved(chased: list[Run]) -> str:
    titles = Counter(step.title for run in chased for step in run.step_runs if _was_chased(step))
    title, times = titles.most_common(1)[0]
    if times > 1:
        return ngettext(
            "%(num)s run moved to somebody else, most often “%(title)s”.",
            "%(num)s runs moved to somebody else, most often “%(title)s”.",
            len(chased),
            title=title,
        )
    if len(titles) == 1:
        return ngettext(
            "%(num)s run moved to somebody else: “%(title)s”.",
            "%(num)s runs moved to somebody else: “%(title)s”.",
            len(chased),
            title=title,
        )
    return ngettext(
        "%(num)s run moved to somebody else.", "%(num)s runs moved to somebody else.", len(chased)
    )
