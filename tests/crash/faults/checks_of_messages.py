"""Who was told: everybody who had to be, once, and nobody else."""

from collections import defaultdict
from collections.abc import Iterator

from tests.crash.faults import kinds
from tests.crash.faults.facts import Facts
from tests.crash.faults.pockets import Arrival
from webapp.models import OutboxMessage

TO_HOLDERS = ("handoff", "reminder", "sent_back", "not_needed", "handed_back")


def violations(facts: Facts) -> Iterator[str]:
    """What is wrong with the messages of the run."""
    yield from _rows(facts)
    yield from _outcomes(facts)
    yield from _outsiders(facts)
    yield from _strange_pushes(facts)
    yield from _shown_twice(facts)
    yield from _sent_again_without_reason(facts)


def sent_again(facts: Facts) -> int:
    """How many pushes repeated one that the same phone had been sent before."""
    return sum(len(came) - 1 for came in _by_phone_and_id(facts).values())


def _rows(facts: Facts) -> Iterator[str]:
    """Each handoff is told by one message to whom it was made; each message comes to an end."""
    by_key = {row.dedupe_key: row for row in facts.outbox}
    for handoffs in facts.handoffs.values():
        for handoff in handoffs:
            row = by_key.get(f"handoff:{handoff.id}")
            if handoff.passed_over is None and (row is None or row.person_id != handoff.to_id):
                yield f"the handoff to level {handoff.level} has no message to its new holder"
    for row in facts.outbox:
        if row.next_attempt_at is not None:
            yield f"{_said(facts, row)} never came to an end: {row.last_error}"


def _outcomes(facts: Facts) -> Iterator[str]:
    """What counts as taken was taken; who had a good phone was told."""
    taken = {
        (arrival.who, arrival.message.payload["id"])
        for arrival in facts.played.pockets.arrivals
        if arrival.is_taken
    }
    for row in facts.outbox:
        if row.channel != "push":
            continue
        who = facts.played.world.name_of(row.person_id)
        told = {(who, row.id), (who, row.sent_as)} & taken
        if row.outcome == "accepted" and not told:
            yield f"{_said(facts, row)} counts as taken, no push service took it"
        is_lost = row.outcome in ("no_device", "refused") and not told
        if is_lost and _has_good_phone(facts, who):
            yield f"{_said(facts, row)} was given up as {row.outcome} although they have a phone"
        if _must_be_told(facts, row, who) and not told:
            yield f"{_said(facts, row)} never came ({row.outcome}): the last of the chain"


def _must_be_told(facts: Facts, row: OutboxMessage, who: str) -> bool:
    """At the last level there is time, and nobody comes after: a good phone there is reached."""
    if row.kind != "handoff" or not _has_good_phone(facts, who):
        return False
    step = next(step for step in facts.steps if step.id == row.step_run_id)
    return step.level == step.last_level == row.level and step.state == "open"


def _has_good_phone(facts: Facts, who: str) -> bool:
    plan = facts.played.plan
    spoilt = {fault.who for fault in plan.faults if fault.kind in kinds.FORGETTING | kinds.REFUSING}
    return who not in spoilt and any(phone.can_show for phone in plan.phones[who])


def _outsiders(facts: Facts) -> Iterator[str]:
    members = facts.played.world.members
    chain = {members[who].id for who in facts.played.plan.chain}
    for row in facts.outbox:
        allowed = chain if row.kind in TO_HOLDERS else {members["olivia"].id}
        if row.person_id not in allowed:
            yield f"{_said(facts, row)}: they are outside the chain"


def _strange_pushes(facts: Facts) -> Iterator[str]:
    """Each push is a message to the very person whose phone it came to."""
    written = {(row.id, row.person_id) for row in facts.outbox}
    for arrival in facts.played.pockets.arrivals:
        message = arrival.message.payload["id"]
        if (message, facts.played.world.members[arrival.who].id) not in written:
            yield f"{arrival.who}'s phone got {message}, which is not for them"


def _shown_twice(facts: Facts) -> Iterator[str]:
    """A phone shows one notification of a handoff at most: the next of its tag replaces it."""
    carried: dict[str, set[str]] = defaultdict(set)
    for row in facts.outbox:
        carried[row.sent_as or row.id].add(row.dedupe_key)
        carried[row.id].add(row.dedupe_key)
    tags: dict[tuple[str, str], set[str]] = defaultdict(set)
    last_of_tag: dict[tuple[str, str], list[str]] = defaultdict(list)
    for arrival in _shown(facts):
        payload, phone = arrival.message.payload, arrival.phone.name
        for key in carried[payload["id"]]:
            tags[phone, key].add(payload["tag"])
        sequence = last_of_tag[phone, payload["tag"]]
        if payload["id"] not in sequence[-1:]:
            sequence.append(payload["id"])
    for (phone, key), used in tags.items():
        if len(used) > 1:
            yield f"{phone} shows {key} under {len(used)} tags: {sorted(used)}"
    for (phone, tag), sequence in last_of_tag.items():
        if len(set(sequence)) < len(sequence):
            yield f"{phone} was shown an older message of {tag} after a newer: {sequence}"


def _sent_again_without_reason(facts: Facts) -> Iterator[str]:
    """A push is sent a second time only when something broke that hides the answer to the first."""
    struck = {fault.kind for fault in facts.played.plan.faults}
    if struck & kinds.SENDS_AGAIN:
        return
    for (phone, message), came in _by_phone_and_id(facts).items():
        if len(came) > 1:
            yield f"{phone} was sent {message} {len(came)} times, and nothing had broken"


def _by_phone_and_id(facts: Facts) -> dict[tuple[str, str], list[Arrival]]:
    found: dict[tuple[str, str], list[Arrival]] = defaultdict(list)
    for arrival in facts.played.pockets.arrivals:
        if arrival.message.accepted:
            found[arrival.phone.name, arrival.message.payload["id"]].append(arrival)
    return found


def _shown(facts: Facts) -> list[Arrival]:
    return [arrival for arrival in facts.played.pockets.arrivals if arrival.is_shown]


def _said(facts: Facts, row: OutboxMessage) -> str:
    who = facts.played.world.name_of(row.person_id)
    level = "" if row.level is None else f" of level {row.level}"
    return f"the message {row.kind}{level} to {who} ({row.id})"
