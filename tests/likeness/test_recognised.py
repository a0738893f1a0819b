"""A photo is recognised however it was changed, and a true new one is not taken for it.

A small part of the set; `python -m tests.likeness.measure` does all of it and prints the figures.
"""

import pytest

from tests.likeness.measure import (
    handed_in_again,
    of_others,
    original,
    taken_anew,
)
from tests.likeness.scenes import jpeg, photo, scene, still_shot
from webapp.rules.likeness import ALIKE, MUCH_CLOSER, SAME_PIXELS
from webapp.services.picture_match import grid_of

SEEDS = range(1000, 1004)
ALWAYS = (
    "encoded again, quality 30",
    "half as large",
    "brighter by 30 %",
    "cut by 5 %",
    "turned by 3°",
    "turned by 90°",
    "mirrored",
)
OF_ITS_OWN_STEP = ("cut by 15 %", "turned by 5°", "screenshot with bars")


@pytest.mark.parametrize("kind", [*ALWAYS, *OF_ITS_OWN_STEP])
def test_a_photo_is_recognised_however_it_was_changed(kind):
    outcomes = list(handed_in_again(kind, SEEDS))
    assert [each.is_recognised for each in outcomes] == [True] * len(SEEDS)


@pytest.mark.parametrize("kind", ALWAYS)
def test_what_was_changed_a_little_is_found_among_all_photos_by_its_fingerprint(kind):
    assert all(each.is_found for each in handed_in_again(kind, SEEDS))


def test_true_new_photos_by_hand_are_not_taken_for_earlier_ones():
    outcomes = [*taken_anew("new, by hand", SEEDS), *taken_anew("new, by any hand", SEEDS)]
    assert not any(each.is_recognised for each in outcomes)


def test_other_scenes_are_far_beyond_the_threshold():
    assert min(each.distance for each in of_others(SEEDS)) > 5 * ALIKE


def test_a_copy_is_told_from_what_a_camera_on_a_bracket_takes():
    copies = [each.distance for each in handed_in_again("encoded again, quality 90", SEEDS)]
    anew = [each.distance for each in taken_anew("new, on a bracket, nothing moved", SEEDS)]
    assert max(copies) <= SAME_PIXELS
    assert all(copy * MUCH_CLOSER <= new for copy, new in zip(copies, anew, strict=True))


def test_bars_around_a_picture_are_left_out():
    first = original(SEEDS[0])
    barred = first.copy()
    barred.paste((0, 0, 0), (0, 0, first.width, 60))
    inside = first.crop((0, 60, first.width, first.height))
    pairs = zip(grid_of(barred), grid_of(inside), strict=True)
    assert max(abs(one - other) for one, other in pairs) < 12


def test_the_set_is_the_same_each_time():
    again = photo(scene(SEEDS[0]), still_shot(1))
    assert jpeg(again) == jpeg(photo(scene(SEEDS[0]), still_shot(1)))
