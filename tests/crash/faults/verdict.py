"""All checks of a run, and its figures."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from tests.crash.faults import checks_of_messages, checks_of_promises, checks_of_steps, kinds
from tests.crash.faults.facts import read
from tests.crash.faults.play import Played

KILLS = (*kinds.PROCESSES, *kinds.POINTS, "redis_killed", "postgresql_killed", "two_of_each")


@dataclass
class Verdict:
    """What a run came to. `figures` add up over runs."""

    seed: int
    violations: list[str]
    figures: Counter[str] = field(default_factory=Counter)


def judge(session: Session, played: Played) -> Verdict:
    """Checks a run that was played to its end."""
    facts = read(session, played)
    found = [
        *checks_of_steps.violations(facts),
        *checks_of_messages.violations(facts),
        *checks_of_promises.violations(facts, session),
    ]
    promises, arrivals = played.promises, played.pockets.arrivals
    figures = Counter(
        {
            "kills": sum(kind in KILLS for kind in _kinds(played)),
            "steps": len(facts.steps),
            "handoffs": sum(len(each) for each in facts.handoffs.values()),
            "messages": len(facts.outbox),
            "pushes": len(arrivals),
            "sent again": checks_of_messages.sent_again(facts),
            "acknowledged": len(promises.commands) + len(promises.blobs) + len(promises.receipts),
            **{f"fault {kind}": n for kind, n in Counter(_kinds(played)).items()},
        }
    )
    return Verdict(played.plan.seed, found, figures)


def _kinds(played: Played) -> list[str]:
    return [fault.kind for fault in played.plan.faults]
