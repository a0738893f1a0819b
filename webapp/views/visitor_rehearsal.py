"""A visitor's draft rehearsed: what if nobody does it, and if this one is away besides?"""

from datetime import timedelta
from typing import Any

from flask import request

from webapp.context import now
from webapp.models import Sandbox
from webapp.rules.scan.questions import OWNER
from webapp.services import rehearsals
from webapp.services.definitions import ProcessDraft
from webapp.services.places import Place
from webapp.services.rehearsals import Someone
from webapp.views import visitor
from webapp.views.rehearsals import rehearsal_page

AROUND = timedelta(days=200)  # away for as long as any chain could take


def page(draft: ProcessDraft, sandbox: Sandbox) -> dict[str, Any]:
    """Play the next week of a draft that is whole, as if everybody had a phone that answers.

    Whoever the address calls `away`, or `silent` for want of a phone, is played so.
    """
    away, silent = set(request.args.getlist("away")), set(request.args.getlist("silent"))
    names = {level.person_id: level.person_id for level in draft.chain if level.person_id}
    names[OWNER] = visitor.owner_of(visitor.answers_of(sandbox))
    people = {key: _someone(key, name, away, silent) for key, name in names.items()}
    place = Place(visitor.here(), sandbox.content["zone"])
    played = rehearsals.of_plain_draft(draft, people, {visitor.HERE: place}, OWNER, now())
    return {
        "people": list(names.items()),
        "away": [key for key in names if key in away],
        "silent": [key for key in names if key in silent],
        **rehearsal_page(played, OWNER),
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
