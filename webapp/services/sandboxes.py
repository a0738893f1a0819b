"""What a visitor tries without an account: kept for a week on this server, then gone.

Or moved into the organisation that the visitor begins, where nothing of it expires: there it holds
the drafts that are no process yet.
"""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import CursorResult, delete, func, select
from sqlalchemy.orm import Session

from webapp.models import Sandbox, new_id
from webapp.problems import Problem

KEPT_FOR = timedelta(days=7)
MOST_DRAFTS = 20
LARGEST = 96 * 1024  # characters of JSON
MOST_AT_ONCE = 5000  # some 480 MB at their largest


class KeptDraft(TypedDict):
    """A draft as its form stands, and what it left open, in the words of its visitor."""

    id: str
    form: dict[str, Any]
    questions: list[str]


def begin(session: Session, now: datetime) -> Sandbox:
    """Begin an empty one; raises "sandbox_full" while too many visitors have one."""
    alive = select(func.count()).where(Sandbox.expires_at > now)
    if (session.scalar(alive) or 0) >= MOST_AT_ONCE:
        raise Problem("sandbox_full")
    content: dict[str, Any] = {"zone": "", "drafts": [], "answers": {}}
    sandbox = Sandbox(
        id=secrets.token_urlsafe(32), content=content, created_at=now, expires_at=now + KEPT_FOR
    )
    session.add(sandbox)
    session.flush()
    return sandbox


def of_visitor(session: Session, sandbox_id: str, now: datetime, *, lock: bool = False) -> Sandbox:
    """Return the one of this id, or raise "sandbox_gone" once it has expired or moved in."""
    query = select(Sandbox).where(Sandbox.id == sandbox_id, Sandbox.expires_at > now)
    if lock:
        query = query.with_for_update()
    sandbox = session.scalars(query).one_or_none()
    if sandbox is None:
        raise Problem("sandbox_gone")
    return sandbox


def of_organisation(session: Session, org_id: str) -> list[Sandbox]:
    """Return what moved into the organisation and is not all used yet, the oldest first."""
    query = select(Sandbox).where(Sandbox.org_id == org_id).order_by(Sandbox.created_at)
    return list(session.scalars(query))


def drafts_of_organisation(session: Session, org_id: str) -> list[KeptDraft]:
    """Return the drafts that moved into the organisation and are no process yet."""
    return [each for sandbox in of_organisation(session, org_id) for each in drafts(sandbox)]


def holding(session: Session, org_id: str, draft_id: str) -> Sandbox:
    """Return the one of the organisation that holds this draft, or raise "not_found"."""
    for sandbox in of_organisation(session, org_id):
        if any(each["id"] == draft_id for each in drafts(sandbox)):
            return sandbox
    raise Problem("not_found")


def drafts(sandbox: Sandbox) -> list[KeptDraft]:
    """Return its drafts in the order in which they were kept."""
    kept: list[KeptDraft] = sandbox.content["drafts"]
    return kept


def draft(sandbox: Sandbox, draft_id: str) -> KeptDraft:
    """Return one of its drafts, or raise "not_found"."""
    found = next((each for each in drafts(sandbox) if each["id"] == draft_id), None)
    if found is None:
        raise Problem("not_found")
    return found


def keep(sandbox: Sandbox, form: dict[str, Any], questions: list[str]) -> KeptDraft:
    """Add a draft; raises "sandbox_no_room" for one too many, or for too much in all."""
    if len(drafts(sandbox)) >= MOST_DRAFTS:
        raise Problem("sandbox_no_room")
    kept: KeptDraft = {"id": new_id(), "form": _keyed(form), "questions": questions}
    write(sandbox, drafts=[*drafts(sandbox), kept])
    return kept


def change(sandbox: Sandbox, draft_id: str, form: dict[str, Any]) -> None:
    """Keep what the form of a draft says now; raises "not_found" or "sandbox_no_room"."""
    old = draft(sandbox, draft_id)
    new: KeptDraft = {**old, "form": _keyed(form)}
    write(sandbox, drafts=[new if each is old else each for each in drafts(sandbox)])


def _keyed(form: dict[str, Any]) -> dict[str, Any]:
    """The form, with a key for each step, by which it is known again wherever it is moved."""
    steps = [step | {"key": step.get("key") or new_id()} for step in form["steps"]]
    return form | {"steps": steps}


def remove(session: Session, sandbox: Sandbox, draft_id: str) -> None:
    """Take a draft out; with the last one goes what moved in and holds nothing else."""
    gone = draft(sandbox, draft_id)
    write(sandbox, drafts=[each for each in drafts(sandbox) if each is not gone])
    is_used_up = sandbox.org_id is not None and not drafts(sandbox)
    if is_used_up and not sandbox.content["answers"]:
        session.delete(sandbox)


def write(sandbox: Sandbox, **parts: Any) -> None:
    """Put these parts into its content; raises "sandbox_no_room" when it grows too large."""
    content = sandbox.content | parts
    if len(json.dumps(content)) > LARGEST:
        raise Problem("sandbox_no_room")
    sandbox.content = content


def move_in(session: Session, sandbox: Sandbox, org_id: str) -> None:
    """Let it belong to the organisation; the visitor's browser opens it no more."""
    sandbox.org_id, sandbox.expires_at = org_id, None
    session.flush()


def forget(session: Session, sandbox: Sandbox) -> None:
    """Delete it with all that is in it."""
    session.delete(sandbox)


def sweep(session: Session, now: datetime, *, dry_run: bool = False) -> int:
    """Delete those that have expired, and return how many they are, or would be."""
    expired = Sandbox.expires_at <= now
    if dry_run:
        return session.scalar(select(func.count()).where(expired)) or 0
    done = session.execute(delete(Sandbox).where(expired))
    return done.rowcount if isinstance(done, CursorResult) else 0
