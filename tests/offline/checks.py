"""Whether everything that was promised is on the server, once, whole and in order."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.offline.ledger import Ledger, Promise
from webapp.models import Blob, Command, Event, FixNote, Proof, StepRun
from webapp.services import blobs, pictures

STATUSES = {"applied", "superseded", "held", "rejected"}
CLOSED = {"done", "in_review"}


@dataclass(frozen=True)
class Seen:
    """What one phone shows when all is over: its receipts by id, and the words of its page."""

    receipts: dict[str, str]
    words: str
    commands: list[str] = field(default_factory=list)
    blobs: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Facts:
    """What the server has of one organisation."""

    commands: dict[str, Command]
    proofs: list[Proof]
    blobs: dict[str, Blob]
    steps: dict[str, StepRun]
    events: list[Event]
    notes: list[FixNote]


def facts_of(session: Session, org_id: str) -> Facts:
    """All of it, in order."""
    commands = session.scalars(select(Command).where(Command.org_id == org_id))
    proofs = session.scalars(select(Proof).where(Proof.org_id == org_id))
    kept = session.scalars(select(Blob).where(Blob.org_id == org_id))
    steps = session.scalars(select(StepRun).where(StepRun.org_id == org_id)).unique()
    events = session.scalars(select(Event).where(Event.org_id == org_id).order_by(Event.seq))
    notes = session.scalars(select(FixNote).where(FixNote.org_id == org_id))
    return Facts(
        {each.id: each for each in commands},
        list(proofs),
        {each.sha256: each for each in kept},
        {each.id: each for each in steps},
        list(events),
        list(notes),
    )


def freed_early(lies: dict[str, list[str]], ledger: Ledger, facts: Facts) -> Iterator[str]:
    """What is neither on the device nor, looked at afterwards, on the server."""
    commands, bytes_here = set(lies["commands"]), set(lies["blobs"])
    for promise in ledger.promises.values():
        if promise.id not in commands and promise.id not in facts.commands:
            yield f"{_name(promise)} is neither on the phone nor on the server"
        if promise.sha256 and promise.sha256 not in bytes_here and not _whole(promise, facts):
            yield f"the photo of {_name(promise)} is neither on the phone nor whole on the server"


def violations(ledger: Ledger, facts: Facts, seen: Seen, directory: Path) -> Iterator[str]:
    """What is wrong when everything was sent."""
    yield from _lost(ledger, facts, seen)
    yield from _by_hand(ledger, facts)
    yield from _doubled(ledger, facts)
    yield from _photos(ledger, facts, directory)
    yield from _left(seen)
    yield from (f"job {job} could not be saved: {why}" for job, why in ledger.refused.items())
    yield from _order(ledger, facts)
    yield from _unseen(facts, seen)


def _name(promise: Promise) -> str:
    return f"job {promise.job.number} ({promise.job.kind}, {promise.id})"


def _whole(promise: Promise, facts: Facts) -> bool:
    blob = facts.blobs.get(promise.sha256 or "")
    return blob is not None and blob.completed_at is not None


def _lost(ledger: Ledger, facts: Facts, seen: Seen) -> Iterator[str]:
    for promise in ledger.promises.values():
        command = facts.commands.get(promise.id)
        if command is None:
            yield f"{_name(promise)} is lost"
            continue
        told = seen.receipts.get(promise.id)
        unkept = told is None and ledger.had_no_room and command.status == "applied"
        if told != command.status and not unkept:
            yield f"{_name(promise)}: the phone has {told}, the server {command.status}"
        step = facts.steps[promise.step_run]
        if promise.job.kind != "fix_note" and step.state not in CLOSED:
            yield f"{_name(promise)} is there, and its step is {step.state} ({command.result})"


def _by_hand(ledger: Ledger, facts: Facts) -> Iterator[str]:
    for step in ledger.by_hand:
        count = sum(each.step_run_id == step for each in facts.proofs)
        if count != 1 or facts.steps[step].state not in CLOSED:
            yield f"step {step}, done by hand, is {facts.steps[step].state} with {count} proofs"


def _doubled(ledger: Ledger, facts: Facts) -> Iterator[str]:
    proofs = Counter(each.command_id for each in facts.proofs)
    notes = Counter(each.text for each in facts.notes)
    proven = Counter(each.step_run_id for each in facts.proofs)
    yield from (f"command {each} gave {n} proofs" for each, n in proofs.items() if n > 1)
    yield from (f"the fix note {each!r} is there {n} times" for each, n in notes.items() if n > 1)
    for step, count in proven.items():
        if count > 1:
            yield f"step {facts.steps[step].title} has {count} proofs"
    for promise in ledger.promises.values():
        made = notes[promise.job.text] if promise.job.kind == "fix_note" else proofs[promise.id]
        command = facts.commands.get(promise.id)
        if command is not None and command.status == "applied" and made != 1:
            yield f"{_name(promise)} was carried out {made} times"


def _photos(ledger: Ledger, facts: Facts, directory: Path) -> Iterator[str]:
    for promise in ledger.promises.values():
        if not promise.sha256:
            continue
        blob = facts.blobs.get(promise.sha256)
        if blob is None or blob.completed_at is None or blob.received != blob.length:
            yield f"the photo of {_name(promise)} is not whole"
        elif not _is_kept(directory, blob):
            yield f"the photo of {_name(promise)} is not what the server says it stored"


def _is_kept(directory: Path, blob: Blob) -> bool:
    path = pictures.sized(blobs.stored_path(directory, blob), "page")
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == blob.stored_sha256


def _left(seen: Seen) -> Iterator[str]:
    yield from (f"command {each} is still on the phone" for each in seen.commands)
    yield from (f"bytes {each[:12]} are still on the phone" for each in seen.blobs)


def _order(ledger: Ledger, facts: Facts) -> Iterator[str]:
    """Of each step: what was done first is recorded first."""
    by_text = {each.job.text: each for each in ledger.promises.values()}
    by_command = ledger.promises
    recorded: dict[str, list[int]] = defaultdict(list)
    proofs = {each.step_run_id: each.command_id for each in facts.proofs}
    closing = {"step.claimed": True, "step.done": True, "step.in_review": True}
    for event in facts.events:
        promise = None
        if event.kind == "fix.noted":
            promise = by_text.get(event.payload["text"])
        elif event.kind in closing:
            promise = by_command.get(proofs.get(event.subject, ""))
        numbers = recorded[event.subject]
        if promise is not None and promise.seq not in numbers:
            numbers.append(promise.seq)
    for step, numbers in recorded.items():
        if numbers != sorted(numbers):
            yield f"step {facts.steps[step].title} was recorded in the order {numbers}"


def _unseen(facts: Facts, seen: Seen) -> Iterator[str]:
    """What was refused or put before the owner is said on the page of today."""
    for command in facts.commands.values():
        if command.status not in STATUSES:
            yield f"command {command.id} is {command.status}"
        if command.status not in ("rejected", "held"):
            continue
        detail = command.result["detail"]
        if detail not in seen.words:
            yield f"command {command.id} was {command.status} ({detail}), and the page says nothing"
