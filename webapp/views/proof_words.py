"""One proof as a page shows it: a picture or a value, with who gave it and when."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from webapp.formats import first_up, number, row
from webapp.models import Blob, Proof
from webapp.rules.capture_time import CaptureTime, in_words
from webapp.rules.proof_gate import Requirement
from webapp.rules.sentences import N_, Reading
from webapp.views import erased_words
from webapp.words import gettext as _
from webapp.words import ngettext, translated

STATES = {
    "awaiting": N_("still on its way"),
    "attached": N_("kept with the step"),
    "held": N_("held for a decision"),
    "refused": N_("could not be used"),
    "sent_back": N_("sent back"),
}
NOTES = {
    "from_rescue_file": N_("from a rescue file"),
    "photo_of_reference": N_("the picture of how it should look"),
}
KINDS = {
    "photo": N_("a photo"),
    "signature": N_("a signature"),
    "file": N_("a file"),
    "number": N_("a reading"),
    "note": N_("a note"),
    "timed": N_("a timed check"),
    "scan": N_("a scan"),
}


def given(session: Session, proof: Proof, requirement: dict[str, Any], zone: str) -> dict[str, Any]:
    """Return {image, thumb, file, value, words}; `image` and `file` may be None.

    Of what was erased `value` says when and why.
    """
    blob = session.get(Blob, (proof.org_id, proof.blob_sha256)) if proof.blob_sha256 else None
    if erased := erased_words.of_proof(proof, zone):
        blob = None
    shown = blob is not None and blob.width is not None
    return {
        "image": _picture(proof, "page") if shown else None,
        "thumb": _picture(proof, "thumb") if shown else None,
        "file": None if shown or proof.kind != "file" else _file(proof, blob),
        "value": erased or value(proof, requirement, zone),
        "words": row(who_and_when(proof, zone), *_ways(proof)),
    }


def _ways(proof: Proof) -> list[str]:
    """How it came here, where not from its device by itself, and what became of it."""
    noted = [_(words) for note, words in NOTES.items() if note in proof.notes]
    return [*noted, _(STATES[proof.state]) if proof.state in STATES else ""]


def value(proof: Proof, requirement: dict[str, Any], zone: str) -> str:
    """Return what was given, in words: "38.5 °F", the note, "40 seconds"."""
    content = proof.content
    if proof.kind == "number":
        reading = f"{number(content.get('value'))} {requirement.get('unit') or ''}".strip()
        return f"{reading}. {content['corrective']}" if content.get("corrective") else reading
    if proof.kind == "note":
        return str(content.get("text", ""))
    if proof.kind == "timed":
        return _timed(content, zone)
    return str(content.get("code") or content.get("name") or first_up(_(KINDS[proof.kind])))


def asked(requirement: Requirement) -> list[str]:
    """Return what a step asks of its proof beside its kind: "Between 33 and 41 °F", …"""
    least, code = requirement.min_seconds, requirement.scan_code
    outside = requirement.if_outside
    found = [
        _range(requirement),
        _("Outside it: %(what)s", what=outside.rstrip(".")) if outside else "",
        ngettext("At least %(num)s second", "At least %(num)s seconds", least) if least else "",
        _("Code: %(code)s", code=code) if code else "",
    ]
    return [each for each in found if each]


def _range(requirement: Requirement) -> str:
    """The same sentences as on the phone (static/js/readings.js)."""
    low, high, unit = requirement.minimum, requirement.maximum, requirement.unit
    if low is not None and high is not None:
        ends = {"min": Reading.of(low, None), "max": Reading.of(high, unit)}
        return _("Between %(min)s and %(max)s", **ends)
    if low is not None:
        return _("At least %(min)s", min=Reading.of(low, unit))
    return _("At most %(max)s", max=Reading.of(high, unit)) if high is not None else unit or ""


def who_and_when(proof: Proof, zone: str) -> str:
    """Return "Ben, 07:09", or all three times when they differ."""
    return row(proof.person.name, captured(proof, zone))


def captured(proof: Proof, zone: str) -> str:
    """Return when it was captured, as `capture_time.in_words` says it."""
    times = CaptureTime(
        proof.device_at,
        proof.captured_at,
        proof.received_at,
        proof.trust,  # type: ignore[arg-type]
    )
    return translated(in_words(times, ZoneInfo(zone)))


def _picture(proof: Proof, size: str) -> str:
    return url_for("api_blobs.picture", sha256=proof.blob_sha256, size=size)


def _file(proof: Proof, blob: Blob | None) -> str | None:
    is_here = blob is not None and blob.completed_at is not None
    return url_for("api_blobs.file", sha256=proof.blob_sha256) if is_here else None


def _timed(content: dict[str, Any], zone: str) -> str:
    """A short check in seconds, a long one from when to when."""
    started_at, ended_at = (
        datetime.fromisoformat(content[name]).astimezone(ZoneInfo(zone))
        for name in ("started_at", "ended_at")
    )
    seconds = round((ended_at - started_at).total_seconds())
    if seconds < 120:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    # Translators: two times of day: “07:00 to 07:20”.
    return _("%(start)s to %(end)s", start=f"{started_at:%H:%M}", end=f"{ended_at:%H:%M}")
