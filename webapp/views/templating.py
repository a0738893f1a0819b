"""What every template can say: local times, waits, names in a row, addresses of static files."""

from typing import Any

from apiflask import APIFlask
from flask import current_app, url_for
from sqlalchemy.exc import SQLAlchemyError

from webapp.context import now, session
from webapp.formats import first_up, listed, local_day, local_time, number, quoted, row, wait
from webapp.joined import SHEETS
from webapp.rules.languages import LANGUAGES
from webapp.services import health
from webapp.views.identity import signed_in
from webapp.words import direction, speaking, translated


def register(app: APIFlask) -> None:
    """Add the filters and the context that every template may use."""
    app.add_template_filter(local_time)
    app.add_template_filter(local_day)
    app.add_template_filter(wait)
    app.add_template_filter(listed)
    app.add_template_filter(first_up)
    app.add_template_filter(number)
    app.add_template_filter(quoted)
    app.add_template_filter(translated)
    app.add_template_global(asset)
    app.add_template_global(sheets)
    app.add_template_global(row)
    app.add_template_global(engine_silence)
    app.add_template_global(in_each_language)
    app.context_processor(_who)


def asset(path: str) -> str:
    """Return the address of a static file; browsers ask whether it changed each time."""
    return url_for("static", filename=path)


def sheets(path: str) -> list[str]:
    """Return the style sheet, or in debug mode those that it is made of."""
    return [f"css/{each}.css" for each in SHEETS[path]] if current_app.debug else [path]


def engine_silence() -> list[str]:
    """Return what owners and managers must know while the clock or the worker is silent."""
    try:
        return list(health.silent(session(), now()).values())
    except SQLAlchemyError:
        session().rollback()
        return []


def in_each_language(msgid: str) -> list[dict[str, str]]:
    """Return a sentence for a page that is the same for everybody, for where no script runs."""
    said = []
    for each in LANGUAGES:
        with speaking(each):
            said.append({"lang": each, "dir": direction(), "text": translated(msgid)})
    return said


def _who() -> dict[str, Any]:
    person = signed_in()
    return {"person": person, "organisation": person.organisation if person else None}
