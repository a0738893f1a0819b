"""How much of the work needed nobody to chase it, always as a sentence with both numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Person, Run, StepRun
from webapp.rules.moment_words import local_date

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
    words = (
        ("closed", "is closed", "are closed"),
        ("open", "is open", "are open"),
        ("planned", "opens later", "open later"),
    )
    counted = ", ".join(
        f"{states[state]} {one if states[state] == 1 else several}"
        for state, one, several in words
        if states[state]
    )
    return f"{_count(len(runs), 'run')} today: {counted}." if runs else "No run is due today."


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
    if person.role != "owner":
        query = query.where(Run.location_id.in_([place.id for place in person.locations]))
    return list(session.scalars(query).unique())


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
    parts = ["These closed without anybody having to chase them."]
    if chased:
        titles = Counter(
            step.title for run in chased for step in run.step_runs if _was_chased(step)
        )
        title, times = titles.most_common(1)[0]
        often = (
            f", most often “{title}”" if times > 1 else f": “{title}”" if len(titles) == 1 else ""
        )
        parts.append(f"{_count(len(chased), 'run')} moved to somebody else{often}.")
    if going_on:
        verb = "is" if going_on == 1 else "are"
        parts.append(f"{_count(going_on, 'run')} {verb} not closed yet.")
    return " ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
