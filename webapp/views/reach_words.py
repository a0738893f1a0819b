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
    """Return what to show of those in the chain whom no device tells: what they share, once."""
    once = {person.id: person for person in chain if hows[person.id].lacks_device}
    return [
        shown(hows[group[0].id])
        | {"names": listed([person.name for person in group], "and")}
        | ({"sentence": _of_many(group, hows[group[0].id])} if group[1:] else {})
        for group in alike(once.values(), hows)
    ]


def alike(people: Iterable[Person], hows: Mapping[str, Reachability]) -> list[list[Person]]:
    """Group the people of whom the same can be said; who has not joined yet stands alone."""
    groups: dict[str, list[Person]] = {}
    for person in people:
        key = hows[person.id].state if person.password_hash else person.id
        groups.setdefault(key, []).append(person)
    return list(groups.values())


def said_together(people: Iterable[Person], hows: Mapping[str, Reachability]) -> dict[str, str]:
    """Return for whom the page says what to do together with others: the first has the words."""
    lacking = [person for person in people if hows[person.id].lacks_device]
    said: dict[str, str] = {}
    for group in alike(lacking, hows):
        if group[1:]:
            said |= {person.id: "" for person in group}
            said[group[0].id] = _of_many(group, hows[group[0].id])
    return said


def _of_many(people: list[Person], how: Reachability) -> str:
    names = [person.name for person in people]
    lead = f"No device tells {listed(names, 'or')} anything."
    if how.state == "other_only":
        lead = f"{listed(names, 'and')} are told by e-mail or another channel only."
    return (
        f"{lead} Ask each of them to open Baton on their phone and press “Tell me when something "
        "becomes mine”."
    )


def listed(names: list[str], last: str) -> str:
    """Return "Omar, Sam and Maya"; `last` is the word before the last name."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


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
