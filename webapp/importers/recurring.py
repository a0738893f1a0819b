"""Is it recurring work, or does it come up once?"""

import re

from webapp.importers import words
from webapp.importers.evidence import gap_words
from webapp.importers.families import steps_of
from webapp.importers.groups import Group
from webapp.importers.repeats import Pattern
from webapp.importers.words import Said
from webapp.rules.sentences import N_, say, say_many

ENOUGH_STEPS = 3

_TEMPLATE = re.compile(
    r"(?i)\b(?:templates?|sops?|checklists?|routines?|playbooks?|runbooks?|procedures?|recurring)\b"
)
ONCE = N_("It comes up once, and nothing in its words says that it recurs. Keep it there.")


def is_recurring(group: Group, said: Said | None, pattern: Pattern, is_counted: bool) -> bool:
    """Whether anything says so; `is_counted`: its titles count their periods."""
    if pattern.rrule or is_counted or (said and _says_enough(said, group)):
        return True
    if len(group.dates) > 2 or _is_template(group):
        return True
    times = any(kind in ("number", "day", "times") for kind, _text in group.changing)
    return len(group.items) > 2 and times


def _says_enough(said: Said, group: Group) -> bool:
    """A weekday alone is no cadence of one task, unless it is the name of its list."""
    if said.confidence != words.MAYBE or len(group.items) > 1:
        return True
    return said.where == words.LIST_NAME and (
        group.latest.group.strip().casefold()
        in (said.phrase.casefold(), f"{said.phrase}s".casefold())
        and len(said.phrase) > 4
    )


def _is_template(group: Group) -> bool:
    """Something to be done again and again that has no date: a template or a checklist."""
    latest = group.latest
    if latest.is_template:
        return True
    if words.MEANT_AGAIN.search(latest.group) and (latest.has_checklist or not latest.due):
        return True
    count = len(steps_of(latest))
    named = _TEMPLATE.search(latest.title) or words.MEANT_AGAIN.search(latest.place)
    if count >= ENOUGH_STEPS and named:
        return True
    return count >= ENOUGH_STEPS and latest.has_checklist and not latest.due


def why_once(group: Group, pattern: Pattern) -> str:
    """Why nothing does."""
    n = len(group.items)
    if n == 1 and group.latest.has_checklist and not group.latest.due:
        return say(
            "It comes up once, and has fewer than %(most)s steps to be a checklist.",
            most=ENOUGH_STEPS,
        )
    if n == 1:
        return ONCE
    if pattern.gaps:
        return say_many(
            "It comes up %(num)s time, %(gaps)s: that is no pattern yet.",
            "It comes up %(num)s times, %(gaps)s: that is no pattern yet.",
            n,
            gaps=gap_words(pattern.gaps),
        )
    return say_many(
        "It comes up %(num)s time, on one date: that shows no pattern.",
        "It comes up %(num)s times, on one date: that shows no pattern.",
        n,
    )
