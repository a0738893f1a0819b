"""Messages: to the right people, received by some device, and not stuck on their way."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from webapp.models import OutboxMessage, Person, Process, Run
from webapp.rules.sentences import N_, say
from webapp.services.audit.finding import Finding
from webapp.services.audit.look import MOST, Look
from webapp.services.audit.reach import People
from webapp.services.audit.steps import found
from webapp.services.audit.subjects import Subject
from webapp.services.silence import SILENCE

# A worker keeps what it has in hand for a minute at a time.
LONGEST_LEASE = timedelta(minutes=2)
# Retries come every five minutes at the latest, for as long as the message is worth something.
AFTER_EXPIRY = timedelta(minutes=10)
MOST_ATTEMPTS = 1000


def check_step(subject: Subject, everybody: People) -> Iterator[Finding]:
    """Find messages about a step that went to strangers, or that no device took."""
    insiders = _insiders(subject, everybody)
    for message in subject.messages:
        if subject.chain and message.person_id not in insiders:
            says = N_("%(step)s was told to somebody who is not in its chain.")
            yield found(subject, "message_to_outsider", says)
        if _without_receipt(subject, message):
            says = N_("%(step)s counts as told, and no device has taken it.")
            yield found(subject, "message_without_receipt", says)
    review = f"review:{subject.row.proof_id}"
    waits = subject.row.state == "in_review"
    if waits and review not in {message.dedupe_key for message in subject.messages}:
        says = N_("%(step)s waits for review, and nobody was asked.")
        yield found(subject, "review_untold", says)


def _insiders(subject: Subject, everybody: People) -> set[str]:
    chain = {level.person for level in subject.chain}
    takers = {handoff.to_id for handoff in subject.handoffs}
    return chain | takers | everybody.owners.get(subject.row.org_id, frozenset())


def _without_receipt(subject: Subject, message: Any) -> bool:
    sent = message.channel == "push" and message.outcome == "accepted"
    return sent and not {message.id, message.sent_as} & subject.received


def check(look: Look) -> Iterator[Finding]:
    """Find messages and reminders that should be on their way, and are not."""
    yield from _unsettled(look)
    yield from _reminders(look)


def _unsettled(look: Look) -> Iterator[Finding]:
    due_at, row = OutboxMessage.next_attempt_at, OutboxMessage
    stuck = and_(row.lease.is_not(None), due_at > look.now + LONGEST_LEASE)
    endless = or_(row.attempts > MOST_ATTEMPTS, row.expires_at < look.worker_at - AFTER_EXPIRY)
    overdue = due_at < look.worker_at - SILENCE
    query = (
        select(row.id, row.org_id, row.kind, Person.name, stuck, endless)
        .join(Person, Person.id == row.person_id)
        .where(due_at.is_not(None), or_(stuck, endless, overdue))
        .order_by(due_at)
        .limit(MOST)
    )
    for message_id, org_id, kind, name, is_stuck, is_endless in look.session.execute(query):
        code, says = _trouble(is_stuck, is_endless)
        about = say(_WORDS.get(kind, kind))
        yield Finding(code, message_id, org_id, say(says, name=name, about=about))


def _trouble(is_stuck: bool, is_endless: bool) -> tuple[str, str]:
    if is_stuck:
        # Translators: %(about)s is what it tells of: “a step is theirs”.
        held = N_("A message to %(name)s (%(about)s) is held by a worker that does not send it.")
        return "message_stuck", held
    if is_endless:
        again = N_("A message to %(name)s (%(about)s) is tried again and again without an end.")
        return "message_endless", again
    waits = N_("A message to %(name)s (%(about)s) waits for over a minute, and nobody sends it.")
    return "message_overdue", waits


_WORDS = {
    "handoff": N_("a step is theirs"),
    "handed_back": N_("a step is with somebody else again"),
    "review": N_("a proof to review"),
    "sent_back": N_("a step was sent back"),
    "not_needed": N_("a step is done"),
    "digest": N_("what the week was"),
}


def _reminders(look: Look) -> Iterator[Finding]:
    query = (
        select(Run.id, Run.org_id, Process.name)
        .join(Process, Process.id == Run.process_id)
        .where(Run.remind_at < look.clock_at - SILENCE)
        .limit(MOST)
    )
    for run_id, org_id, name in look.session.execute(query):
        sentence = say("The reminder of %(process)s was not sent.", process=name)
        yield Finding("reminder_overdue", run_id, org_id, sentence)
