"""The record: the newest events each time, and again and again all the older ones, in slices."""

from collections.abc import Iterator

from sqlalchemy import select

from webapp.models import Event, Organisation, RecordHead
from webapp.rules import record as rules
from webapp.rules.sentences import say
from webapp.services import erasure, record
from webapp.services.audit.finding import Finding, or_say
from webapp.services.audit.look import Look, Memory

GENESIS = (0, rules.GENESIS)
# How far back the first audit of a process begins; what is older is reread in slices.
TAIL = 500
SLICE = 500


def check(look: Look) -> Iterator[Finding]:
    """Find records that do not stand; a whole audit reads all of each."""
    for organisation in look.session.scalars(select(Organisation).order_by(Organisation.id)).all():
        says = say(
            "The record of %(organisation)s cannot be read. Tell who runs Baton.",
            organisation=organisation.name,
        )
        unreadable = Finding("record_broken", organisation.id, organisation.id, says)
        yield from or_say(_of(look, organisation), unreadable)


def _of(look: Look, organisation: Organisation) -> Iterator[Finding]:
    yield from _erased_unsaid(look, organisation)
    for verdict in _verdicts(look, organisation.id):
        if isinstance(verdict, rules.Broken):
            sentence = say(
                "The record of %(organisation)s does not stand from event %(seq)s on.",
                organisation=organisation.name,
                seq=verdict.seq,
            )
            subject = f"{organisation.id}:{verdict.seq}"
            yield Finding("record_broken", subject, organisation.id, sentence)
            return


def _erased_unsaid(look: Look, organisation: Organisation) -> Iterator[Finding]:
    """Whoever has the database in hand could erase; then the record does not tell of it."""
    seq = erasure.unsaid(look.session, organisation.id)
    if seq is not None:
        sentence = say(
            "What event %(seq)s of %(organisation)s says was erased, and the record does not tell"
            " by whom.",
            seq=seq,
            organisation=organisation.name,
        )
        yield Finding("erased_unsaid", f"{organisation.id}:{seq}", organisation.id, sentence)


def _verdicts(look: Look, org_id: str) -> Iterator[rules.Verified | rules.Broken]:
    if look.memory is None:
        yield record.verify(look.session, org_id)
        return
    yield _tail(look, org_id, look.memory)
    yield _slice(look, org_id, look.memory)


def _tail(look: Look, org_id: str, memory: Memory) -> rules.Verified | rules.Broken:
    """Verify what came since the last audit, up to the head."""
    after = memory.tails.get(org_id) or _some_way_back(look, org_id)
    verdict = record.verify(look.session, org_id, after=after)
    if isinstance(verdict, rules.Verified):
        memory.tails[org_id] = (verdict.count, verdict.head)
    return verdict


def _some_way_back(look: Look, org_id: str) -> tuple[int, str]:
    head = look.session.get(RecordHead, org_id)
    seq = max(head.seq - TAIL, 0) if head else 0
    hash_there = look.session.scalar(
        select(Event.hash).where(Event.org_id == org_id, Event.seq == seq)
    )
    return (seq, hash_there) if hash_there else GENESIS


def _slice(look: Look, org_id: str, memory: Memory) -> rules.Verified | rules.Broken:
    """Verify the next older events; from the beginning again once all were seen."""
    after = memory.reread.get(org_id, GENESIS)
    verdict = record.verify(look.session, org_id, after=after, most=SLICE)
    if isinstance(verdict, rules.Verified):
        is_over = verdict.count < after[0] + SLICE
        memory.reread[org_id] = GENESIS if is_over else (verdict.count, verdict.head)
    return verdict
