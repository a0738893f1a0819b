"""The digest: each Monday at seven an owner is told of the week before, with the record's head.

The head is published and committed first, so that a mail box outside holds what the record said
then: who would rewrite the record later would have to rewrite that mail too.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from webapp.models import Location, OutboxMessage, Person, Run
from webapp.models.person import DIGESTS
from webapp.problems import Problem
from webapp.rules import weeks
from webapp.rules.moment_words import local_date, span_words
from webapp.rules.weeks import WEEK
from webapp.services import (
    dead_end_words,
    dead_ends,
    languages,
    other_channels,
    patterns,
    record,
    record_heads,
    week,
    week_words,
)
from webapp.services.patterns import words as pattern_words
from webapp.services.week import Week
from webapp.words import count, ngettext, speaking, translated
from webapp.words import gettext as _

AT = time(7)
# After an outage a digest still comes; one of the week before last would only confuse.
KEEP_FOR = timedelta(days=2)
LOOK_EVERY = timedelta(hours=1)
MOST_NEEDED = MOST_PATTERNS = 5
HASH_IN_SHORT = 16


@dataclass(frozen=True, slots=True)
class Owed:
    """An organisation whose owners are to be told now of the week that began on `monday`."""

    org_id: str
    monday: date
    until: datetime


def choose(session: Session, person: Person, digest: str, now: datetime) -> None:
    """Keep by what an owner is told of the week; raises "digest_unknown"."""
    if digest not in DIGESTS:
        raise Problem("digest_unknown")
    if digest != person.digest:
        person.digest = digest
        facts = {"digest": digest}
        record.note(
            session, person.org_id, now, "person.digest_chosen", person.id, person.id, facts
        )


def owed(session: Session, now: datetime) -> list[Owed]:
    """Return whose owners are to be told now and have not been, of a week that had runs."""
    found = []
    for org_id, zone in _zones(session):
        at = _last_time(zone, now)
        each = Owed(org_id, at.astimezone(ZoneInfo(zone)).date() - WEEK, at + KEEP_FOR)
        if now < each.until and _readers(session, each) and _had_runs(session, each, zone):
            found.append(each)
    return found


def next_look(session: Session, now: datetime) -> datetime:
    """Return when to look again: at the next digest of anybody, at the latest in an hour."""
    coming = [_last_time(zone, now + WEEK) for _org, zone in _zones(session)]
    return min([now + LOOK_EVERY, *(at for at in coming if at > now)])


def write(session: Session, each: Owed, now: datetime) -> None:
    """Put the digest of the week into the outbox, once for each owner and channel."""
    for person in _readers(session, each):
        with speaking(languages.of(person)):
            facts = _facts(session, person, each.monday, now)
        for channel in channels_of(session, person):
            session.add(_row(person, channel, facts, each, now))


def channels_of(session: Session, person: Person) -> list[str]:
    """Return by what the person is told; an e-mail only where one can be sent."""
    has_mail = "email" in other_channels.of_person(session, person)
    wanted = {"both": ("push", "email"), "none": ()}.get(person.digest, (person.digest,))
    return [channel for channel in wanted if channel != "email" or has_mail]


def _row(
    person: Person, channel: str, facts: dict[str, Any], each: Owed, now: datetime
) -> OutboxMessage:
    return OutboxMessage(
        org_id=person.org_id,
        person_id=person.id,
        dedupe_key=_key(each, person.id, channel),
        kind="digest",
        channel=channel,
        facts=facts,
        created_at=now,
        next_attempt_at=now,
        expires_at=each.until,
    )


def _key(each: Owed, person_id: str, channel: str) -> str:
    return f"digest:{weeks.name_of(each.monday)}:{person_id}:{channel}"


def _zones(session: Session) -> list[tuple[str, str]]:
    """Each organisation with the zone of its first location, where its Monday begins."""
    first = select(func.min(Location.id)).group_by(Location.org_id)
    query = select(Location.org_id, Location.time_zone).where(Location.id.in_(first))
    return [(org_id, zone) for org_id, zone in session.execute(query.order_by(Location.org_id))]


def _last_time(zone: str, now: datetime) -> datetime:
    """The last Monday at seven on that wall which is not after `now`."""
    today = local_date(now, zone)
    monday = weeks.monday_of(today)
    at = datetime.combine(monday, AT, ZoneInfo(zone))
    return at if at <= now else datetime.combine(monday - WEEK, AT, ZoneInfo(zone))


def _readers(session: Session, each: Owed) -> list[Person]:
    """The owners who want to be told and have not been."""
    query = select(Person).where(
        Person.org_id == each.org_id,
        Person.role == "owner",
        Person.deactivated_at.is_(None),
        Person.digest != "none",
    )
    people = list(session.scalars(query.order_by(Person.created_at, Person.id)))
    keys = [_key(each, person.id, way) for person in people for way in ("push", "email")]
    known = select(OutboxMessage.person_id).where(OutboxMessage.dedupe_key.in_(keys))
    told = set(session.scalars(known))
    return [person for person in people if person.id not in told and channels_of(session, person)]


def _had_runs(session: Session, each: Owed, zone: str) -> bool:
    since, until = weeks.span(each.monday, each.monday + WEEK - timedelta(days=1), zone)
    due = (Run.org_id == each.org_id, Run.deadline_at >= since, Run.deadline_at < until)
    return bool(session.scalar(select(exists().where(*due, Run.state != "void"))))


def _facts(session: Session, person: Person, monday: date, now: datetime) -> dict[str, Any]:
    """What the digest says, in the language spoken now: words, for each way of telling them."""
    found = week.of(session, person, monday, now)
    owner = week.owner_name(session, person)
    needed = week_words.needed(found, owner)
    lead = week_words.lead(found.coverage, is_over=True)
    span = translated(span_words(monday, monday + WEEK - timedelta(days=1), monday + WEEK))
    head = record_heads.latest(session, person.org_id)
    parts = [
        _needed(needed, found.unread, owner),
        _moved(found),
        _patterns(session, person),
        _ahead(session, person, now),
    ]
    return {
        "title": _("Week of %(days)s", days=span),
        "lead": f"{lead} {found.coverage.sentence}",
        "short": _short(lead, len(needed) + found.unread if owner is None else 0, head),
        "parts": [part for part in parts if part],
        "head": _head(head),
        "url": f"/week?week={weeks.name_of(monday)}",
    }


def _needed(came: list[week_words.Came], unread: int, owner: str | None) -> dict[str, Any]:
    lines = [f"{each.sentence} {each.why}" for each in came[:MOST_NEEDED]]
    if more := len(came) - len(lines) + unread:
        lines.append(ngettext("And %(num)s more.", "And %(num)s more.", more))
    title = _("What needed you, and why") if owner is None else _("What needed the owner, and why")
    return {"title": title, "lines": lines or [_("Nothing.")]}


def _moved(found: Week) -> dict[str, Any]:
    took = week_words.who_took(found)
    return {"title": _("What moved by itself"), "lines": [took]} if took else {}


def _patterns(session: Session, person: Person) -> dict[str, Any]:
    rows = patterns.current(session, person.org_id, person)[:MOST_PATTERNS]
    lines = pattern_words.sentences(session, rows)
    return {"title": _("What keeps failing"), "lines": lines} if lines else {}


def _ahead(session: Session, person: Person, now: datetime) -> dict[str, Any]:
    lines = dead_end_words.sentences(dead_ends.ahead(session, person, now), person, now)
    return {"title": _("What the next seven days lack"), "lines": lines} if lines else {}


def _short(lead: str, needed: int, head: record_heads.Head | None) -> str:
    """What fits a push: both numbers, how much needed the reader, and the head in short."""
    said = [lead]
    if needed:
        said.append(ngettext("%(num)s thing needed you.", "%(num)s things needed you.", needed))
    if head:
        said.append(_anchor(head.seq, f"{head.hash[:HASH_IN_SHORT]}…"))
    return " ".join(said)


def _head(head: record_heads.Head | None) -> dict[str, str] | None:
    if head is None:
        return None
    return {
        "title": _("The record"),
        "anchor": _anchor(head.seq, head.hash),
        "why": _(
            "Keep this message. Nobody can change what the record said before it without its not"
            " fitting this number and these letters any more; to check, verify an export with them."
        ),
    }


def _anchor(seq: int, shown: str) -> str:
    # Translators: the last event of the record and its hash: “Event 51,234 · ab12…”.
    return _("Event %(number)s · %(hash)s", number=count(seq), hash=shown)
