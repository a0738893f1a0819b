"""Chains that dead-end in the days ahead, each as a sentence and what to do about it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from webapp.formats import listed, one_of
from webapp.models import Person, Process, Run
from webapp.rules.moment_words import clock_words
from webapp.services.dead_ends import Ahead
from webapp.words import gettext as _
from webapp.words import ngettext

Said = tuple[str, str]


def sentences(ahead: Ahead, asking: Person, now: datetime) -> list[str]:
    """Return what dead-ends as sentences alone, the next first."""
    said = [both_away(runs, now) for runs in by_chain(ahead.both_away)]
    if ahead.owner_only:
        said.append(owner_only(ahead.owner_only, asking))
    if ahead.no_phone:
        said.append(no_phone(ahead.no_phone))
    return [sentence for sentence, _detail in said]


def by_chain(both_away: Sequence[Run]) -> list[list[Run]]:
    """Return the runs of each process and location together, the next first."""
    runs = sorted(both_away, key=lambda run: (run.process_id, run.location_id))
    grouped = groupby(runs, key=lambda run: (run.process_id, run.location_id))
    return sorted((list(group) for _key, group in grouped), key=lambda group: group[0].deadline_at)


def both_away(runs: list[Run], now: datetime) -> Said:
    """Say of runs of one chain that the first two of it are away."""
    first, *others = runs
    zone, chain = first.location.time_zone, first.step_runs[0].chain
    values = {
        "names": listed([chain[0]["name"], chain[1]["name"]]),
        "process": first.process.name,
        "location": first.location.name,
        "due": clock_words(first.deadline_at, now, zone),
    }
    if others:
        sentence = ngettext(
            "%(names)s are both away for %(process)s at %(location)s, due at %(due)s, and"
            " %(num)s more run.",
            "%(names)s are both away for %(process)s at %(location)s, due at %(due)s, and"
            " %(num)s more runs.",
            len(others),
            **values,
        )
    else:
        sentence = _(
            "%(names)s are both away for %(process)s at %(location)s, due at %(due)s.", **values
        )
    detail = _(
        "%(name)s holds it from the start. Name somebody else if that is too thin.",
        name=chain[2]["name"],
    )
    return sentence, detail


def owner_only(found: Sequence[tuple[Process, Person]], asking: Person) -> Said:
    """Say of processes that only the owner stands behind whoever is responsible."""
    names = _processes([process.name for process, _person in found[:3]], len(found), listed)
    whom = found[0][1].name if len(found) == 1 else _("the responsible person")
    if asking.role == "owner":
        sentence = _("Only you stand behind %(whom)s in %(names)s.", whom=whom, names=names)
    else:
        sentence = _("Only the owner stands behind %(whom)s in %(names)s.", whom=whom, names=names)
    return sentence, _("Name a backup.")


def no_phone(found: Sequence[Process]) -> Said:
    """Say of processes that nobody in their chain has a device that takes messages."""
    which = _processes([process.name for process in found[:3]], len(found), one_of)
    sentence = _("Nobody in the chain of %(which)s has a device that takes messages.", which=which)
    detail = _(
        "What is missed there moves on without a sound. One phone that works is a beginning."
    )
    return sentence, detail


def _processes(names: list[str], count: int, joined: Callable[[list[str]], str]) -> str:
    if count > len(names):
        return ngettext("%(num)s process", "%(num)s processes", count)
    return joined(names)
