"""In which language a page is: that of whoever asks, or of this browser; and how to choose it."""

from apiflask import APIBlueprint
from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain
from sqlalchemy.exc import SQLAlchemyError

from webapp import words
from webapp.context import now, session, settings
from webapp.problems import Problem
from webapp.rules.languages import LANGUAGES
from webapp.services import languages
from webapp.views.identity import signed_in
from webapp.views.policy import PUBLIC, policy

blueprint = APIBlueprint("language", __name__, enable_openapi=False)

COOKIE = "baton-language"
ONE_YEAR = 365 * 24 * 3600
# What everybody gets alike; the browser itself puts its words into another language.
SAME_FOR_EVERYBODY = ("shells", "pwa")


class Catalogue(Domain):
    """The catalogue that the rest of Baton speaks from, for Flask-Babel."""

    def get_translations(self) -> object:
        """Return the translations of the language spoken now."""
        return words.catalogue(words.language())


class Speaking(Babel):
    """Flask-Babel with that catalogue."""

    domain_instance = Catalogue()


def register(app: Flask) -> None:
    """Let each request speak the language of whoever asks, and templates with it."""
    Speaking(app, locale_selector=words.language)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.before_request(speak_theirs)
    app.teardown_request(lambda _error: words.speak(None))
    app.context_processor(lambda: {"lang": words.language(), "dir": words.direction()})


def speak_theirs() -> None:
    """Speak the asker's language, which is looked up once something is said."""
    words.speak(None if request.blueprint in SAME_FOR_EVERYBODY else _theirs)


def in_this_browser() -> str | None:
    """Return the language chosen in this browser, or else one that it asks for."""
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES)


@blueprint.post("/language")
@policy(PUBLIC)
def choose() -> ResponseReturnValue:
    """Keep the language for this browser, and for whoever is signed in here."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Problem("language_unknown")
    if person := signed_in():
        languages.choose(session(), person, chosen, now())
        session().commit()
    return keep(redirect(_back(), 303), chosen)  # type: ignore[arg-type]


def keep(response: Response, chosen: str) -> Response:
    """Let this browser keep the language; its scripts may read it."""
    response.set_cookie(
        COOKIE, chosen, max_age=ONE_YEAR, secure=settings().is_secure, samesite="Lax"
    )
    return response


def _theirs() -> str | None:
    try:
        person = signed_in()
        if person is None:
            return in_this_browser()
        return person.language or in_this_browser() or person.organisation.language
    except (Problem, SQLAlchemyError):
        return in_this_browser()


def _back() -> str:
    from webapp.views.auth import local_path

    return local_path(request.form.get("back")) or "/"
