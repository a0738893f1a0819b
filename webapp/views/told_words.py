"""How far a message came, as a shape, a word and a sentence; and as the API tells it."""

from typing import Any

from webapp.formats import local_time, row
from webapp.rules.sentences import N_
from webapp.services.told import Told
from webapp.words import gettext as _

STAGES = ("accepted", "reached", "opened", "acted")
WORDS = {
    "queued": N_("Not sent yet"),
    "accepted": N_("Sent"),
    "reached": N_("Reached"),
    "opened": N_("Opened"),
    "acted": N_("Acted on"),
    "no_device": N_("Not told"),
    "refused": N_("Not told"),
    "expired": N_("Not told"),
    "not_needed": N_("Not needed"),
}
SHAPES = {"acted": "opened", "refused": "failed", "expired": "failed", "no_device": "failed"}
WHY_NOT = {
    "queued": N_("It waits to be sent."),
    "no_device": N_("No device of %(name)s's took it."),
    "refused": N_("The push service did not take it for %(name)s."),
    "expired": N_("It could not be sent in time."),
    "not_needed": N_("It was settled before it was sent."),
}
TOLD = {
    "push": N_("Told %(name)s %(at)s: %(what)s."),
    "email": N_("Told %(name)s by e-mail %(at)s: %(what)s."),
    "extra": N_("Told %(name)s by their other channel %(at)s: %(what)s."),
}
# Translators: how far a message came, and at what time: “reached a device 07:16”.
AT = {
    "accepted": N_("accepted %(time)s"),
    "reached": N_("reached a device %(time)s"),
    "opened": N_("opened %(time)s"),
    "acted": N_("acted on %(time)s"),
}


def shown(told: Told, name: str, zone: str) -> dict[str, Any]:
    """Return what a page shows: {shape, word, sentence}; `name` is who was told."""
    return {
        "shape": SHAPES.get(told.state, told.state),
        "word": _(WORDS[told.state]),
        "sentence": _(WHY_NOT[told.state], name=name)
        if told.state in WHY_NOT
        else _how_far(told, name, zone),
    }


def _how_far(told: Told, name: str, zone: str) -> str:
    at = AT | {"acted": N_("acted over the API %(time)s")} if told.by_api else AT
    times = [(at[stage], getattr(told, f"{stage}_at")) for stage in STAGES]
    parts = [_(words, time=local_time(moment, zone)) for words, moment in times if moment]
    by_push = told.channel not in ("email", "extra")
    said = _(
        TOLD["push" if by_push else told.channel],
        name=name,
        at=local_time(told.queued_at, zone),
        what=row(*parts),
    )
    if told.reached_at or told.acted_at or not by_push:
        return said
    return said + " " + _("No device has said yet that it came.")


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
