"""How far a message came, as a shape, a word and a sentence; and as the API tells it."""

from typing import Any

from webapp.formats import local_time
from webapp.services.told import Told

STAGES = ("accepted", "reached", "opened", "acted")
WORDS = {
    "queued": "Not sent yet",
    "accepted": "Sent",
    "reached": "Reached",
    "opened": "Opened",
    "acted": "Acted on",
    "no_device": "Not told",
    "refused": "Not told",
    "expired": "Not told",
    "not_needed": "Not needed",
}
SHAPES = {"acted": "opened", "refused": "failed", "expired": "failed", "no_device": "failed"}
WHY_NOT = {
    "queued": "It waits to be sent.",
    "no_device": "No device of {name}'s took it.",
    "refused": "The push service did not take it for {name}.",
    "expired": "It could not be sent in time.",
    "not_needed": "It was settled before it was sent.",
}
CHANNELS = {"email": "by e-mail", "extra": "by their other channel"}
AT = {
    "accepted": "accepted",
    "reached": "reached a device",
    "opened": "opened",
    "acted": "acted on",
}


def shown(told: Told, name: str, zone: str) -> dict[str, Any]:
    """Return what a page shows: {shape, word, sentence}; `name` is who was told."""
    return {
        "shape": SHAPES.get(told.state, told.state),
        "word": WORDS[told.state],
        "sentence": WHY_NOT[told.state].format(name=name)
        if told.state in WHY_NOT
        else _how_far(told, name, zone),
    }


def _how_far(told: Told, name: str, zone: str) -> str:
    at = AT | {"acted": "acted over the API"} if told.by_api else AT
    times = [(at[stage], getattr(told, f"{stage}_at")) for stage in STAGES]
    parts = [f"{words} {local_time(moment, zone)}" for words, moment in times if moment]
    by = f" {CHANNELS[told.channel]}" if told.channel in CHANNELS else ""
    end = "" if told.reached_at or told.acted_at or by else ". No device has said yet that it came"
    return f"Told {name}{by} {local_time(told.queued_at, zone)}: {', '.join(parts)}{end}."


def told_json(told: Told | None) -> dict[str, Any] | None:
    """Return how far it came, for the API; None where nobody was told."""
    if told is None:
        return None
    times = {f"{stage}_at": getattr(told, f"{stage}_at") for stage in STAGES}
    return (
        {"queued_at": told.queued_at}
        | times
        | {
            "state": told.state,
            "channel": told.channel,
            "outcome": told.outcome,
        }
    )
