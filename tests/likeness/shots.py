"""A few photos for tests of what Baton makes of them, as JPEG files."""

from functools import cache

from tests.likeness.changes import changed
from tests.likeness.scenes import jpeg, new_shot, photo, scene, still_shot

FRIDGE = 101
PLAYGROUND = 5


@cache
def on_a_bracket(day: int, of: int = FRIDGE) -> bytes:
    """What a camera that never moves takes on that day: all look alike."""
    return jpeg(photo(scene(of), still_shot(day)))


@cache
def by_hand(day: int, of: int = FRIDGE) -> bytes:
    """A true new photo of the scene."""
    return jpeg(photo(scene(of), new_shot(day, 1, len(scene(of).things))))


@cache
def handed_in_again(kind: str, of: int = FRIDGE) -> bytes:
    """The photo of day 0 by hand, after a change of that kind."""
    first = photo(scene(of), new_shot(0, 1, len(scene(of).things)))
    return jpeg(changed(first, kind, 1))


@cache
def encoded_again(day: int) -> bytes:
    """The same picture in other bytes."""
    return jpeg(changed(photo(scene(FRIDGE), still_shot(day)), "encoded again, quality 90", 1))
