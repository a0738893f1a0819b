"""What part of the record is asked for: days, a process, a location, a step, or all of it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Location, Process, ProcessVersion, Step
from webapp.problems import Problem
from webapp.rules.sentences import N_, say

Row = TypeVar("Row", Process, Location)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part, as somebody says it; nothing said is all of it.

    Days are those on which the runs were due, each on its own location's calendar, both included.
    A process and a location are an id or a name, a step is a key or a title.
    """

    since: date | None = None
    until: date | None = None
    process: str = ""
    location: str = ""
    step: str = ""

    @property
    def is_all(self) -> bool:
        """Whether nothing narrows it."""
        return self == Asked()


@dataclass(frozen=True, slots=True)
class Part:
    """The same, found in the organisation: ids, and the names that the record is to say."""

    org_id: str
    since: date | None = None
    until: date | None = None
    process: Process | None = None
    location: Location | None = None
    step: str = ""
    step_keys: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether nothing narrows it."""
        return not any((self.since, self.until, self.process, self.location, self.step))

    def as_json(self) -> dict[str, str]:
        """What the record and the manifest say that was asked for."""
        said = {
            "from": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "process": self.process.name if self.process else "",
            "location": self.location.name if self.location else "",
            "step": self.step,
        }
        return {name: value for name, value in said.items() if value}


def find(session: Session, org_id: str, asked: Asked) -> Part:
    """Return the part that is meant, or raise what is not there."""
    if asked.since and asked.until and asked.until < asked.since:
        raise Problem("not_valid", N_("The last day comes before the first."))
    process = _one(session, Process, org_id, asked.process) if asked.process else None
    location = _one(session, Location, org_id, asked.location) if asked.location else None
    keys = _step_keys(session, org_id, asked.step, process) if asked.step else ()
    return Part(org_id, asked.since, asked.until, process, location, asked.step, keys)


def _one(session: Session, kind: type[Row], org_id: str, wanted: str) -> Row:
    named = func.lower(kind.name) == wanted.strip().lower()
    query = select(kind).where(kind.org_id == org_id, (kind.id == wanted) | named)
    found = session.scalars(query).unique().all()
    if not found:
        raise Problem("not_found", say("Nothing here is called %(name)s.", name=wanted))
    return found[0]


def _step_keys(
    session: Session, org_id: str, wanted: str, process: Process | None
) -> tuple[str, ...]:
    """The keys of the steps of that key or title, also as earlier versions or a place had it."""
    is_named = (Step.key == wanted) | (func.lower(Step.title) == wanted.strip().lower())
    defined = (
        select(Step.key)
        .join(ProcessVersion, ProcessVersion.id == Step.version_id)
        .join(Process, Process.id == ProcessVersion.process_id)
        .where(Process.org_id == org_id, is_named)
    )
    if process is not None:
        defined = defined.where(Process.id == process.id)
    keys = tuple(sorted(set(session.scalars(defined))))
    if not keys:
        raise Problem("not_found", say("No step is called %(name)s.", name=wanted))
    return keys
