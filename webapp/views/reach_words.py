"""How people are reached, as a shape, a word and a sentence; and as the API tells it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.models import Person
from webapp.rules.moment_words import clock_words, day_words
from webapp.services import reachability
from webapp.services.reachability import CutOff, Reachability

# Shape and word of each state; the colour belongs to the shape.
SIGNALS = {
    "works": ("works", "Reached"),
    "unconfirmed": ("unknown", "Not tried yet"),
    "refused": ("failed", "Not reached"),
    "other_only": ("failed", "No device"),
    "no_device": ("failed", "No device"),
    "left": ("unknown", "Left"),
}


def shown(how: Reachability) -> dict[str, Any]:
    """Return what a page shows of how one person is reached."""
    shape, word = SIGNALS[how.state]
    return {
        "shape": shape,
        "word": word,
        "sentence": how.sentence,
    }


def reach_json(how: Reachability) -> dict[str, Any]:
    """Return how one person is reached, for the API."""
    return {
        "works": how.works,
        "state": how.state,
        "since": how.since,
        "words": how.sentence,
    }


def without_device(
    chain: Iterable[Person], hows: Mapping[str, Reachability]
) -> list[dict[str, Any]]:
    """Return what to show of those in the chain whom no device tells, each once."""
    once = {person.id: person.name for person in chain}
    return [
        shown(hows[each]) | {"name": name} for each, name in once.items() if hows[each].lacks_device
    ]


def rows(session: Session, person: Person, moment: datetime) -> list[dict[str, Any]]:
    """Return the rows of the inbox about people whom nothing would tell of the next day's runs."""
    return [
        _row(each, person, moment) for each in reachability.cut_off_soon(session, person, moment)
    ]


def _row(each: CutOff, asking: Person, moment: datetime) -> dict[str, Any]:
    first, *others = each.runs
    zone = first.location.time_zone
    due = clock_words(first.deadline_at, moment, zone)
    runs = "1 more run" if len(others) == 1 else f"{len(others)} more runs"
    more = f", nor about {runs}" if others else ""
    who = "you" if each.person.id == asking.id else each.person.name
    return {
        "kind": "unreachable",
        "need": False,
        "signal": shown(each.how),
        "at": first.deadline_at,
        "day": day_words(first.deadline_at, moment, zone),
        "zone": zone,
        "sentence": f"Nothing would tell {who} about {first.process.name} at "
        f"{first.location.name}, due at {due}{more}.",
        "detail": _mend(each, who),
        "url": url_for("people.people", _anchor=f"person-{each.person.id}"),
        "try_again": None,
    }


def _mend(each: CutOff, who: str) -> str:
    if who == "you":
        return "Press “Tell me when something becomes mine” at the end of this page."
    return each.how.sentence
