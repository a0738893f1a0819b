"""Names as exports write them, set against the people who are known. Nobody is taken silently."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process, utils

from webapp.importers.drafts import Match
from webapp.importers.items import Item
from webapp.rules.sentences import N_, in_a_row, say, say_many

CLOSE_ENOUGH = 82
TOO_CLOSE = 4
RECENT = 5


class Known(NamedTuple):
    """Somebody who works here."""

    name: str
    email: str | None = None


class Holders(NamedTuple):
    """Who did it lately, and what is to be asked about them."""

    responsible: str | None
    backup: str | None
    questions: list[str]


def holders(items: Sequence[Item]) -> Holders:
    """Responsible: who was assigned first most often of the last five. Backup: the next of them.

    Two assigned together are responsible and backup in this order; who stood in at times, too.
    """
    recent = [names for item in items if (names := _named(item))][-RECENT:]
    firsts = Counter(names[0] for names in recent)
    if not firsts:
        return Holders(None, None, [N_("Which one person is responsible?")])
    responsible = _most(firsts, recent[-1])
    others = Counter(name for names in recent for name in names if name != responsible)
    if not others:
        asked = say("Who takes over when %(responsible)s cannot?", responsible=responsible)
        return Holders(responsible, None, [asked])
    together = Counter(n for names in recent if names[0] == responsible for n in names[1:2])
    backup = _most(together or others, recent[-1])
    why = _why_backup(responsible, backup, len(recent), together[backup], others[backup])
    asked = say(
        "Who takes over when neither %(responsible)s nor %(backup)s can?",
        responsible=responsible,
        backup=backup,
    )
    return Holders(responsible, backup, [why, asked, *_further(others, backup)])


def _most(counted: Counter[str], latest: Sequence[str]) -> str:
    """The most frequent; of those even, who has it now."""
    most = max(counted.values())
    even = [name for name, count in counted.items() if count == most]
    return next((name for name in latest if name in even), even[-1])


def _why_backup(responsible: str, backup: str, n: int, together: int, times: int) -> str:
    if together:
        return say(
            "%(responsible)s and %(backup)s are both assigned. Is %(backup)s the backup?",
            responsible=responsible,
            backup=backup,
        )
    return say(
        "%(backup)s did %(times)s of the last %(count)s. Is %(backup)s the backup of"
        " %(responsible)s?",
        backup=backup,
        times=times,
        count=n,
        responsible=responsible,
    )


def _further(others: Counter[str], backup: str) -> list[str]:
    names = [name for name in others if name != backup]
    if not names:
        return []
    asked = say_many(
        "Does %(names)s have a part in it too?",
        "Do %(names)s have a part in it too?",
        len(names[:4]),
        names=in_a_row(names[:4]),
    )
    return [asked]


def _named(item: Item) -> tuple[str, ...]:
    """Who is named on it, else on its steps; never the placeholder for somebody unknown."""
    if item.people:
        return item.people
    on_steps = [child.people[0] for child in item.children if child.people]
    on_steps += [step.person for step in item.steps if step.person]
    return tuple(name for name, _count in Counter(on_steps).most_common(2))


def matches(names: Iterable[str], known: Sequence[Known]) -> list[Match]:
    """Each name with the person that it may mean, or None."""
    return [_match(name, tuple(known)) for name in dict.fromkeys(names)]


@lru_cache(maxsize=4096)
def _match(written: str, known: tuple[Known, ...]) -> Match:
    plain = written.casefold()
    same = [
        each for each in known if plain in (each.name.casefold(), (each.email or "").casefold())
    ]
    if len(same) == 1:
        return {"written": written, "person": same[0].name, "sure": True}
    named = plain.partition("@")[0].replace(".", " ").replace("_", " ")
    scored = process.extract(
        named, [each.name for each in known], scorer=_likeness, limit=2, score_cutoff=CLOSE_ENOUGH
    )
    is_one = len(scored) == 1 or (len(scored) == 2 and scored[0][1] - scored[1][1] >= TOO_CLOSE)
    return {"written": written, "person": scored[0][0] if is_one else None, "sure": False}


def _likeness(one: str, two: str, **_how: object) -> float:
    """How alike two names are, from 0 to 100: in any order, and the first name alone."""
    first, second = utils.default_process(one), utils.default_process(two)
    if not first or not second:
        return 0
    short, long = sorted((first.split(), second.split()), key=len)
    if len(short) == 1 and len(long) > 1 and short[0] == long[0]:
        return 90
    if len(short) > 1 and short[0] == long[0] and _initial(short[-1], long[-1]):
        return 92
    return fuzz.token_sort_ratio(first, second)


def _initial(one: str, two: str) -> bool:
    return min(len(one), len(two)) == 1 and one[0] == two[0]
