"""A visitor's draft rehearsed: what if nobody does it, and if this one is away besides?"""

from datetime import timedelta
from typing import Any

from flask import request

from webapp.context import now
from webapp.formats import first_up
from webapp.models import Sandbox
from webapp.rules.scan.questions import OWNER
from webapp.services import rehearsals
from webapp.services.definitions import ProcessDraft
from webapp.services.places import Place
from webapp.services.rehearsals import Someone
from webapp.views import visitor
from webapp.views.rehearsals import days_asked, days_to_choose, rehearsal_page
from webapp.words import pgettext

# Away for as long as may be rehearsed, and as any chain could take after that.
AROUND = timedelta(days=rehearsals.MOST_DAYS + 200)


def page(draft: ProcessDraft, sandbox: Sandbox) -> dict[str, Any]:
    """Play the next days of a draft that is whole, as if everybody had a phone that answers.

    Whoever the address calls `away`, or `silent` for want of a phone, is played so.
    """
    away, silent = set(request.args.getlist("away")), set(request.args.getlist("silent"))
    names = {level.person_id: level.person_id for level in draft.chain if level.person_id}
    # Translators: who has a step, in the midst of a sentence: “Ben at 07:40, the owner at 08:10”.
    the_owner = pgettext("who has a step", "the owner")
    names[OWNER] = visitor.answers_of(sandbox)["owner"] or the_owner
    people = {key: _someone(key, name, away, silent) for key, name in names.items()}
    place = Place(visitor.here(), sandbox.content["zone"])
    days = days_asked()
    played = rehearsals.of_plain_draft(draft, people, {visitor.HERE: place}, OWNER, now(), days)
    chosen = {
        "away": [key for key in names if key in away],
        "silent": [key for key in names if key in silent],
    }
    return {
        "people": [(key, first_up(name)) for key, name in names.items()],
        "days": days,
        "spans": days_to_choose(days, **(request.view_args or {}), **chosen),
        **chosen,
        **rehearsal_page(played),
    }


def _someone(key: str, name: str, away: set[str], silent: set[str]) -> Someone:
    today = now().date()
    return Someone(
        id=key,
        name=name,
        away=((today - AROUND, today + AROUND),) if key in away else (),
        has_device=key not in silent,
        answers=key not in silent,
    )
