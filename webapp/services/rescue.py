"""Taking in what a rescue file holds: each thing as its person's, once, whoever brings it first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Command, Device, Organisation, Person, StepRun
from webapp.problems import Problem
from webapp.rules.sentences import N_, say
from webapp.services import commands, devices, held, record
from webapp.services.rescue_file import Contents
from webapp.services.step_commands import Asked
from webapp.words import gettext as _

# What became of a thing: `here` came before by itself, `attached` is kept with a step that was
# closed already, `failed` was not taken in for a fault on our side and can be taken in again,
# `skipped` belongs to nobody here and was left in the file.
OUTCOMES = ("applied", "attached", "held", "rejected", "failed", "here", "skipped")
TAKEN = ("applied", "attached", "held")
# What is not a proof, by its kind; %(about)s is a step and its process.
KINDS = {
    "cannot_do": N_("Cannot do: %(about)s"),
    "not_applicable": N_("Not applicable: %(about)s"),
    "fix_note": N_("Note: %(about)s"),
}
ON_ITS_WAY = N_("The step is done as soon as its photo or file is here.")
_OUTCOME_OF = {"superseded": "attached"}
WORDS = {
    "done": N_("The step is done."),
    "done_in_time": N_("It was done in time. Whoever took it over is told so."),
    "done_late": N_("The step is done, after it had been missed."),
    "in_review": N_("The step waits for approval."),
    "proof_on_its_way": ON_ITS_WAY,
    "already_done": N_("The step was already done. The proof is kept with it."),
    "done_by_another": N_("Somebody else had already done the step. The proof is kept with it."),
    "not_needed": N_("The step is no longer needed. What was sent is kept with it."),
}


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one thing in the file, in words for who took it in.

    `step_run` is the id of the step that it is of, `command` the id of the command, where known.
    """

    what: str
    by: str
    outcome: str
    words: str
    step_run: str | None = None
    command: str | None = None


def check_organisation(contents: Contents, organisation: Organisation) -> None:
    """Raise rescue_not_valid when the file says that it is of another organisation."""
    theirs = contents.organisation
    if theirs is not None and theirs.id != organisation.id:
        words = (
            f"This file is from a device of {theirs.name or 'another organisation'}, "
            f"not of {organisation.name}. Nothing was taken in."
        )
        raise Problem("rescue_not_valid", words)


def people_of(session: Session, contents: Contents, org_id: str) -> dict[str, Person]:
    """Return by id those of the organisation whose work is in the file, who left included."""
    named = [each.get("person") for each in contents.commands if isinstance(each, dict)]
    ids = {each for each in named if isinstance(each, str)}
    query = select(Person).where(Person.org_id == org_id, Person.id.in_(ids))
    return {person.id: person for person in session.scalars(query)}


def take_command(
    session: Session, person: Person, device_id: str, asked: Asked, now: datetime
) -> Item:
    """Carry out one command of the file as its person, or say what became of it before.

    Raises what `commands.carry_out` raises; the caller rolls back and keeps it with `refuse`.
    """
    was_here = session.get(Command, (person.org_id, asked.id)) is not None
    device = device_of(session, person.org_id, device_id)
    done = commands.carry_out(session, person, device, asked, now)
    return _item(session, person, done, was_here)


def refuse(
    session: Session,
    person: Person,
    device_id: str,
    asked: Asked,
    problem: Problem,
    now: datetime,
) -> Item:
    """Keep a command of the file that could not be carried out, with the reason."""
    if problem.code == "id_reused":
        return Item(_what(session, None, asked.kind), person.name, "rejected", problem.detail)
    device = device_of(session, person.org_id, device_id)
    kept = commands.reject(session, person, device, asked, problem, now)
    return _item(session, person, kept, was_here=False)


def device_of(session: Session, org_id: str, device_id: str) -> Device | None:
    """Return the device, if it was ever heard from; a file is no word from it."""
    return session.get(Device, (org_id, device_id))


def by_now(session: Session, items: Sequence[Item]) -> list[Item]:
    """Return the items as things stand once the bytes of the file are here as well."""
    return [_by_now(session, item) if ON_ITS_WAY in item.words else item for item in items]


def _by_now(session: Session, item: Item) -> Item:
    step_run = session.get(StepRun, item.step_run, populate_existing=True)
    words = WORDS.get(step_run.state) if step_run else None
    return replace(item, words=item.words.replace(ON_ITS_WAY, words)) if words else item


def arrived_from(session: Session, org_id: str, device_id: str, items: Sequence[Item]) -> set[int]:
    """Return the numbers of the commands that are stored as this device's.

    What the file says of itself counts for nothing: whoever carried it could number junk, or a
    command that had come before, with what the device lost.
    """
    ids = [item.command for item in items if item.command]
    query = select(Command.seq).where(
        Command.org_id == org_id, Command.id.in_(ids), Command.device_id == device_id
    )
    return {number for number in session.scalars(query) if number is not None}


def note_arrived(session: Session, org_id: str, device_id: str, arrived: set[int]) -> None:
    """Note that these numbers of the device are here: it has not lost them."""
    device = session.get(Device, (org_id, device_id), with_for_update=True, populate_existing=True)
    if device is not None and arrived:
        devices.arrived_otherwise(device, arrived)


def note_taken_in(
    session: Session,
    org_id: str,
    actor_id: str,
    contents: Contents,
    items: Sequence[Item],
    now: datetime,
) -> None:
    """Note in the record who took the file in, and what became of what it holds."""
    payload = {
        "made_at": contents.made_at,
        "app_version": contents.app_version,
        "people": sorted({item.by for item in items if item.by}),
        "new": sum(item.outcome in TAKEN for item in items),
        "results": dict(sorted(Counter(item.outcome for item in items).items())),
    }
    record.note(session, org_id, now, "rescue.taken_in", actor_id, contents.device, payload)


def _item(session: Session, person: Person, done: Command, was_here: bool) -> Item:
    about = done.result.get("step_run") or {}
    what = _what(session, str(about.get("id") or ""), done.kind)
    detail = _words(person, done)
    outcome = "here" if was_here else _OUTCOME_OF.get(done.status, done.status)
    words = say("It had arrived before. %(detail)s", detail=say(detail)) if was_here else detail
    return Item(what, person.name, outcome, words, about.get("id"), done.id)


def _words(person: Person, done: Command) -> str:
    """What became of it, as who takes the file in reads it: the receipt speaks to who did it."""
    code = str(done.result.get("code"))
    if done.status == "held":
        return _(held.WHY.get(code, held.MOVED_ON), by=person.name)
    return WORDS.get(code) or str(done.result.get("detail") or "")


def _what(session: Session, step_run_id: str | None, kind: str) -> str:
    step_run = session.get(StepRun, step_run_id) if step_run_id else None
    if step_run is None:
        return say("A step that is not known")
    run = step_run.run
    about = say(
        "“%(step)s” of %(process)s at %(location)s",
        step=step_run.title,
        process=run.process.name,
        location=run.location.name,
    )
    return say(KINDS[kind], about=about) if kind in KINDS else about
