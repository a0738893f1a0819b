"""The part of the catalogue that pages need which the browser renders itself."""

import json
from functools import lru_cache

from apiflask import APIBlueprint
from babel.messages.catalog import Message
from flask import Response

from webapp import words
from webapp.problems import Problem
from webapp.rules.languages import LANGUAGES
from webapp.views.policy import PUBLIC, policy

blueprint = APIBlueprint("browser_words", __name__, enable_openapi=False)

FILES = tuple(f"/static/words/{language}.json" for language in LANGUAGES if language != "en")
# Sentences that the server gives to a device unsaid, so that it can say them without a connection.
GIVEN = ("rules/later_words.py",)
SHELLS = ("shell.html", "templates/errors/offline.html", "templates/macros/look.html")


@blueprint.get("/static/words/<language>.json")
@policy(PUBLIC)
def of_language(language: str) -> Response:
    """Give each sentence in that language, or its forms in the order of CLDR's plurals."""
    if f"/static/words/{language}.json" not in FILES:
        raise Problem("not_found")
    headers = {"Cache-Control": "no-cache"}
    response = Response(packed(language), mimetype="application/json", headers=headers)
    response.add_etag()
    return response


@lru_cache(maxsize=len(FILES))
def packed(language: str) -> str:
    """Return the sentences of scripts and shells that are translated, as JSON."""
    said = {_key(each): each.string for each in words.entries(language) if _is_for_browser(each)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _key(message: Message) -> str:
    """As gettext joins them: a word that has several meanings comes after its context."""
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}\x04{msgid}" if message.context else msgid


def _is_for_browser(message: Message) -> bool:
    said = message.string or ""
    forms = [said] if isinstance(said, str) else said
    files = [file for file, _line in message.locations]
    return all(forms) and any(file.endswith((".js", *SHELLS, *GIVEN)) for file in files)
