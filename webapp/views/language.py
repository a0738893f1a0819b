"""In which language a page is: that of whoever asks, or of this browser; and how to choose it."""

from apiflask import APIBlueprint
from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from webapp import words
from webapp.context import now, session, settings
from webapp.problems import Problem
from webapp.rules.languages import LANGUAGES
from webapp.rules.sentences import N_, Sentence
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
    app.jinja_env.finalize = _said
    app.jinja_env.globals.update(
        _=_gettext,
        gettext=_gettext,
        pgettext=words.pgettext,
        ngettext=_ngettext,
        N_=N_,
        LANGUAGES=LANGUAGES,
    )
    app.before_request(speak_theirs)
    app.teardown_request(lambda _error: words.speak(None))
    app.context_processor(lambda: {"lang": words.language(), "dir": words.direction()})


def _said(value: object) -> object:
    return words.translated(value) if isinstance(value, Sentence) else value


@pass_eval_context
def _gettext(context: EvalContext, msgid: str, /, **values: object) -> str:
    """What the catalogue says is markup already; the values that it is filled with are not."""
    text = words.catalogue(words.language()).ugettext(str(msgid))
    return _filled(context, text, values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, /, **values: object) -> str:
    text = words.catalogue(words.language()).ungettext(one, many, num)
    return _filled(context, text, {"num": num} | values)


def _filled(context: EvalContext, text: str, values: dict[str, object]) -> str:
    made = Markup(text) if context.autoescape else text  # noqa: S704
    return made % words.filling(values) if values else made


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
