"""Erasing a person on request: what tells of them goes, what happened stays."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import Person
from webapp.problems import Problem
from webapp.rules import erasure as rules
from webapp.rules.sentences import say
from webapp.services import record
from webapp.services.erasure import (
    events,
    mentions,
    obstacles,
    own,
    photos,
    told,
    trace,
)


def erase_person(
    session: Session,
    actor: Person | None,
    person: Person,
    typed_name: str,
    now: datetime,
    *,
    with_photos: bool = False,
) -> int:
    """Erase the person for good, in one transaction; return how many events lost their words.

    `actor` is an owner, or None for who runs Baton. `typed_name` is the person's name, typed: it
    cannot be undone. Photos and files that they alone gave go only `with_photos`; signatures
    always do. Doing it again takes what came in since. The caller commits, and only then calls
    `finish_removing`.

    Raises "not_allowed", "person_not_erasable" or "name_not_typed" with the field `name`.
    """
    _check(session, actor, person, typed_name)
    known, instead = trace.of(session, person), own.said_instead(session, person, now)
    words = own.take_words(session, person, known, instead)
    known = trace.of(session, person, words.marks)
    kinds = ("signature", "photo", "file") if with_photos else ("signature",)
    gone = photos.of_person(session, person, kinds)
    photos.mark(session, person.org_id, gone, now)
    own.forget_ways_in(session, person)
    seqs = events.telling_of(session, person.org_id, known, words.step_runs)
    events.erase(session, person.org_id, seqs)
    _make_nameless(person, known.called, now)
    session.flush()
    rows = mentions.remove(session, person.org_id, known)
    _note(session, actor, person, now, seqs, gone, {"texts": words.count, "rows": rows})
    session.flush()
    session.expire_all()
    return len(seqs)


def _check(session: Session, actor: Person | None, person: Person, typed_name: str) -> None:
    if actor is not None and actor.org_id != person.org_id:
        raise Problem("not_found")
    if actor is not None and (actor.role != "owner" or actor.id == person.id):
        raise Problem("not_allowed", say("Only an owner erases somebody, and nobody themselves."))
    if found := obstacles.against(session, person):
        raise Problem("person_not_erasable", found[0], reasons=[str(each) for each in found])
    if " ".join(typed_name.split()) != person.name:
        raise Problem("name_not_typed", fields={"name": Problem("name_not_typed").title})


def _make_nameless(person: Person, called: str, now: datetime) -> None:
    """The row stays, so that counts and references hold."""
    person.name, person.email, person.extra_url, person.language = called, None, None, None
    person.password_hash = person.pin_hash = person.pin_set_at = None
    person.erased_at = person.erased_at or now


def _note(
    session: Session,
    actor: Person | None,
    person: Person,
    now: datetime,
    seqs: set[int],
    gone: list[str],
    counts: dict[str, Any],
) -> None:
    by = actor.id if actor else record.SYSTEM
    told.note(
        session,
        person.org_id,
        by,
        now,
        "person",
        seqs=seqs,
        photos=gone,
        person=person.id,
        counts=counts | {"events": rules.how_many(rules.ranges(seqs)), "photos": len(gone)},
    )
