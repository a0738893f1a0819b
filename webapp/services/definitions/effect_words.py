"""The effect of a change of a process on its planned runs, in sentences that can be translated."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from webapp.rules.deadline import format_clock
from webapp.rules.moment_words import date_words
from webapp.rules.proof_gate_words import NAMES
from webapp.rules.run_changes import Change
from webapp.rules.sentences import Forms, Sentence, n_, say, say_many
from webapp.services.definitions.effects import PlaceEffect

# One and several of each; %(when)s is a date, two of them, or a first and a last one.
_FORMS: dict[str, Forms] = {
    "gone": n_(
        "%(num)s run will not take place: %(when)s.",
        "%(num)s runs will not take place: %(when)s.",
    ),
    "added": n_(
        "%(num)s run is planned, due at %(time)s: %(when)s.",
        "%(num)s runs are planned, due at %(time)s: %(when)s.",
    ),
    "due": n_(
        "%(num)s run is due at %(new)s instead of %(old)s: %(when)s.",
        "%(num)s runs are due at %(new)s instead of %(old)s: %(when)s.",
    ),
    "opens": n_(
        "%(num)s run opens at %(new)s instead of %(old)s: %(when)s.",
        "%(num)s runs open at %(new)s instead of %(old)s: %(when)s.",
    ),
    "step_removed": n_(
        "%(num)s run loses the step “%(title)s” (%(proof)s): %(when)s.",
        "%(num)s runs lose the step “%(title)s” (%(proof)s): %(when)s.",
    ),
    "step_added": n_(
        "%(num)s run gets the step “%(title)s” (%(proof)s): %(when)s.",
        "%(num)s runs get the step “%(title)s” (%(proof)s): %(when)s.",
    ),
    "proof": n_(
        "In %(num)s run “%(title)s” closes with %(new)s instead of %(old)s: %(when)s.",
        "In %(num)s runs “%(title)s” closes with %(new)s instead of %(old)s: %(when)s.",
    ),
    "asked": n_(
        "In %(num)s run something else is asked of “%(title)s”: %(when)s.",
        "In %(num)s runs something else is asked of “%(title)s”: %(when)s.",
    ),
    "title": n_(
        "In %(num)s run “%(old)s” is called “%(new)s”: %(when)s.",
        "In %(num)s runs “%(old)s” is called “%(new)s”: %(when)s.",
    ),
    "shown": n_(
        "In %(num)s run “%(title)s” is explained in another way: %(when)s.",
        "In %(num)s runs “%(title)s” is explained in another way: %(when)s.",
    ),
    "order": n_(
        "%(num)s run has its steps in another order: %(when)s.",
        "%(num)s runs have their steps in another order: %(when)s.",
    ),
    "holder": n_(
        "%(num)s step gets a new holder, %(new)s instead of %(old)s: %(when)s.",
        "%(num)s steps get a new holder, %(new)s instead of %(old)s: %(when)s.",
    ),
    "chain": n_(
        "%(num)s run is handed on in another way when it is missed: %(when)s.",
        "%(num)s runs are handed on in another way when they are missed: %(when)s.",
    ),
    "review": n_(
        "The proofs of %(num)s run are reviewed in another way: %(when)s.",
        "The proofs of %(num)s runs are reviewed in another way: %(when)s.",
    ),
    "reminding": n_(
        "%(num)s run reminds, or waits to reach somebody, in another way: %(when)s.",
        "%(num)s runs remind, or wait to reach somebody, in another way: %(when)s.",
    ),
    "stays": n_(
        "%(num)s run that has begun stays as it is, on version %(version)s: %(when)s.",
        "%(num)s runs that have begun stay as they are, on version %(version)s: %(when)s.",
    ),
}
_NAMES: dict[str, tuple[str, ...]] = {
    "added": ("time",),
    "due": ("old", "new"),
    "opens": ("old", "new"),
    "step_removed": ("title", "proof"),
    "step_added": ("title", "proof"),
    "proof": ("title", "old", "new"),
    "asked": ("title",),
    "title": ("old", "new"),
    "shown": ("title",),
    "holder": ("old", "new"),
    "stays": ("version",),
}


def sentences(effect: PlaceEffect) -> list[Sentence]:
    """Return one sentence for each kind of change."""
    return [_sentence(change, effect.today) for change in effect.changes]


def at_places(names: Sequence[str]) -> str:
    """Return where it happens: "Downtown", "Downtown and Riverside", "Downtown and 4 more"."""
    first, *others = names
    if not others:
        return first
    if len(others) == 1:
        return say("%(first)s and %(last)s", first=first, last=others[0])
    return say_many(
        "%(first)s and %(num)s more location",
        "%(first)s and %(num)s more locations",
        len(others),
        first=first,
    )


def _sentence(change: Change, today: date) -> Sentence:
    names = _NAMES.get(change.kind, ())
    said = {name: _said(value) for name, value in zip(names, change.values, strict=False)}
    if change.kind in ("step_removed", "step_added"):
        said["proof"] = say(NAMES[change.values[1]])
    elif change.kind == "proof":
        said |= {"old": say(NAMES[change.values[1]]), "new": say(NAMES[change.values[2]])}
    return say_many(*_FORMS[change.kind], change.count, when=_when(change.days, today), **said)


def _said(value: Any) -> Any:
    if isinstance(value, time):
        return format_clock(value)
    return _opening(*value) if isinstance(value, tuple) else value


def _opening(days_before: int, at: time) -> str:
    if not days_before:
        return format_clock(at)
    # Translators: “06:30, 2 days before”: when a run opens, counted from the day it is due.
    return say_many(
        "%(time)s, %(num)s day before",
        "%(time)s, %(num)s days before",
        days_before,
        time=format_clock(at),
    )


def _when(days: Sequence[date], today: date) -> str:
    first, last = _day(days[0], today), _day(days[-1], today)
    if len(days) == 1:
        return first
    if len(days) == 2:
        return say("%(first)s and %(last)s", first=first, last=last)
    # Translators: from a first day to a last one: “tomorrow to Monday 30 November”.
    return say("%(first)s to %(last)s", first=first, last=last)


def _day(day: date, today: date) -> str:
    if day == today:
        return say("today")
    if day == today + timedelta(days=1):
        return say("tomorrow")
    return date_words(day, today)
