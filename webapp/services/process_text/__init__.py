"""Process text: locations, people and processes as one readable YAML file.

An entry is known by its name. Locations and people keep what an entry leaves out; a process is
defined by its entry as a whole. Nothing and nobody is removed by being absent.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Person, Process
from webapp.problems import Problem
from webapp.services import definitions, people
from webapp.services.definitions import lint
from webapp.services.definitions.draft import ProcessDraft
from webapp.services.definitions.effect_words import at_places, sentences
from webapp.services.process_text.dumping import dump
from webapp.services.process_text.entries import (
    LOCATION_KEYS,
    PERSON_KEYS,
    apply_location,
    apply_person,
    entries,
)
from webapp.services.process_text.nodes import Faults, Field, compose, in_order
from webapp.services.process_text.processes import PROCESS_KEYS, ProcessReader
from webapp.services.process_text.step_pictures import SAID_IN_TEXT, TakePicture, no_files

__all__ = ["NOTE", "TakePicture", "apply", "diff", "dump"]

SECTIONS = ("locations", "people", "processes")
NOTE = "Note: "


def apply(
    session: Session,
    org_id: str,
    actor_id: str,
    text: str,
    now: datetime,
    take_picture: TakePicture = no_files,
) -> list[str]:
    """Make the organisation as the text says, and return what changed, in lines of words.

    `take_picture` takes in the file that a step names as its picture.

    A line that begins with `NOTE` changes nothing; it says how the text was understood, or what
    to look at: somebody in a chain who does not work there, what chain lint found. Problem
    "process_text_not_valid" names each fault by its path, line and column; the session then
    holds half of the text and is to be rolled back.
    """
    faults: Faults = {}
    whole = compose(text, faults)
    sections = whole.members(SECTIONS) if whole else {}
    actor = session.get_one(Person, actor_id)
    lines = _apply_places_and_people(session, actor, sections, now)
    lines += _apply_processes(session, actor, sections, now, take_picture, check=not faults)
    if faults:
        raise Problem("process_text_not_valid", fields=in_order(faults))
    return lines


def diff(
    session: Session,
    org_id: str,
    actor_id: str,
    text: str,
    now: datetime,
    take_picture: TakePicture = no_files,
) -> list[str]:
    """Return what `apply` would change. The session is rolled back, so nothing is written."""
    try:
        return apply(session, org_id, actor_id, text, now, take_picture)
    finally:
        session.rollback()


def _apply_places_and_people(
    session: Session, actor: Person, sections: Mapping[str, Field], now: datetime
) -> list[str]:
    lines = []
    for section, keys, apply_one in (
        ("locations", LOCATION_KEYS, apply_location),
        ("people", PERSON_KEYS, apply_person),
    ):
        for entry in entries(sections.get(section), keys):
            try:
                lines += apply_one(session, actor, entry, now)
            except Problem as problem:
                entry.take(problem)
    return lines


def _apply_processes(
    session: Session,
    actor: Person,
    sections: Mapping[str, Field],
    now: datetime,
    take_picture: TakePicture,
    *,
    check: bool,
) -> list[str]:
    """Read every process, and check and save it.

    Not checked while the people or locations of the text have faults: what a process names may
    be missing only for that.
    """
    known = {
        person.name: person.id
        for person in people.all_of(session, actor.org_id)
        if person.deactivated_at is None
    }
    declared = {entry.name: "" for entry in entries(sections.get("people"), PERSON_KEYS)}
    lines, notes = [], []
    for entry in entries(sections.get("processes"), PROCESS_KEYS):
        reader = ProcessReader(entry, declared | known, take_picture)
        draft = reader.draft()
        if check:
            changes = _save(session, actor, reader, draft, now)
            lines += changes
            notes += _elsewhere(session, actor.org_id, draft.name)
            notes += _warnings(session, actor.org_id, draft.name, now) if changes else []
        notes += [NOTE + note] if (note := reader.note()) else []
    return lines + notes


def _elsewhere(session: Session, org_id: str, name: str) -> list[str]:
    """Who in the chain works somewhere else; nothing of a process that could not be saved."""
    process = _called(session, org_id, name)
    if process is None:
        return []
    version = definitions.current_version(process)
    return [f"{NOTE}{name}: {each}" for each in definitions.works_elsewhere(version)]


def _warnings(session: Session, org_id: str, name: str, now: datetime) -> list[str]:
    """What is worth a look in the process of that name, each with what mends it."""
    process = _called(session, org_id, name)
    found = lint.of_process(session, process, now) if process else []
    return [f"{NOTE}{name}: {each.sentence} {each.mend}" for each in found]


def _called(session: Session, org_id: str, name: str) -> Process | None:
    return session.scalars(
        select(Process).where(Process.org_id == org_id, Process.name == name)
    ).one_or_none()


def _save(
    session: Session, actor: Person, reader: ProcessReader, draft: ProcessDraft, now: datetime
) -> list[str]:
    process = _called(session, actor.org_id, draft.name)
    wrong = definitions.faults(session, actor.org_id, draft, now, process)
    if wrong:
        for path, sentence in wrong.items():
            reader.fault(path, SAID_IN_TEXT.get(sentence, sentence))
        return []
    saved, effect = definitions.save_telling(session, actor.id, actor.org_id, draft, now, process)
    if effect.version is None:
        return []
    title = f"Process {'changed' if process else 'added'}: {saved.name}"
    return [title, *(f"  {change}" for change in effect.differences), *_effect_lines(effect)]


def _effect_lines(effect: definitions.Effect) -> Iterator[str]:
    for place in effect.places:
        yield f"  At {at_places(place.places)}:"
        yield from (f"    {sentence}" for sentence in sentences(place))
