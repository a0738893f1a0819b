"""Whether a definition fits its locations: a reminder that can come, people who work there."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from webapp.models import Location, Person, ProcessVersion
from webapp.rules.deadline import wait_words
from webapp.rules.sentences import listed, say
from webapp.services.definitions.draft import ProcessDraft
from webapp.services.definitions.preview import next_windows


def faults(
    draft: ProcessDraft,
    places: Mapping[str, Location],
    now: datetime,
    current: ProcessVersion | None,
) -> dict[str, str]:
    """Return what is wrong by field: a reminder that comes at no location, ever."""
    if not draft.remind_minutes:
        return {}
    asked = timedelta(minutes=draft.remind_minutes)
    windows = [
        window for place in places.values() for window in next_windows(draft, place, now, current)
    ]
    longest = max(windows, default=None)
    if longest is None or asked < longest:
        return {}
    opens = wait_words(int(longest.total_seconds() // 60))
    return {
        "remind": say(
            "It opens %(opens)s before it is due, so a reminder %(wait)s before would"
            " never come. Remind later, or open it earlier.",
            opens=opens,
            wait=wait_words(draft.remind_minutes),
        )
    }


def works_elsewhere(version: ProcessVersion) -> list[str]:
    """Return a sentence for each person of the chain who does not work where it is done.

    They may be named all the same: a small business lends people. Owners, and people without
    any location, work everywhere.
    """
    people = {level.person.id: level.person for level in version.chain if level.person}
    found = ((each, _without(version.locations, each)) for each in people.values())
    return [
        say(
            "%(person)s works at %(names)s, not at %(missing)s.",
            person=person.name,
            names=_names(person.locations),
            missing=_names(missing),
        )
        for person, missing in found
        if missing
    ]


def _without(places: Iterable[Location], person: Person) -> list[Location]:
    if person.role == "owner" or not person.locations:
        return []
    return [place for place in places if place not in person.locations]


def _names(places: Iterable[Location]) -> str:
    return listed(sorted(place.name for place in places))
