"""Patterns over the API: what keeps going wrong, with its numbers."""

from typing import Any

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from webapp.context import now, session
from webapp.models import Pattern, Person
from webapp.rules.patterns import one_in
from webapp.services import patterns
from webapp.views import pattern_words
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.schemas_patterns import PatternOut, PatternsOut

blueprint = APIBlueprint("api_patterns", __name__, url_prefix="/api/v1/patterns", tag="Patterns")


@blueprint.get("")
@policy(MANAGERS)
@blueprint.output(PatternsOut)
def current() -> dict[str, Any]:
    """What stands now at my locations, the worst first, what was noted last."""
    person = somebody()
    rows = patterns.current(session(), person.org_id, person)
    return as_json(session(), rows, person.org_id, person)


@blueprint.post("/<pattern_id>/noted")
@policy(MANAGERS)
@blueprint.output(PatternOut)
def note(pattern_id: str) -> dict[str, Any]:
    """Keep a pattern quiet until it gets worse or comes back."""
    row = patterns.note(session(), somebody(), pattern_id, now())
    session().commit()
    return _json(pattern_words.shown(session(), [row], somebody())[0])


def as_json(
    session: Session, rows: list[Pattern], org_id: str, person: Person | None = None
) -> dict[str, Any]:
    """Return patterns and how much is watched, as the API and the command give them out."""
    watched = patterns.watched(session, org_id)
    return {
        "watched": {"steps": watched.steps, "processes": watched.processes},
        "patterns": [_json(each) for each in pattern_words.shown(session, rows, person)],
    }


def _json(shown: dict[str, Any]) -> dict[str, Any]:
    row: Pattern = shown["row"]
    return {
        "id": row.id,
        "kind": row.kind,
        "sentence": shown["sentence"],
        "evidence": [*shown["evidence"], *filter(None, [shown["chance"]])],
        "times": row.times,
        "of": row.of,
        "one_month_in": one_in(row.chance) if row.chance else None,
        "process": row.process_id,
        "location": row.location_id,
        "person": row.person_id,
        "runs": [run["id"] for run in shown["runs"]],
        "next": shown["url"],
        "offer": shown["offer"]["sentence"] if shown["offer"] else None,
        "first_seen_at": row.first_seen_at,
        "last_seen_at": row.last_seen_at,
        "noted_at": row.noted_at if row.is_quiet else None,
    }
