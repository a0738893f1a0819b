"""How things stand with a kiosk, in a word and sentences; and as rows of the inbox."""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.formats import row
from webapp.models import Person
from webapp.rules import dark
from webapp.rules.moment_words import clock_words, day_words
from webapp.rules.sentences import N_
from webapp.services import kiosks
from webapp.services.kiosks import Health
from webapp.views.device_words import SIGNALS
from webapp.words import gettext as _
from webapp.words import ngettext, translated

LOCKED = ("failed", N_("Locked"))
SILENT = ("failed", N_("Silent"))
LOST = N_("What was lost has to be done again.")


def called(health: Health) -> str:
    """Return "Kitchen tablet, Downtown"."""
    return row(health.kiosk.name, health.kiosk.location.name)


def shown(health: Health, now: datetime) -> dict[str, Any]:
    """Return what a page shows of how things stand: {shape, word, sentences}."""
    shape, word = _signal(health)
    return {"shape": shape, "word": _(word), "sentences": _sentences(health, now)}


def _signal(health: Health) -> tuple[str, str]:
    if health.is_locked:
        return LOCKED
    return SILENT if health.is_dark else SIGNALS[health.light]


def _sentences(health: Health, now: datetime) -> list[str]:
    kiosk, device, zone = health.kiosk, health.device, health.kiosk.location.time_zone
    found = [
        _(
            "Last heard from at %(clock_words)s.",
            clock_words=clock_words(health.heard_at, now, zone),
        )
    ]
    if device is not None and device.waiting:
        found.append(translated(dark.held_back(device.waiting, device.oldest_at, now, zone)))
    if health.is_dark:
        found.append(_("Look whether it is on, and has a connection."))
    if health.is_locked:
        found.append(_("Too many PINs were wrong here today, so it takes none."))
    if kiosk.revoked_at is not None:
        found.append(_signed_off(health, now))
    return found


def _signed_off(health: Health, now: datetime) -> str:
    kiosk = health.kiosk
    at = clock_words(kiosk.revoked_at or now, now, kiosk.location.time_zone)
    if kiosk.revoked_by is None:
        return _("Signed off at %(at)s. What was done on it before still counts.", at=at)
    return _(
        "Signed off at %(at)s by %(name)s. What was done on it before still counts.",
        at=at,
        name=kiosk.revoked_by.name,
    )


def losses(health: Health, now: datetime) -> list[str]:
    """Return a sentence for each loss that nobody has noted yet."""
    return [
        translated(
            dark.lost(
                called(health),
                int(loss["count"]),
                datetime.fromisoformat(loss["after"]) if loss["after"] else None,
                datetime.fromisoformat(loss["before"]),
                now,
                health.kiosk.location.time_zone,
            )
        )
        for loss in health.unseen_losses
    ]


def rows(session: Session, person: Person, now: datetime) -> list[dict[str, Any]]:
    """Return the rows of the inbox: kiosks that are locked, silent or lost work, and wrong PINs."""
    found = []
    for health in kiosks.all_of(session, person, now):
        found += [_row(health, now, words, _(LOST)) for words in losses(health, now)]
        if health.is_locked:
            found.append(_row(health, now, *_locked(health)))
        elif health.is_dark or health.light == "holds_back":
            found.append(_row(health, now, *_silent(health, now)))
    if wrong := kiosks.many_wrong(session, person, now):
        found.append(_many_wrong(person, wrong, now))
    return found


def _locked(health: Health) -> tuple[str, str]:
    return (
        _("%(called)s asks to be unlocked.", called=called(health)),
        _("Too many PINs were wrong there today. Unlock it, or it takes PINs again tomorrow."),
    )


def _silent(health: Health, now: datetime) -> tuple[str, str]:
    zone, device = health.kiosk.location.time_zone, health.device
    sentence = translated(dark.last_heard(called(health), health.heard_at, now, zone))
    if device is not None and device.waiting:
        waits = dark.held_back(device.waiting, device.oldest_at, now, zone)
        sentence += f" {translated(waits)}"
    return sentence, _("Look whether it is on, and has a connection.")


def _row(health: Health, now: datetime, sentence: str, detail: str) -> dict[str, Any]:
    zone = health.kiosk.location.time_zone
    return {
        "kind": "kiosk",
        "need": True,
        "at": health.heard_at,
        "day": day_words(health.heard_at, now, zone),
        "zone": zone,
        "sentence": sentence,
        "detail": detail,
        "url": url_for("kiosks.kiosks", _anchor=f"kiosk-{health.kiosk.id}"),
        "try_again": None,
    }


def _many_wrong(person: Person, wrong: int, now: datetime) -> dict[str, Any]:
    zone = person.locations[0].time_zone if person.locations else "UTC"
    return {
        "kind": "kiosk",
        "need": True,
        "at": now,
        "day": "",
        "zone": zone,
        "sentence": ngettext(
            "%(num)s PIN was wrong at your kiosks today.",
            "%(num)s PINs were wrong at your kiosks today.",
            wrong,
        ),
        "detail": _(
            "Somebody may be guessing. Look which kiosk it was, and sign it off if need be."
        ),
        "url": url_for("kiosks.kiosks"),
        "try_again": None,
    }
