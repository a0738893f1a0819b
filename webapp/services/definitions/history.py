"""The versions of a process: who made them, what each changed, and an older one restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Process, ProcessVersion
from webapp.problems import Problem
from webapp.services.definitions.draft import ProcessDraft, draft_of
from webapp.services.definitions.effects import Effect
from webapp.services.definitions.finding import names_of
from webapp.services.definitions.saving import save_telling
from webapp.services.definitions.words import Compared, differences, side_by_side


@dataclass(frozen=True, slots=True)
class Made:
    """A version as history tells it: `by` is None for Baton itself; the first changes nothing."""

    number: int
    at: datetime
    by: str | None
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What was changed between two versions, and by whom: the names of people by their ids."""

    people: dict[str, str]
    differences: tuple[str, ...]


def history(session: Session, process: Process) -> list[Made]:
    """Return the versions of the process, the newest first, with what each changed."""
    versions, names = _versions(session, process), names_of(session, process.org_id)
    told = [_made(versions[0], names, ())]
    for before, after in pairwise(versions):
        changes = differences(draft_of(before), draft_of(after), names)
        told.append(_made(after, names, changes))
    return told[::-1]


def compared(session: Session, process: Process, older: int, newer: int) -> list[Compared]:
    """Return two versions line by line; Problem "not_found" where there is no such version."""
    before, after = version_of(session, process, older), version_of(session, process, newer)
    return side_by_side(draft_of(before), draft_of(after), names_of(session, process.org_id))


def since(session: Session, process: Process, older: int, newer: int) -> Since:
    """Return who made the versions after `older` up to `newer`, and how those two differ.

    Raises "not_found" where there is no such version.
    """
    names = names_of(session, process.org_id)
    between = [each for each in _versions(session, process) if older < each.number <= newer]
    makers = [each.created_by_id or "" for each in between]
    before, after = (draft_of(version_of(session, process, each)) for each in (older, newer))
    people = {each: names.get(each, "Baton") for each in makers}
    return Since(people, tuple(differences(before, after, names)))


def told_apart(
    session: Session, process: Process, before: ProcessDraft, after: ProcessDraft
) -> list[str]:
    """Return how two drafts of the process differ, in words; both in the form that is stored."""
    return differences(before, after, names_of(session, process.org_id))


def restore(
    session: Session, actor_id: str, process: Process, number: int, now: datetime
) -> tuple[Process, Effect]:
    """Make a new version that is as version `number` was; a retired process is taken up again.

    Its rule counts from where it counted then, and its steps are the same steps. Raises what
    `save` raises: somebody of then may have left.
    """
    old = version_of(session, process, number)
    return save_telling(session, actor_id, process.org_id, draft_of(old), now, process, like=old)


def version_of(session: Session, process: Process, number: int) -> ProcessVersion:
    """Return that version of the process, or raise "not_found"."""
    query = select(ProcessVersion).where(
        ProcessVersion.process_id == process.id, ProcessVersion.number == number
    )
    found = session.scalars(query).one_or_none()
    if found is None:
        raise Problem("not_found")
    return found


def _versions(session: Session, process: Process) -> Sequence[ProcessVersion]:
    query = (
        select(ProcessVersion)
        .where(ProcessVersion.process_id == process.id)
        .order_by(ProcessVersion.number)
    )
    return session.scalars(query).all()


def _made(version: ProcessVersion, names: dict[str, str], changes: Sequence[str]) -> Made:
    by = names.get(version.created_by_id or "")
    return Made(version.number, version.created_at, by, tuple(changes))
