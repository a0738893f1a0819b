"""What every template can say: local times, waits, addresses of static files."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIFlask
from flask import url_for
from sqlalchemy.exc import SQLAlchemyError

from webapp.context import now, session
from webapp.rules.deadline import format_wait
from webapp.services import health
from webapp.views.identity import signed_in


def register(app: APIFlask) -> None:
    """Add the filters and the context that every template may use."""
    app.add_template_filter(local_time)
    app.add_template_filter(local_day)
    app.add_template_filter(wait)
    app.add_template_global(asset)
    app.add_template_global(engine_silence)
    app.context_processor(_who)


def local_time(moment: datetime, zone: str) -> str:
    """Return the wall time at a location: "07:15"."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def local_day(moment: datetime, zone: str) -> str:
    """Return the day at a location: "Monday 23 November"."""
    there = moment.astimezone(ZoneInfo(zone))
    return f"{there:%A} {there.day} {there:%B}"


def wait(minutes: int) -> str:
    """Return a wait in words: "10 min", "2 h"."""
    return format_wait(minutes).replace("m", " min").replace("h", " h ").replace("d", " d ").strip()


def asset(path: str) -> str:
    """Return the address of a static file; browsers ask whether it changed each time."""
    return url_for("static", filename=path)


def engine_silence() -> list[str]:
    """Return what owners and managers must know while the clock or the worker is silent."""
    try:
        return list(health.silent(session(), now()).values())
    except SQLAlchemyError:
        session().rollback()
        return []


def _who() -> dict[str, Any]:
    person = signed_in()
    return {"person": person, "organisation": person.organisation if person else None}
