"""What a change of a process does, for its pages and for the API."""

from itertools import accumulate
from typing import Any

from webapp.rules.run_changes import Change
from webapp.services.definitions import Effect
from webapp.services.definitions.effect_words import at_places, sentences
from webapp.services.definitions.effects import PlaceEffect
from webapp.words import spoken

# A cookie takes 4 kB, in which a letter of some languages takes six bytes before it is packed.
MOST_TOLD = 1200


def shown(effect: Effect) -> dict[str, Any]:
    """Return the effect in the words of whoever asks; `version` is None when nothing changes."""
    return {
        "version": effect.version,
        "differences": [spoken(each) for each in effect.differences],
        "places": [_place(each) for each in effect.places],
    }


def told(effect: Effect) -> list[dict[str, Any]]:
    """Return as much of its places as travels to the next page: whole sentences, the first ones."""
    room, places = MOST_TOLD, []
    for place in map(_place, effect.places):
        lengths = accumulate(map(len, place["sentences"]))
        fitting = [
            each for each, length in zip(place["sentences"], lengths, strict=True) if length <= room
        ]
        room -= sum(map(len, fitting))
        places += [place | {"sentences": fitting}] if fitting else []
    return places


def effect_json(effect: Effect) -> dict[str, Any]:
    """Return the effect with its counts and dates."""
    return {
        "version": effect.version,
        "differences": [spoken(each) for each in effect.differences],
        "runs": [
            _place(each)
            | {"locations": list(each.places), "changes": [_change(one) for one in each.changes]}
            for each in effect.places
        ],
    }


def _place(effect: PlaceEffect) -> dict[str, Any]:
    return {
        "where": spoken(at_places(effect.places)),
        "sentences": [spoken(each) for each in sentences(effect)],
    }


def _change(change: Change) -> dict[str, Any]:
    return {"kind": change.kind, "count": change.count, "days": list(change.days)}
