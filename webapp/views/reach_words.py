"""How people are reached, as a shape, a word and a sentence; and as the API tells it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.formats import listed, one_of, row
from webapp.models import Person, Run
from webapp.rules.moment_words import clock_words, day_words
from webapp.rules.sentences import N_
from webapp.services import reachability
from webapp.services.reachability import CutOff, Reachability
from webapp.words import gettext as _
from webapp.words import ngettext, translated

# Shape and word of each state; the colour belongs to the shape.
SIGNALS = {
    "works": ("works", N_("Reached")),
    "unconfirmed": ("unknown", N_("Not tried yet")),
    "refused": ("failed", N_("Not reached")),
    "other_only": ("failed", N_("No device")),
    "no_device": ("failed", N_("No device")),
    "left": ("unknown", N_("Left")),
}
# So many people are all named in one sentence.
MOST_NAMED = 3
MEND_MINE = N_("Press “Tell me when something becomes mine” at the end of this page.")


def shown(how: Reachability) -> dict[str, Any]:
    """Return what a page shows of how one person is reached."""
    shape, word = SIGNALS[how.state]
    return {
        "shape": shape,
        "word": _(word),
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
        | {"names": listed([person.name for person in group])}
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
    if how.state == "other_only":
        return _(
            "%(names)s are told by e-mail or another channel only. Ask each of them to open Baton"
            " on their phone and press “Tell me when something becomes mine”.",
            names=listed(names),
        )
    return _(
        "No device tells %(names)s anything. Ask each of them to open Baton on their phone and"
        " press “Tell me when something becomes mine”.",
        names=one_of(names),
    )


def rows(session: Session, person: Person, moment: datetime) -> list[dict[str, Any]]:
    """Return the one row of the inbox about people whom nothing would tell of the next day's runs.

    Its `parts` name each of them, their runs, and the way to mend it. No row when there are none.
    """
    found = reachability.cut_off_soon(session, person, moment)
    if not found:
        return []
    runs = {run.id: run for each in found for run in each.runs}
    first = min(runs.values(), key=lambda run: (run.deadline_at, run.id))
    zone = first.location.time_zone
    parts = [_part(each, person, moment) for each in found]
    alone = len(found) == 1
    return [
        {
            "kind": "unreachable",
            "need": False,
            "at": first.deadline_at,
            "day": day_words(first.deadline_at, moment, zone),
            "zone": zone,
            "sentence": _(
                "No phone would tell %(who)s about %(which)s.",
                who=_who(found, person),
                which=_which(list(runs.values()), moment),
            ),
            "signal": shown(found[0].how) if alone else None,
            "detail": parts[0]["detail"] if alone else "",
            "url": parts[0]["url"] if alone else url_for("people.people"),
            "parts": [] if alone else parts,
            "parts_lead": _("Who, and how to mend it"),
            "try_again": None,
        }
    ]


def _who(found: list[CutOff], asking: Person) -> str:
    """Return "Sam and you", "Sam, Lin and 5 others"."""
    names = [_("you") if each.person.id == asking.id else each.person.name for each in found]
    if len(names) <= MOST_NAMED:
        return listed(names)
    return ngettext(
        "%(names)s and %(num)s other",
        "%(names)s and %(num)s others",
        len(names) - 2,
        names=row(*names[:2]),
    )


def _which(runs: list[Run], moment: datetime) -> str:
    """Return the run with its time, or how many runs and on which days."""
    if len(runs) == 1:
        (run,) = runs
        due = clock_words(run.deadline_at, moment, run.location.time_zone)
        return _(
            "%(process)s at %(location)s, due at %(due)s",
            process=run.process.name,
            location=run.location.name,
            due=due,
        )
    ordered = sorted(runs, key=lambda run: run.deadline_at)
    days = [day_words(run.deadline_at, moment, run.location.time_zone) for run in ordered]
    said = [translated(day) if day else _("today") for day in days]
    # Translators: %(days)s is like “today and tomorrow”.
    return ngettext(
        "%(num)s run %(days)s",
        "%(num)s runs %(days)s",
        len(runs),
        days=listed(list(dict.fromkeys(said))),
    )


def _part(each: CutOff, asking: Person, moment: datetime) -> dict[str, Any]:
    is_mine = each.person.id == asking.id
    way = _way(each, is_mine)
    return {
        "sentence": _("You") if is_mine else each.person.name,
        "runs": _runs_words(each, moment),
        "signal": shown(each.how),
        "detail": _(MEND_MINE) if is_mine else each.how.sentence,
        **way,
    }


def _runs_words(each: CutOff, moment: datetime) -> str:
    first, *others = each.runs
    which = _which([first], moment)
    if not others:
        return f"{which}."
    return ngettext(
        "%(which)s and %(num)s more run.",
        "%(which)s and %(num)s more runs.",
        len(others),
        which=which,
    )


def _way(each: CutOff, is_mine: bool) -> dict[str, str | None]:
    """The way to mend it: the page's own button, a test message, a link, an invitation."""
    if is_mine:
        return {"url": "#messages", "word": _("Turn messages on"), "post": None}
    person = each.person
    where = url_for("people.people", _anchor=f"person-{person.id}")
    if each.how.state == "refused":
        post = url_for("reaching.test_message", person_id=person.id)
        return {"url": where, "word": _("Send a test message"), "post": post}
    word = _("Give a new link") if person.password_hash else _("Invite again")
    return {"url": where, "word": word, "post": None}
