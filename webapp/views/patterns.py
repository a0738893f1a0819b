"""The page of what keeps going wrong: few rows, the worst first, each with what to do next."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.context import now, session
from webapp.models import Person
from webapp.rules.patterns import STRETCHES
from webapp.services import patterns
from webapp.services.patterns import words
from webapp.views import pattern_words
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _
from webapp.words import ngettext

blueprint = APIBlueprint("patterns", __name__, url_prefix="/patterns", enable_openapi=False)

# More than these nobody works on at a time; the rest is one press away.
MOST_AT_ONCE = 7


@blueprint.get("", endpoint="patterns")
@policy(MANAGERS)
def index() -> str:
    """Show what stands, the worst first."""
    person = somebody()
    standing = patterns.current(session(), person.org_id, person)
    rows = pattern_words.shown(session(), standing, person)
    new = [row for row in rows if not row["is_quiet"]]
    return render_template(
        "manage/patterns.html",
        first=new[:MOST_AT_ONCE],
        more=new[MOST_AT_ONCE:],
        noted=[row for row in rows if row["is_quiet"]],
        watched=patterns.watched(session(), person.org_id),
        steps=patterns.steps_watched(session(), person),
        fewest=STRETCHES[0],
    )


@blueprint.post("/<pattern_id>/noted")
@policy(MANAGERS)
def note(pattern_id: str) -> ResponseReturnValue:
    """Keep a pattern quiet until it gets worse or comes back."""
    patterns.note(session(), somebody(), pattern_id, now())
    session().commit()
    return redirect(url_for("patterns.patterns"), 303)


def inbox_rows(session: Session, person: Person) -> list[dict[str, Any]]:
    """Return the one row of the owner's page, as long as nobody has noted what is new."""
    new = patterns.new_for(session, person)
    if not new:
        return []
    sentence = words.sentences(session, new[:1])[0]
    others = len(new) - 1
    more = ngettext("%(num)s more keeps going wrong.", "%(num)s more keep going wrong.", others)
    return [
        {
            "kind": "pattern",
            "need": False,
            "at": None,
            "day": "",
            "zone": "UTC",
            "sentence": sentence,
            "detail": more if others else pattern_words.chance_words(new[0]),
            "url": url_for("patterns.patterns"),
            "word": _("See why"),
            "parts": [],
            "try_again": None,
        }
    ]
