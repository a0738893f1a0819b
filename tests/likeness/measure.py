"""How many changed photos are recognised, and how many true new ones are taken for changed ones.

    python -m tests.likeness.measure [scenes] [first seed]

Every scene is drawn, photographed, and handed in again after each change; and it is photographed
anew. Two figures per kind: recognised when laid over its original (as the step's own photos are),
and found by fingerprint among all photos of the organisation.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image

from tests.likeness.changes import all_kinds, changed
from tests.likeness.scenes import Scene, Shot, jpeg, new_shot, photo, scene, still_shot
from webapp.rules.likeness import (
    ALIKE,
    NEAR_BITS,
    TURNS,
    UPRIGHT,
    Turn,
    bands,
    bands_near,
    bits_apart,
    fingerprint,
)
from webapp.services import pictures
from webapp.services.picture_match import Pattern, distance

NEW_SHOTS: dict[str, Callable[[Scene, int], Shot]] = {
    "new, on a bracket, nothing moved": lambda _of, seed: still_shot(seed),
    "new, on a bracket": lambda of, seed: new_shot(seed, 0, len(of.things)),
    "new, by a careful hand": lambda of, seed: new_shot(seed, 0.5, len(of.things)),
    "new, by hand": lambda of, seed: new_shot(seed, 1, len(of.things)),
    "new, by any hand": lambda of, seed: new_shot(seed, 2, len(of.things)),
}


@dataclass(frozen=True)
class Outcome:
    """One pair: how far apart, and whether the fingerprint leads from one to the other."""

    distance: int
    is_found: bool

    @property
    def is_recognised(self) -> bool:
        return self.distance <= ALIKE


def pattern_of(picture: Image.Image) -> Pattern:
    """As Baton keeps it: from the thumbnail of what was sent."""
    thumb = pictures.SIZES["thumb"]
    with Image.open(BytesIO(jpeg(picture, 90))) as sent:
        small = sent.convert("RGB")
    small.thumbnail(pictures.SIZES["page"])
    small.thumbnail(thumb)
    return Pattern(pictures.picture_match.grid_of(small))


def compared(new: Pattern, old: Pattern) -> Outcome:
    """Compare as the proof gate does; a turned one is laid as its fingerprint says."""
    turn, is_found = _looked_up(new, old)
    return Outcome(distance(new.turned(turn), old), is_found)


def _looked_up(new: Pattern, old: Pattern) -> tuple[Turn, bool]:
    kept = {fingerprint(old.spectrum), fingerprint(old.spectrum_of_middle)}
    found = []
    for turn in TURNS:
        mine = fingerprint(new.spectrum, turn)
        probes = set(bands_near(mine) if turn == UPRIGHT else bands(mine))
        for other in kept:
            apart = bits_apart(mine, other)
            if apart <= NEAR_BITS and probes.intersection(bands(other)):
                found.append((apart, turn != UPRIGHT, turn))
    best = min(found, key=lambda each: each[:2], default=(0, False, UPRIGHT))
    return best[2], bool(found)


@cache
def original(seed: int) -> Image.Image:
    """The first photo of the scene."""
    return photo(scene(seed), Shot(seed=seed))


@cache
def original_pattern(seed: int) -> Pattern:
    """What is kept of it."""
    return pattern_of(original(seed))


def handed_in_again(kind: str, seeds: range) -> Iterator[Outcome]:
    """The outcome of each scene's photo against itself after the change."""
    for seed in seeds:
        after = changed(original(seed), kind, seed)
        yield compared(pattern_of(after), original_pattern(seed))


def taken_anew(kind: str, seeds: range) -> Iterator[Outcome]:
    """The outcome of each scene's photo against a true new one."""
    for seed in seeds:
        of = scene(seed)
        again = photo(of, NEW_SHOTS[kind](of, 7_000 + seed))
        yield compared(pattern_of(again), original_pattern(seed))


def of_others(seeds: range) -> Iterator[Outcome]:
    """The outcome of each pair of different scenes."""
    patterns = [original_pattern(seed) for seed in seeds]
    for number, new in enumerate(patterns):
        for old in patterns[:number]:
            yield compared(new, old)


def row(name: str, outcomes: Iterator[Outcome]) -> str:
    """One line of the table, in Markdown."""
    all_of = list(outcomes)
    apart = sorted(each.distance for each in all_of)
    recognised = 100 * sum(each.is_recognised for each in all_of) / len(all_of)
    found = 100 * sum(each.is_recognised and each.is_found for each in all_of) / len(all_of)
    middle, most = apart[len(apart) // 2], apart[-1]
    return f"| {name} | {recognised:.0f} % | {found:.0f} % | {apart[0]} | {middle} | {most} |"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Print the table."""
    count, first = map(int, [*sys.argv[1:], "60", "1000"][:2])
    seeds = range(first, first + count)
    _say("| kind | recognised | found by fingerprint | least | middle | most |")
    _say("|---|---|---|---|---|---|")
    for kind in all_kinds():
        _say(row(kind, handed_in_again(kind, seeds)))
    for kind in NEW_SHOTS:
        _say(row(kind, taken_anew(kind, seeds)))
    _say(row("another scene", of_others(seeds)))


if __name__ == "__main__":
    main()
