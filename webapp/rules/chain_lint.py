"""Chain lint: what in a definition may let work slip although it can be saved.

Each rule gives its findings for plain facts. What keeps a definition from being saved is the
business of `rules.chain` and `services.definitions.check`, and of nothing here.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from webapp.rules.lint_facts import Facts, Finding, Link, Station
from webapp.rules.lint_load import too_much_at_once
from webapp.rules.lint_times import times
from webapp.rules.moment_words import span_words
from webapp.rules.sentences import N_, listed, say, say_many

# How far ahead absences, closures and other processes are looked at.
AHEAD = timedelta(days=30)
# So many spans of days are named one by one.
MOST_SPANS = 3
WORDS_ALONE = frozenset(("note",))


def warnings(facts: Facts) -> list[Finding]:
    """Everything worth a look, the people of the chain first; empty for a healthy definition."""
    return [
        *_owners(facts),
        *_both_gone(facts),
        *_unreached(facts),
        *_from_elsewhere(facts),
        *times(facts),
        *too_much_at_once(facts),
        *_words_alone(facts),
    ]


def _owners(facts: Facts) -> Iterator[Finding]:
    """Stations at which the last resort stands before its turn."""
    assignee, owner = facts.station("assignee"), facts.station("owner")
    if assignee is None or owner is None or facts.station("backup") is None:
        return
    behind = [each for each in facts.chain if each.role in ("backup", "fallback")]
    others = [each for each in behind if each.person != owner.person]
    names = {"owner": owner.name, "name": assignee.name}
    if assignee.person == owner.person:
        if len(others) == 1:
            yield _comes_back(others[0], owner)
    elif not others:
        yield Finding(
            "owner_only_backup",
            "chain.backup",
            say("Nobody but %(owner)s, the owner, stands behind %(name)s.", **names),
            N_("Name a backup who is not the owner."),
        )
    elif len(others) < len(behind):
        yield _stands_twice(next(each for each in behind if each.person == owner.person))


def _comes_back(other: Station, owner: Station) -> Finding:
    return Finding(
        "owner_behind_owner",
        "chain.assignee",
        say(
            "What %(owner)s misses, and %(name)s too, comes back to %(owner)s: the owner is"
            " responsible and the last resort.",
            owner=owner.name,
            name=other.name,
        ),
        N_("Name somebody else as responsible, or a final fallback."),
    )


def _stands_twice(station: Station) -> Finding:
    return Finding(
        "owner_twice",
        f"chain.{station.role}",
        say(
            "%(owner)s stands in the chain twice, before the end and as the last resort.",
            owner=station.name,
        ),
        N_("Name somebody else there, or leave the final fallback out."),
    )


def _both_gone(facts: Facts) -> Iterator[Finding]:
    """Days on which it is due and neither the responsible person nor the backup is there."""
    assignee, backup = facts.station("assignee"), facts.station("backup")
    if assignee is None or backup is None or assignee.person == backup.person:
        return
    due = sorted({moment.date() for place in facts.places for moment in place.dues})
    gone = (assignee.gone & backup.gone).intersection(due)
    if not gone:
        return
    later = [each for each in facts.chain if each.role in ("fallback", "owner")]
    begins = next((each for each in later if not each.gone & gone), later[-1])
    values = {
        "names": listed([assignee.name, backup.name]),
        "days": _days_words(due, gone, facts.today),
        "begins": begins.name,
    }
    sentence = say(
        "%(names)s are both away or off when it is due on %(days)s. It begins with %(begins)s"
        " then.",
        **values,
    )
    if too := begins.gone & gone:
        sentence = say(
            "%(names)s are both away or off when it is due on %(days)s. It begins with %(begins)s"
            " then, who is away too on %(too)s.",
            too=_days_words(due, too, facts.today),
            **values,
        )
    yield Finding(
        "both_away",
        "chain.backup",
        sentence,
        N_("Name a backup who is there on these days, or move one of the absences."),
        Link("away", backup.person),
    )


def _days_words(due: list[date], gone: frozenset[date], today: date) -> str:
    """The due days among those: each run of them, with no other due day between, as one span."""
    runs = groupby(due, key=lambda day: day in gone)
    spans = [list(days) for is_gone, days in runs if is_gone]
    words = listed([span_words(days[0], days[-1], today) for days in spans[:MOST_SPANS]])
    more = len(spans) - MOST_SPANS
    if more <= 0:
        return words
    return say_many(
        "%(days)s and %(num)s more time", "%(days)s and %(num)s more times", more, days=words
    )


def _unreached(facts: Facts) -> Iterator[Finding]:
    """A chain in which no device tells anybody, or not the one who takes over first."""
    backup = facts.station("backup")
    if backup is None:
        return
    if not any(each.has_device for each in facts.chain):
        yield Finding(
            "nobody_told",
            "chain",
            N_("Nobody in this chain has a device that takes messages."),
            N_(
                "One phone that works is a beginning: open Baton there and press “Tell me when"
                " something becomes mine”."
            ),
            Link("people"),
        )
    elif not backup.has_device:
        yield Finding(
            "backup_not_told",
            "chain.backup",
            say("No device tells %(name)s when a step becomes theirs.", name=backup.name),
            _ask(backup),
            Link("people"),
        )


def _ask(station: Station) -> str:
    if not station.has_joined:
        return say(
            "%(name)s has not joined yet. Give them a new invitation link.", name=station.name
        )
    return say(
        "Ask %(name)s to open Baton on their phone and press “Tell me when something"
        " becomes mine”.",
        name=station.name,
    )


def _from_elsewhere(facts: Facts) -> Iterator[Finding]:
    """Locations at which nobody works whom the chain names before the owner."""
    named = [each for each in facts.chain if each.role != "owner"]
    if facts.station("backup") is None:
        return
    for place in facts.places:
        if not any(each.works_at is None or place.id in each.works_at for each in named):
            names = listed(list(dict.fromkeys(each.name for each in named)))
            yield Finding(
                "nobody_works_there",
                "chain",
                say("None of %(names)s works at %(place)s.", names=names, place=place.name),
                say(
                    "Name somebody who works at %(place)s, or add it to one of them.",
                    place=place.name,
                ),
                Link("people"),
            )


def _words_alone(facts: Facts) -> Iterator[Finding]:
    if facts.proofs and WORDS_ALONE.issuperset(facts.proofs):
        yield Finding(
            "words_alone",
            "steps",
            N_("Every step closes with a note, so nobody sees that it is so."),
            N_("Ask for a photo, a number or a scan where it matters most."),
        )
