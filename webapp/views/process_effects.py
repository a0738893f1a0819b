"""What a change of a process does, for its pages and for the API."""

from typing import Any

from webapp.rules.run_changes import Change
from webapp.services.definitions import Effect
from webapp.services.definitions.effect_words import at_places, sentences
from webapp.services.definitions.effects import PlaceEffect
from webapp.words import translated

# A cookie takes 4 kB, so of a change that differs at many locations only the first are told.
MOST_PLACES = 4
MOST_SENTENCES = 8


def shown(effect: Effect) -> dict[str, Any]:
    """Return the effect in the words of whoever asks; `version` is None when nothing changes."""
    return {
        "version": effect.version,
        "differences": [translated(each) for each in effect.differences],
        "places": [_place(each) for each in effect.places],
    }


def told(effect: Effect) -> list[dict[str, Any]]:
    """Return as much of its places as travels to the next page."""
    places = [_place(each) for each in effect.places[:MOST_PLACES]]
    return [each | {"sentences": each["sentences"][:MOST_SENTENCES]} for each in places]


def effect_json(effect: Effect) -> dict[str, Any]:
    """Return the effect with its counts and dates."""
    return {
        "version": effect.version,
        "differences": [translated(each) for each in effect.differences],
        "runs": [
            _place(each)
            | {"locations": list(each.places), "changes": [_change(one) for one in each.changes]}
            for each in effect.places
        ],
    }


def _place(effect: PlaceEffect) -> dict[str, Any]:
    return {
        "where": translated(at_places(effect.places)),
        "sentences": [translated(each) for each in sentences(effect)],
    }


def _change(change: Change) -> dict[str, Any]:
    return {"kind": change.kind, "count": change.count, "days": list(change.days)}
