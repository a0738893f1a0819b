"""Every kind of signal over every scope: places first, people second, corrected for many looks.

The chance of each is held against a thousandth, divided by the looks of its kind at this process
on this night (Bonferroni): at most one process in a thousand shows a kind by accident on a night.
Nights look at nearly the same four weeks again, so a month of them is a few looks more, not thirty.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import ModuleType
from typing import NamedTuple

from webapp.rules.signals import burst, deadline, digits, pace, regular, same, two_pins
from webapp.rules.signals.exact import fisher
from webapp.rules.signals.facts import Found, Piece, Scope, Seen, Turn

CHANCE = 0.001
# Fewer than these are small numbers: nothing is said of them.
FEWEST_HERE, FEWEST_THERE = 8, 10
# A place is held against so many others at most, so that fifty places take no fiftyfold work.
MOST_PLACES = 6
# The order says what explains what: a burst is no news of its pace, nor of the deadline.
MODULES: tuple[ModuleType, ...] = (burst, deadline, pace, same, regular, digits)
KINDS = (*(module.KIND for module in MODULES), two_pins.KIND)
EXPLAINED_BY = {"deadline": ("burst",), "pace": ("burst", "deadline"), "regular": ("same",)}
EXPLAINED_BY |= {"digits": ("same", "regular")}


class Look(NamedTuple):
    """One thing seen of one scope."""

    scope: Scope
    step: str | None
    seen: Seen


def found(pieces: Sequence[Piece], turns: Sequence[Turn], since: datetime) -> list[Found]:
    """Return the signals of one process in what came since then; what is older is history.

    Digits are many before they say anything: of them the history counts too.
    `pieces` are those of all its places, `turns` those at the kiosks there.
    """
    scopes = list(_scopes(pieces, since))
    whole = list(_scopes(pieces, datetime.min.replace(tzinfo=UTC)))
    signals: list[Found] = []
    for module in MODULES:
        looked_at = whole if module is digits else scopes
        looks = [Look(scope, *each) for scope in looked_at for each in module.look(scope)]
        new = _standing_out(module, looks)
        signals += [each for each in new if not _is_explained(each, signals)]
    return signals + list(_two_pins(pieces, turns, since))


def _scopes(pieces: Sequence[Piece], since: datetime) -> Iterator[Scope]:
    """Each place against elsewhere and against earlier days, then each person against others.

    Against the others of these weeks, and of all 90 days, which tell more of what is seldom.
    """
    recent = [piece for piece in pieces if piece.at >= since]
    earlier = _by((piece for piece in pieces if piece.at < since), lambda piece: piece.place)
    places = _by(recent, lambda piece: piece.place)
    for place, here in places.items():
        yield Scope(place, None, here, _elsewhere(place, places), "elsewhere")
        yield Scope(place, None, here, earlier.get(place, []), "earlier")
        before = earlier.get(place, [])
        for person, theirs in _by(here, lambda piece: piece.person).items():
            others = [piece for piece in here if piece.person != person]
            longer = [piece for piece in before if piece.person != person]
            yield Scope(place, person, theirs, others, "others")
            yield Scope(place, person, theirs, [*longer, *others], "usual")


def _elsewhere(place: str, places: Mapping[str, list[Piece]]) -> list[Piece]:
    """What came from those that follow in order: more than a few places tell nothing more."""
    names = sorted(places)
    after = names.index(place) + 1
    others = [*names[after:], *names[: after - 1]][:MOST_PLACES]
    return [piece for other in others for piece in places[other]]


def _by(pieces: Iterable[Piece], key: Callable[[Piece], str]) -> dict[str, list[Piece]]:
    groups: dict[str, list[Piece]] = {}
    for piece in pieces:
        groups.setdefault(key(piece), []).append(piece)
    return groups


def _standing_out(module: ModuleType, looks: Sequence[Look]) -> list[Found]:
    """The clearest of each scope and step."""
    judged = [(_chance(each.seen), each) for each in looks if _enough(each.seen)]
    now = {_what(each) for each in looks if each.scope.against == "others" and _stands(each)}
    signals: dict[tuple[str, str | None, str | None], Found] = {}
    for chance, each in sorted(judged, key=lambda pair: pair[0]):
        is_known = each.scope.against != "usual" or _what(each) in now
        if chance <= CHANCE / len(judged) and is_known and _matters(each.seen):
            key = each.scope.place, each.scope.person, each.step
            signals.setdefault(key, _as_found(module.KIND, each, chance))
    return list(signals.values())


def _stands(look: Look) -> bool:
    """Whether it is so against what the others do now: else it is said of the place alone."""
    return _enough(look.seen) and _matters(look.seen)


def _what(look: Look) -> tuple[object, ...]:
    """Of whom and what it is said, whatever it is held against."""
    return look.scope.place, look.scope.person, look.step, look.seen.facts.get("what")


def _enough(seen: Seen) -> bool:
    return seen.here.of >= FEWEST_HERE and (seen.p is not None or seen.there.of >= FEWEST_THERE)


def _chance(seen: Seen) -> float:
    return fisher(*seen.here, *seen.there) if seen.p is None else seen.p


def _matters(seen: Seen) -> bool:
    return seen.here.rate >= seen.least and seen.here.rate >= seen.times * seen.there.rate


def _as_found(kind: str, look: Look, chance: float) -> Found:
    scope, seen = look.scope, look.seen
    facts = {"hits": seen.here.hits, "of": seen.here.of, "against": scope.against}
    if seen.p is None:
        facts |= {"there_hits": seen.there.hits, "there_of": seen.there.of}
    facts |= seen.facts | {"chance": f"{chance:.1g}"}
    return Found(kind, scope.place, look.step, scope.person, facts)


def _is_explained(signal: Found, signals: Iterable[Found]) -> bool:
    by = EXPLAINED_BY.get(signal.kind, ())
    return any(
        each.kind in by
        and each.place == signal.place
        and each.person in (None, signal.person)
        and (each.step is None or signal.step is None or each.step == signal.step)
        for each in signals
    )


def _two_pins(pieces: Sequence[Piece], turns: Sequence[Turn], since: datetime) -> Iterator[Found]:
    """A signal of the place, and one of each of the two, who are both concerned."""
    recent = [piece for piece in pieces if piece.at >= since]
    for place, here in _by(recent, lambda piece: piece.place).items():
        close = two_pins.pairs(here, [turn for turn in turns if turn.started_at >= since])
        for pair in close:
            if pair.p <= CHANCE / len(close):
                facts = {"hits": pair.hits, "of": pair.of, "chance": f"{pair.p:.1g}"}
                facts |= {"seconds": int(two_pins.SECONDS.total_seconds())}
                yield Found(two_pins.KIND, place, None, None, facts)
                both = facts | {"first": pair.first, "second": pair.second}
                yield from (Found(two_pins.KIND, place, None, who, both) for who in pair[:2])
