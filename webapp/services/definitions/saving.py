"""Saving a definition as the next version of its process, and retiring a process."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import Location, Process, ProcessVersion
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services import planning, reach, record
from webapp.services.definitions import check, effects, fit, reference_pictures, wordings
from webapp.services.definitions.check import Around, places_of
from webapp.services.definitions.draft import ProcessDraft, draft_of
from webapp.services.definitions.effects import Effect
from webapp.services.definitions.finding import current_version, names_of
from webapp.services.definitions.rows import add_version, settled
from webapp.services.definitions.times import starts_on
from webapp.services.definitions.words import differences


def save(
    session: Session,
    actor_id: str,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    process: Process | None = None,
    like: ProcessVersion | None = None,
) -> Process:
    """Store the draft as a new process, or as the next version of `process`.

    A draft that changes nothing leaves the version as it is and the record untouched. Saving a
    retired process takes it up again. Problem "process_not_valid" lists every fault by field;
    "not_allowed" names a location, of the draft or of the version before, that the actor does
    not manage. `like` is the version of it that is restored: its steps keep their keys, and an
    equal rule its start.
    """
    hold(session, process)
    if wrong := faults(session, org_id, draft, now, process, like):
        raise Problem("process_not_valid", fields=wrong)
    current = current_version(process) if process else None
    before = draft_of(current) if current else None
    places = places_of(session, org_id, draft.locations)
    after = settled(draft, places, draft_of(like) if like else before)
    start = starts_on(after, after.rrule, places[draft.locations[0]], now, like or current)
    is_as_it_was = current is not None and current.starts_on == start
    after = replace(after, starts_on=before.starts_on if before and is_as_it_was else start)
    _check_actor(session, actor_id, [*places.values()], current, after)
    if process and before == after and not process.retired_at:
        return process
    saved = _named(session, process, org_id, after.name, now)
    add_version(session, saved, after, start, actor_id, now)
    changes = changes_since(session, saved, before) or [say("Taken up again")]
    _note(session, actor_id, saved, "process.saved", now, changes=changes, **_shown(after))
    planning.replan_process(session, saved, now)
    return saved


def save_telling(
    session: Session,
    actor_id: str,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    process: Process | None = None,
    like: ProcessVersion | None = None,
) -> tuple[Process, Effect]:
    """Save, and tell what that changed: the definition in words, and the runs that are planned."""
    before = draft_of(current_version(process)) if process else None
    number = process.version_number if process else 0

    def change() -> Process:
        return save(session, actor_id, org_id, draft, now, process, like)

    saved, places = effects.told(session, process, now, change)
    if saved.version_number == number:
        return saved, Effect()
    differences = changes_since(session, saved, before) or [say("Taken up again")]
    return saved, Effect(saved.version_number, tuple(differences), places)


def look(
    session: Session,
    actor_id: str,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    process: Process | None = None,
) -> Effect:
    """Tell what saving would change; nothing of it is kept. Raises what `save` raises."""
    with record.taken_back(session):
        return save_telling(session, actor_id, org_id, draft, now, process)[1]


def faults(
    session: Session,
    org_id: str,
    draft: ProcessDraft,
    now: datetime,
    process: Process | None = None,
    like: ProcessVersion | None = None,
) -> dict[str, str]:
    """What `save` would refuse, by field; for those who have faults of their own to add."""
    current = like or (current_version(process) if process else None)
    found = faults_among(check.around(session, org_id, draft), draft, now, current)
    return found | reference_pictures.faults(session, org_id, draft)


def faults_among(
    known: Around, draft: ProcessDraft, now: datetime, current: ProcessVersion | None = None
) -> dict[str, str]:
    """The same among people and places that need be no organisation's; pictures apart."""
    found = check.faults(draft, known, now, current)
    is_unclear = not found.keys().isdisjoint(("cadence", "opens_days_before"))
    return found if is_unclear else fit.faults(draft, known.places, now, current) | found


def retire(session: Session, actor_id: str, process: Process, now: datetime) -> Effect:
    """Stop making runs of the process; its versions, runs and proofs stay.

    Raises "not_allowed" when the actor does not manage every location of it.
    """
    hold(session, process)
    reach.check_actor(session, actor_id, current_version(process).locations)
    if process.retired_at:
        return Effect()

    def change() -> Process:
        process.retired_at = now
        _note(session, actor_id, process, "process.retired", now)
        planning.replan_process(session, process, now)
        return process

    return Effect(process.version_number, (), effects.told(session, process, now, change)[1])


def changes_since(session: Session, process: Process, before: ProcessDraft | None) -> list[str]:
    """What the current version changes against an earlier draft of it, in words."""
    after = draft_of(current_version(process))
    return differences(before, after, names_of(session, process.org_id))


def _check_actor(
    session: Session,
    actor_id: str,
    places: Sequence[Location],
    current: ProcessVersion | None,
    after: ProcessDraft,
) -> None:
    """A location's own words are its manager's; all else takes who manages every location.

    Whether a location may have words of its own, only an owner decides.
    """
    before = draft_of(current) if current else None
    if wordings.opened_anew(before, after):
        words = say("Only an owner decides which steps the locations may word.")
        reach.check_owner(session, actor_id, words)
    touched = [*places, *(current.locations if current else [])]
    is_in_use = current is not None and current.process.retired_at is None
    if before and is_in_use and wordings.plain(before) == wordings.plain(after):
        anew = wordings.worded_anew(before, after)
        touched = [place for place in touched if place.id in anew]
    reach.check_actor(session, actor_id, touched)


def hold(session: Session, process: Process | None) -> None:
    """Lock the process, so that two people saving at once make two versions, one by one."""
    if process is not None:
        session.refresh(process, with_for_update=True)


def _named(
    session: Session, process: Process | None, org_id: str, name: str, now: datetime
) -> Process:
    process = process or Process(org_id=org_id, version_number=0, created_at=now)
    process.name = name
    process.retired_at = None
    process.version_number += 1
    session.add(process)
    try:
        session.flush()
    except IntegrityError as error:  # somebody took the name a moment ago
        words = say(
            "There is a process called “%(taken)s” already. Choose another name.", taken=name
        )
        raise Problem("process_not_valid", fields={"name": words}) from error
    return process


def _shown(draft: ProcessDraft) -> dict[str, Any]:
    """The reference pictures by the key of their step; nothing where there are none."""
    shown = {str(step.key): step.picture.sha256 for step in draft.steps if step.picture}
    return {"pictures": shown} if shown else {}


def _note(
    session: Session, actor_id: str, process: Process, kind: str, now: datetime, **more: Any
) -> None:
    payload = {"name": process.name, "version": process.version_number} | more
    record.note(session, process.org_id, now, kind, actor_id, process.id, payload)
