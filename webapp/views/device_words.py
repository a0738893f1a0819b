"""How things stand with a device, as a shape, a word and sentences; and as rows of the inbox."""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.models import Person
from webapp.rules import dark
from webapp.rules.moment_words import clock_words, day_words
from webapp.services import device_list
from webapp.services.device_list import Seen

# Shape and word of each light; the colour belongs to the shape.
SIGNALS = {
    "holds_back": ("failed", "Holds work back"),
    "silent": ("failed", "Silent"),
    "waiting": ("accepted", "Not all sent"),
    "safe": ("works", "All sent"),
    "unknown": ("unknown", "Not known"),
    "signed_off": ("not_needed", "Signed off"),
}
MOST_NAMED = 3


def shown(seen: Seen, now: datetime) -> dict[str, Any]:
    """Return what a page shows of how things stand: {shape, word, sentences}."""
    shape, word = SIGNALS[seen.light]
    return {"shape": shape, "word": word, "sentences": _sentences(seen, now)}


def _sentences(seen: Seen, now: datetime) -> list[str]:
    device, zone = seen.device, seen.zone
    found = [f"Last heard from at {clock_words(device.last_seen_at, now, zone)}."]
    if device.waiting:
        found.append(dark.held_back(device.waiting, device.oldest_at, now, zone))
    if seen.light == "holds_back":
        found.append(_ask(seen))
    if seen.light == "silent":
        found.append(f"Ask {seen.person.name} to open Baton there, or sign it off if it is gone.")
    if device.waiting and device.persisted is False and not device.revoked_at:
        found.append("Its browser may clear what it keeps. Install Baton there.")
    if device.revoked_at:
        at = clock_words(device.revoked_at, now, zone)
        found.append(f"Signed off at {at}. What it captured before still counts.")
    return found


def losses(seen: Seen, now: datetime) -> list[str]:
    """Return a sentence for each loss that nobody has noted yet."""
    return [
        dark.lost(
            seen.name,
            int(loss["count"]),
            datetime.fromisoformat(loss["after"]) if loss["after"] else None,
            datetime.fromisoformat(loss["before"]),
            now,
            seen.zone,
        )
        for loss in seen.unseen_losses
    ]


def rows(session: Session, person: Person, now: datetime) -> list[dict[str, Any]]:
    """Return the rows of the inbox about devices that hold work back or lost some."""
    found = []
    for seen in device_list.in_trouble(session, person, now):
        found += [_row(seen, now, words, _after_loss(seen)) for words in losses(seen, now)]
        if seen.light == "holds_back":
            found.append(_row(seen, now, _held_back(seen, now), _behind(seen)))
    return found


def _row(seen: Seen, now: datetime, sentence: str, detail: str) -> dict[str, Any]:
    heard_at = seen.device.last_seen_at
    return {
        "kind": "device",
        "need": True,
        "at": heard_at,
        "day": day_words(heard_at, now, seen.zone),
        "zone": seen.zone,
        "sentence": sentence,
        "detail": detail,
        "url": url_for("devices.devices", _anchor=f"device-{seen.device.id}"),
        "try_again": None,
    }


def _held_back(seen: Seen, now: datetime) -> str:
    device, zone = seen.device, seen.zone
    heard = dark.last_heard(seen.name, device.last_seen_at, now, zone)
    return f"{heard} {dark.held_back(device.waiting, device.oldest_at, now, zone)}"


def _behind(seen: Seen) -> str:
    """What may lie behind it: the steps that its person holds open."""
    return " ".join(filter(None, [_open_steps(seen), _ask(seen)]))


def _open_steps(seen: Seen) -> str:
    if not seen.steps:
        return ""
    titles = [f"“{step.title}”" for step in seen.steps[:MOST_NAMED]]
    more = len(seen.steps) - len(titles)
    named = ", ".join(titles) + (f" and {more} more" if more else "")
    return f"{seen.person.name} holds open: {named}."


def _ask(seen: Seen) -> str:
    name = seen.person.name
    return f"Ask {name} to open Baton there with a connection, or to make a rescue file there."


def _after_loss(seen: Seen) -> str:
    return f"Ask {seen.person.name} what was done then. The record keeps this."
