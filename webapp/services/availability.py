"""Who cannot take work: people who left, and people who are away."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Absence, Person, StepRun


def reason_against(
    session: Session, person_id: str, step_run: StepRun, now: datetime
) -> str | None:
    """Return why the person cannot take the step ("deactivated", "absent"), or None.

    Before its deadline a step is judged by the local date of its deadline, so that work goes to
    the person who is there when it counts; after that by the local date of now.
    """
    person = session.get_one(Person, person_id)
    if person.deactivated_at is not None:
        return "deactivated"
    return "absent" if is_away(session, person_id, judged_on(step_run, now)) else None


def judged_on(step_run: StepRun, now: datetime) -> date:
    """Return the local date at the step's location on which its people have to be there."""
    zone = ZoneInfo(step_run.run.location.time_zone)
    return max(now, step_run.deadline_at).astimezone(zone).date()


def is_away(session: Session, person_id: str, day: date) -> bool:
    """Whether an absence of the person that has not ended covers this local date."""
    query = select(Absence.id).where(
        Absence.person_id == person_id,
        Absence.first_day <= day,
        Absence.last_day >= day,
        Absence.ended_at.is_(None),
    )
    return session.scalars(query.limit(1)).one_or_none() is not None
