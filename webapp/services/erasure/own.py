"""What is a person's own: their words, their devices, their ways in, and when they were away."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from typing import cast as cast_type

from sqlalchemy import CursorResult, String, Update, cast, delete, false, or_, select, update
from sqlalchemy.orm import Session

from webapp.formats import day
from webapp.models import (
    Absence,
    ApiToken,
    CodeTries,
    Command,
    Device,
    FixNote,
    Handoff,
    Invitation,
    Organisation,
    OutboxMessage,
    Person,
    PinTries,
    Proof,
    PushSubscription,
    Review,
    Signal,
    SignIn,
    StepRun,
)
from webapp.models.person import person_location
from webapp.rules import erasure as rules
from webapp.rules.erasure import Trace
from webapp.rules.proof import evidence_sha256
from webapp.services.erasure.events import as_written
from webapp.words import gettext as _
from webapp.words import speaking

# What only ever belonged to them; nothing refers to these rows.
GONE = (
    Invitation,
    SignIn,
    ApiToken,
    PushSubscription,
    Device,
    Absence,
    PinTries,
    CodeTries,
    Signal,
)
_NO_HASH = "0" * 64


@dataclass
class Words:
    """What was taken out: how many texts, the hashes they had, and the step runs they were of."""

    count: int = 0
    marks: set[str] = field(default_factory=set)
    step_runs: set[str] = field(default_factory=set)


def said_instead(session: Session, person: Person, now: datetime) -> str:
    """Return what stands where their words were, in the organisation's language."""
    with speaking(session.get_one(Organisation, person.org_id).language):
        return _("Erased on %(day)s.", day=day(now.date(), weekday=False, year=True))


def take_words(session: Session, person: Person, trace: Trace, instead: str) -> Words:
    """Put `instead` in the place of everything that they wrote."""
    words = Words()
    for proof in _proofs_with_words(session, person, instead):
        _take_from(session, proof, instead, words)
    for statement in _texts(person, instead):
        words.count += _changed(session, statement)
    _forget_commands(session, person)
    _forget_told(session, trace, person.org_id, instead)
    return words


def forget_ways_in(session: Session, person: Person) -> None:
    """Remove what only they used or was noticed of them: ways in, devices, absences, signals."""
    for model in GONE:
        session.execute(delete(model).where(model.person_id == person.id))
    session.execute(delete(person_location).where(person_location.c.person_id == person.id))


def _changed(session: Session, statement: Update) -> int:
    """How many rows it changed; nobody goes on with one of them in the same transaction."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast_type("CursorResult[Any]", done).rowcount


def _proofs_with_words(session: Session, person: Person, instead: str) -> Iterator[Proof]:
    query = select(Proof).where(Proof.person_id == person.id, Proof.org_id == person.org_id)
    for proof in session.scalars(query.execution_options(yield_per=500)):
        if rules.kept_of_proof(proof.content, instead) != proof.content:
            yield proof


def _take_from(session: Session, proof: Proof, instead: str, words: Words) -> None:
    """A short note could be guessed from its hash, so that goes too, where it is bound to."""
    old = proof.evidence_sha256
    content = rules.kept_of_proof(proof.content, instead)
    new = evidence_sha256(content | {"attempt": proof.attempt})
    for model, bound in ((Proof, Proof.id == proof.id), (Review, Review.proof_id == proof.id)):
        session.execute(
            update(model)
            .where(bound)
            .values({"evidence_sha256": new} | ({"content": content} if model is Proof else {}))
            .execution_options(synchronize_session=False)
        )
    words.count += 1
    words.step_runs.add(proof.step_run_id)
    if new != old:
        words.marks.add(old)


def _texts(person: Person, instead: str) -> Iterator[Update]:
    """One update for each kind of text that they wrote outside their proofs."""
    by = person.id
    yield update(FixNote).where(FixNote.person_id == by).values(text=instead)
    said_why = (Review.reviewer_id == by) & Review.reason.is_not(None)
    yield update(Review).where(said_why).values(reason=instead)
    could_not = (Handoff.from_id == by) & Handoff.words.is_not(None)
    yield update(Handoff).where(could_not).values(words=instead)
    named = (Handoff.from_id == by) & Handoff.dark_device.is_not(None)
    yield update(Handoff).where(named).values(dark_device=None)
    skipped = (StepRun.closed_by_id == by) & StepRun.skip_reason.is_not(None)
    yield update(StepRun).where(skipped, StepRun.not_needed.is_(None)).values(skip_reason=instead)
    planned = (Absence.created_by_id == by) & (Absence.reason != "")
    yield update(Absence).where(planned).values(reason="")


def _forget_commands(session: Session, person: Person) -> None:
    """What their devices sent; what became of it stays, as code and as the step it was about."""
    session.execute(
        update(Command)
        .where(Command.person_id == person.id)
        .values(content={}, content_sha256=_NO_HASH)
        .execution_options(synchronize_session=False)
    )


def _forget_told(session: Session, trace: Trace, org_id: str, instead: str) -> None:
    """Words of theirs in messages to others; their name goes with all other names."""
    text = cast(OutboxMessage.facts, String)
    names = [text.contains(each, autoescape=True) for each in as_written(trace)]
    query = select(OutboxMessage.id, OutboxMessage.facts)
    query = query.where(OutboxMessage.org_id == org_id, or_(false(), *names))
    for message_id, facts in session.execute(query).all():
        if trace.names & {facts.get("by"), facts.get("from")}:
            session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.id == message_id)
                .values(facts=_without_words(facts, instead))
                .execution_options(synchronize_session=False)
            )


def _without_words(facts: dict[str, Any], instead: str) -> dict[str, Any]:
    """What is sent back has a reason in words, what is handed on has a code there, and words."""
    key = "reason" if "by" in facts else "words"
    said = {key: instead} if facts.get(key) else {}
    return facts | said | ({"dark_device": None} if "dark_device" in facts else {})
