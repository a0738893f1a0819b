"""A visitor's draft rehearsed: what if nobody does it, and if this one is away besides?"""

from datetime import timedelta
from typing import Any

from flask import request

from webapp.context import now
from webapp.formats import day, row
from webapp.models import Sandbox
from webapp.rules.rehearsal import Someone
from webapp.rules.scan.questions import OWNER
from webapp.services import rehearsals
from webapp.services.definitions import ProcessDraft
from webapp.services.places import Place
from webapp.services.rehearsals import Rehearsal, words
from webapp.services.rehearsals.groups import Group, day_of, grouped
from webapp.views import visitor

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
        "summary": words.summary(played, OWNER),
        "groups": [_group(played, group) for group in grouped(played.runs)],
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


def _group(played: Rehearsal, group: Group) -> dict[str, Any]:
    run = group.first
    return {
        "day": day(day_of(run)),
        "dead_ends": [words.dead_end_words(played, run, kind) for kind in run.course.dead_ends],
        "moments": [
            (words.time_words(run, moment.at), " ".join(words.moment_words(played, run, number)))
            for number, moment in enumerate(run.course.moments)
        ],
        "others": row(*(day(day_of(each), weekday=False) for each in group.others)),
        "others_count": len(group.others),
    }
