"""What happened to a step, entry by entry, as sentences in the order of time."""

from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.formats import local_day
from webapp.models import FixNote, Handoff, Proof, Review, StepRun
from webapp.rules.capture_time import in_words
from webapp.rules.sentences import N_
from webapp.services import skips, told
from webapp.services.calling_off import CalledOff
from webapp.services.told import Told
from webapp.views import called_off_words, handoff_words, miss_words, proof_words, told_words
from webapp.words import gettext as _
from webapp.words import translated


class Entry(NamedTuple):
    """What happened at a time; a handoff also says how far its message came."""

    at: datetime
    sentence: str
    told: dict[str, Any] | None = None


GIVEN = {
    "photo": N_("%(by)s sent a photo"),
    "signature": N_("%(by)s signed"),
    "file": N_("%(by)s sent a file"),
    "number": N_("%(by)s wrote the reading"),
    "note": N_("%(by)s wrote a note"),
    "timed": N_("%(by)s made the check"),
    "scan": N_("%(by)s scanned the code"),
}
# Translators: %(given)s is like “Ana sent a photo”.
OUTCOMES = {
    "awaiting": N_("%(given)s, which is still on its way"),
    "attached": N_("%(given)s, which is kept with the step"),
    "held": N_("%(given)s, which is held for a decision"),
    "refused": N_("%(given)s, which could not be used"),
}


def of_step(
    session: Session,
    step: StepRun,
    proofs: list[Proof],
    notes: list[FixNote],
    stopped: list[CalledOff],
) -> list[dict[str, Any]]:
    """Return the step's entries, oldest first; `notes` and `stopped` are those of its run."""
    found = _entries(session, step, proofs, notes, stopped)
    return _dated(found, step.run.location.time_zone)


def _entries(
    session: Session,
    step: StepRun,
    proofs: list[Proof],
    notes: list[FixNote],
    stopped: list[CalledOff],
) -> list[Entry]:
    zone = step.run.location.time_zone
    found = [*_opened(step), *(_given(proof, zone) for proof in proofs)]
    messages = told.of_handoffs(session, step.moves)
    for handoff in step.moves:
        found += _handed(handoff, messages.get(handoff.id), zone)
    found += _handed_back(step.moves)
    found += [Entry(*each) for each in called_off_words.of_step(step, stopped)]
    found += [Entry(*each) for each in miss_words.explained(step, proofs, zone)]
    for review in session.scalars(select(Review).where(Review.step_run_id == step.id)):
        found.append(Entry(review.at, _review_words(review)))
    for note in notes:
        if note.step_run_id == step.id:
            found.append(
                Entry(
                    note.at,
                    _("%(person)s noted: “%(text)s”", person=note.person.name, text=note.text),
                )
            )
    if step.state == "skipped" and step.closed_by and step.closed_at:
        found.append(Entry(step.closed_at, _skipped(session, step, step.closed_by.name, zone)))
    return sorted(found, key=lambda entry: entry.at)


def _skipped(session: Session, step: StepRun, by: str, zone: str) -> str:
    capture = skips.captured(session, [step]).get(step.id)
    if capture is None or capture.trust == "live":
        return _("%(closed_by)s marked it as not applicable.", closed_by=by)
    times = translated(in_words(capture, ZoneInfo(zone)))
    # Translators: %(times)s is like “22:00 by the phone, received 22:05”.
    return _("%(closed_by)s marked it as not applicable (%(times)s).", closed_by=by, times=times)


def _opened(step: StepRun) -> list[Entry]:
    at = step.open_since if step.holder_id else None
    return [Entry(at, _("Opened, with %(name)s.", name=step.chain[0]["name"]))] if at else []


def _given(proof: Proof, zone: str) -> Entry:
    words = _(GIVEN[proof.kind], by=proof.person.name)
    if proof.state in OUTCOMES:
        words = _(OUTCOMES[proof.state], given=words)
    times = f" ({proof_words.captured(proof, zone)})" if proof.trust != "live" else ""
    return Entry(proof.received_at, f"{words}{times}.")


def _handed(handoff: Handoff, message: Told | None, zone: str) -> list[Entry]:
    to = handoff.to_person.name
    shown = told_words.shown(message, to, zone) if message else None
    words = handoff_words.moved(handoff) + handoff_words.dark(handoff, zone)
    found = [Entry(handoff.at, words, shown)]
    if handoff.passed_over:
        return found
    if handoff.overtaken_at:
        words = _("%(to)s need not do it: it was done in time.", to=to)
        found.append(Entry(handoff.overtaken_at, words))
    return found


def _handed_back(moves: list[Handoff]) -> list[Entry]:
    """A step comes back over all the levels that it had moved on: to whom the first was from."""
    back = {move.returned_at: move.from_person.name for move in reversed(moves) if move.returned_at}
    return [
        Entry(at, _("Handed back to %(name)s, who is back.", name=name))
        for at, name in back.items()
    ]


def _review_words(review: Review) -> str:
    if review.decision == "approve":
        return _("%(reviewer)s approved it.", reviewer=review.reviewer.name)
    return _(
        "%(reviewer)s sent it back: “%(reason)s”",
        reviewer=review.reviewer.name,
        reason=review.reason,
    )


def _dated(entries: list[Entry], zone: str) -> list[dict[str, Any]]:
    """Name the day where it differs from the entry before."""
    days = [None, *(entry.at.astimezone(ZoneInfo(zone)).date() for entry in entries)]
    changed = [before not in (None, after) for before, after in pairwise(days)]
    return [
        entry._asdict() | {"day": local_day(entry.at, zone) if new_day else None}
        for entry, new_day in zip(entries, changed, strict=True)
    ]
