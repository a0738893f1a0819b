"""The trail of a run: what happened to each step, as sentences in the order of time."""

from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.formats import local_day, local_time
from webapp.models import FixNote, Handoff, Proof, Review, Run, StepRun
from webapp.rules.sentences import N_
from webapp.services import calling_off, reviews, told
from webapp.services.calling_off import CalledOff
from webapp.services.told import Told
from webapp.views import (
    called_off_words,
    handoff_words,
    miss_words,
    proof_words,
    standing_words,
    told_words,
)
from webapp.words import gettext as _
from webapp.words import ngettext


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


def of_run(session: Session, run: Run, now: datetime) -> dict[str, Any]:
    """Return the run with its steps and their trails, for the page of one run."""
    zone = run.location.time_zone
    notes, stopped = _notes(session, run), calling_off.history(session, run)
    return {
        "id": run.id,
        "process": run.process.name,
        "process_id": run.process_id,
        "location": run.location.name,
        "time_zone": zone,
        "opens_at": run.opens_at,
        "deadline_at": run.deadline_at,
        "state": run.state,
        "words": _run_words(run, stopped),
        "fix_notes": [_shown_note(run, note) for note in _notes_before(run, notes)],
        "steps": [
            _step(session, step, notes, stopped, now)
            for step in run.step_runs
            if step.holder_id or (step.is_later and run.opened_at)
        ],
    }


def _run_words(run: Run, stopped: list[CalledOff]) -> str:
    if run.state == "closed" and run.closed_at is not None:
        at = local_time(run.closed_at, run.location.time_zone)
        said = [_("Closed at %(at)s.", at=at), called_off_words.left_over(run)]
        return " ".join(filter(None, said))
    if run.state == "open":
        left = sum(not step.is_closed for step in run.step_runs)
        return ngettext(
            "%(num)s of %(all)s steps is not closed yet.",
            "%(num)s of %(all)s steps are not closed yet.",
            left,
            all=len(run.step_runs),
        )
    return called_off_words.of_run(run, stopped) if run.state == "void" else ""


def _step(
    session: Session,
    step: StepRun,
    notes: list[FixNote],
    stopped: list[CalledOff],
    now: datetime,
) -> dict[str, Any]:
    zone = step.run.location.time_zone
    proofs = reviews.proofs_of(session, step)
    mark = standing_words.mark(step, now)
    return {
        "title": step.title,
        "state": step.state,
        "mark": mark,
        "words": standing_words.of_step(step, mark, now),
        "need": step.state in ("open", "claimed") and step.missed_at is not None,
        "chain": _chain(step) if step.holder_id else [],
        "level": _resting_level(step),
        "holder_words": _holder_words(step),
        "trail": _dated(_entries(session, step, proofs, notes, stopped), zone),
        "proofs": [proof_words.given(session, each, step.requirement, zone) for each in proofs],
    }


def _chain(step: StepRun) -> list[dict[str, Any]]:
    passed_over = {each.level: each.passed_over for each in step.handoffs}
    why = handoff_words.why_not_theirs(step)
    return [
        {
            "name": level["name"],
            "role": level["role"],
            "wait_minutes": level["wait_minutes"],
            "passed_over": passed_over.get(number),
            "why": _(handoff_words.WHY[why[number]]) if number in why else None,
        }
        for number, level in enumerate(step.chain)
    ]


def _resting_level(step: StepRun) -> int:
    """Where the baton is, or came to rest: with whoever closed the step, even after it moved on."""
    reached = [level["person"] for level in step.chain[: step.level + 1]]
    closer = step.closed_by_id if step.is_closed else None
    return reached.index(closer) if closer in reached else step.level


def _holder_words(step: StepRun) -> str:
    holder = step.holder.name if step.holder else ""
    if step.state == "void" or step.not_needed:
        return _("Nobody has to do it.")
    if step.is_closed:
        by = step.closed_by.name if step.closed_by else holder
        return _("%(by)s closed it.", by=by)
    if step.state == "in_review":
        return _("It stays with %(holder)s until it is approved.", holder=holder)
    if step.moves_at is None:
        return _("%(holder)s holds it, until it is closed.", holder=holder)
    following = step.chain[step.level + 1]["name"]
    at = local_time(step.moves_at, step.run.location.time_zone)
    return _(
        "%(holder)s holds it. %(following)s at %(at)s.", holder=holder, following=following, at=at
    )


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
        words = _("%(closed_by)s marked it as not applicable.", closed_by=step.closed_by.name)
        found.append(Entry(step.closed_at, words))
    return sorted(found, key=lambda entry: entry.at)


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


def _notes(session: Session, run: Run) -> list[FixNote]:
    """Fix notes on these steps at this location, oldest first."""
    keys = [step.step_key for step in run.step_runs]
    query = select(FixNote).where(
        FixNote.org_id == run.org_id,
        FixNote.location_id == run.location_id,
        FixNote.step_key.in_(keys),
    )
    return list(session.scalars(query.order_by(FixNote.at)))


def _notes_before(run: Run, notes: list[FixNote]) -> list[FixNote]:
    """The newest note of each step that was there when the run opened: its card showed it."""
    opened_at = run.opened_at or run.opens_at
    return list({note.step_key: note for note in notes if note.at < opened_at}.values())


def _shown_note(run: Run, note: FixNote) -> dict[str, Any]:
    step = next(step for step in run.step_runs if step.step_key == note.step_key)
    failed = step.missed_at is not None or any(each.reason == "cannot_do" for each in step.handoffs)
    return {
        "text": note.text,
        "by": note.person.name,
        "at": note.at,
        "held": False if failed else None,
    }
