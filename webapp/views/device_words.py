"""How things stand with a device, as a shape, a word and sentences; and as rows of the inbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.formats import quoted, row
from webapp.models import Person, StepRun
from webapp.rules import dark
from webapp.rules.moment_words import clock_words, day_words
from webapp.rules.sentences import N_
from webapp.services import device_list
from webapp.services.device_list import Seen
from webapp.words import gettext as _
from webapp.words import ngettext, translated

# Shape and word of each light; the colour belongs to the shape.
SIGNALS = {
    "holds_back": ("failed", N_("Holds work back")),
    "silent": ("failed", N_("Silent")),
    "waiting": ("accepted", N_("Not all sent")),
    "safe": ("works", N_("All sent")),
    "unknown": ("unknown", N_("Not known")),
    "signed_off": ("not_needed", N_("Signed off")),
    "gone": ("not_needed", N_("Gone for good")),
}
MOST_NAMED = 3


def shown(seen: Seen, now: datetime) -> dict[str, Any]:
    """Return what a page shows of how things stand: {shape, word, sentences}."""
    shape, word = SIGNALS[seen.light]
    return {"shape": shape, "word": _(word), "sentences": _sentences(seen, now)}


def _sentences(seen: Seen, now: datetime) -> list[str]:
    device, zone = seen.device, seen.zone
    found = [
        _(
            "Last heard from at %(clock_words)s.",
            clock_words=clock_words(device.last_seen_at, now, zone),
        )
    ]
    if device.waiting:
        found.append(translated(dark.held_back(device.waiting, device.oldest_at, now, zone)))
    if seen.light == "gone":
        return [*found, _gone(seen, now)]
    if seen.light == "holds_back":
        found.append(_ask(seen))
    if seen.light == "silent":
        found.append(
            _(
                "Ask %(person)s to open Baton there, or sign it off if it is gone.",
                person=seen.person.name,
            )
        )
    if device.waiting and device.persisted is False and not device.revoked_at:
        found.append(_("Its browser may clear what it keeps. Install Baton there."))
    if device.revoked_at:
        at = clock_words(device.revoked_at, now, zone)
        found.append(_("Signed off at %(at)s. What it captured before still counts.", at=at))
    return found


def _gone(seen: Seen, now: datetime) -> str:
    said = clock_words(seen.device.gone_at or now, now, seen.zone)
    return _(
        "Said at %(said)s to be gone for good: “%(gone_why)s”.",
        said=said,
        gone_why=seen.device.gone_why,
    )


def to_do_again(seen: Seen, now: datetime) -> list[dict[str, Any]]:
    """Return the steps whose work lies, or lay, on the device: {run_url, where, what, closed}."""
    return [
        {
            "run_url": url_for("runs.run", run_id=step.run_id),
            "where": _run_words(step, now),
            "what": _("step %(position)s, “%(step)s”", position=step.position, step=step.title),
            "closed": step.is_closed,
        }
        for step in seen.waiting_on
    ]


def _run_words(step: StepRun, now: datetime) -> str:
    run = step.run
    zone = run.location.time_zone
    due = clock_words(run.deadline_at, now, zone)
    return _(
        "%(process)s at %(location)s, due %(due)s",
        process=run.process.name,
        location=run.location.name,
        due=due,
    )


def losses(seen: Seen, now: datetime) -> list[str]:
    """Return a sentence for each loss that nobody has noted yet."""
    return [
        translated(
            dark.lost(
                seen.name,
                int(loss["count"]),
                datetime.fromisoformat(loss["after"]) if loss["after"] else None,
                datetime.fromisoformat(loss["before"]),
                now,
                seen.zone,
            )
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
    waits = dark.held_back(device.waiting, device.oldest_at, now, zone)
    return f"{translated(heard)} {translated(waits)}"


def _behind(seen: Seen) -> str:
    """What lies behind it; where it did not say, the steps that its person holds open."""
    return " ".join(filter(None, [_waiting_steps(seen) or _open_steps(seen), _ask(seen)]))


def _waiting_steps(seen: Seen) -> str:
    return (
        _("It holds work of %(named)s.", named=_named(seen.waiting_on)) if seen.waiting_on else ""
    )


def _open_steps(seen: Seen) -> str:
    return (
        _("%(person)s holds open: %(named)s.", person=seen.person.name, named=_named(seen.steps))
        if seen.steps
        else ""
    )


def _named(steps: Sequence[StepRun]) -> str:
    titles = [quoted(step.title) for step in steps[:MOST_NAMED]]
    more = len(steps) - len(titles)
    if not more:
        return row(*titles)
    # Translators: %(names)s is a list of steps, of which the rest is only counted.
    return ngettext(
        "%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=row(*titles)
    )


def _ask(seen: Seen) -> str:
    name = seen.person.name
    return _(
        "Ask %(name)s to open Baton there with a connection, or to make a rescue file there.",
        name=name,
    )


def _after_loss(seen: Seen) -> str:
    return _("Ask %(person)s what was done then. The record keeps this.", person=seen.person.name)
