"""A run with its steps: how each stands, who holds it, and the trail of what happened to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.formats import local_time
from webapp.models import FixNote, Run, StepRun
from webapp.services import calling_off, fix_outcomes, reviews
from webapp.services.calling_off import CalledOff
from webapp.views import (
    called_off_words,
    fix_words,
    handoff_words,
    proof_words,
    standing_words,
    trail_entries,
)
from webapp.words import gettext as _
from webapp.words import ngettext


def of_run(session: Session, run: Run, now: datetime) -> dict[str, Any]:
    """Return the run with its steps and their trails, for the page of one run."""
    zone = run.location.time_zone
    notes, stopped = _notes(session, run), calling_off.history(session, run)
    fixes = fix_words.asked(session, run.step_runs)
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
        "fix_notes": _shown_notes(session, _notes_before(run, notes)),
        "steps": [
            _step(session, step, notes, stopped, now) | {"fix": fixes.get(step.id)}
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
        "trail": trail_entries.of_step(session, step, proofs, notes, stopped),
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


def _shown_notes(session: Session, notes: list[FixNote]) -> list[dict[str, Any]]:
    outcomes = fix_outcomes.outcomes(session, notes)
    return [
        {
            "text": note.text,
            "by": note.person.name,
            "at": note.at,
            "held": fix_words.held(outcomes[note.id]),
            "lead": fix_words.lead(outcomes[note.id]),
        }
        for note in notes
    ]
