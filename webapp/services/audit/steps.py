"""Open steps: where they stand, who holds them, and when somebody looks at them again."""

from collections.abc import Iterator
from datetime import datetime

from webapp.services.audit.finding import Finding
from webapp.services.audit.look import TOLERANCE, Look
from webapp.services.audit.subjects import HELD, Subject
from webapp.services.silence import SILENCE


def check(look: Look, subject: Subject) -> Iterator[Finding]:
    """Find what is wrong with where a step stands and when it moves on."""
    row = subject.row
    if row.set_aside_at is not None:
        yield from _set_aside(subject)
    elif not subject.chain:
        yield found(subject, "chain_unreadable", "does not say who comes after whom.")
    elif row.level != subject.standing.level:
        yield _wrong_level(subject)
    else:
        yield from _holder(subject)
        yield from _times(look, subject)


def found(subject: Subject, code: str, says: str) -> Finding:
    """Return a finding about a step; the sentence begins with the step's name."""
    return Finding(code, subject.row.id, subject.row.org_id, f"{subject.title} {says}")


def unreadable(subject: Subject) -> Finding:
    """Return the finding about a step of which something stored cannot be read."""
    says = "cannot be read. See to it, check its location's time zone, and tell who runs Baton."
    return found(subject, "step_unreadable", says)


def _set_aside(subject: Subject) -> Iterator[Finding]:
    if subject.row.state not in HELD:
        return
    says = "was set aside and does not move on by itself. Open the page Needs you and try it again."
    yield found(subject, "step_set_aside", says)
    if not subject.said_set_aside:
        yield found(subject, "set_aside_unsaid", "was set aside, and the record does not say so.")


def _wrong_level(subject: Subject) -> Finding:
    stands, should = subject.name(subject.row.level), subject.name(subject.standing.level)
    return found(
        subject, "level_wrong", f"stands at {stands}; by its record it stands at {should}."
    )


def _holder(subject: Subject) -> Iterator[Finding]:
    row, level = subject.row, subject.standing.held_at
    if row.state in ("open", "claimed", "in_review"):
        person = subject.chain[level].person
        if row.holder_id != person:
            yield found(
                subject, "holder_wrong", f"should be with {subject.name(level)}, and is not."
            )
    if subject.standing.was_missed and row.missed_at is None:
        yield found(subject, "missed_without_time", "was missed, and does not say when.")


def _times(look: Look, subject: Subject) -> Iterator[Finding]:
    row = subject.row
    if row.state not in HELD:
        return
    if row.escalate_at is None:
        yield from _never(subject)
    elif finding := _wrong_time(look, subject):
        yield finding
    elif row.escalate_at < look.clock_at - SILENCE:
        since = look.words(row.escalate_at, row.zone)
        yield found(subject, "look_overdue", f"should have moved on at {since}, and has not.")


def _never(subject: Subject) -> Iterator[Finding]:
    """Only who comes last keeps a step for good, and only once it was missed."""
    row = subject.row
    if row.level < row.last_level:
        says = f"never moves on, though {subject.name(row.level + 1)} comes next."
        yield found(subject, "never_looked_at", says)
    elif row.missed_at is None:
        yield found(subject, "never_looked_at", "will never count as missed.")


def _wrong_time(look: Look, subject: Subject) -> Finding | None:
    """Compare when the row moves with when chain and record say that it does."""
    row, standing = subject.row, subject.standing
    moves_at = standing.moves_at if row.level < row.last_level else standing.looks_at
    stored = [each for each in (row.moves_at, row.escalate_at) if each is not None]
    if moves_at is None or not stored:
        return None
    if max(stored) > moves_at + TOLERANCE:
        return _too_late(look, subject, max(stored), moves_at)
    is_early = row.moves_at is not None and row.moves_at < moves_at - TOLERANCE
    if row.level < row.last_level and is_early and not standing.is_passing:
        says = f"moves on at {_at(look, subject, row.moves_at)}, too early."
        return found(subject, "moves_too_early", f"{says} {_right(look, subject, moves_at)}")
    return None


def _too_late(look: Look, subject: Subject, at: datetime, moves_at: datetime) -> Finding:
    right = _right(look, subject, moves_at)
    if subject.row.state == "claimed":
        says = "waits for its proof for too long; a proof on its way holds it for 30 minutes once."
        return found(subject, "claim_too_long", f"{says} {right}")
    says = f"is looked at again at {_at(look, subject, at)}, too late."
    return found(subject, "looks_too_late", f"{says} {right}")


def _right(look: Look, subject: Subject, moves_at: datetime) -> str:
    return f"By its chain it is {_at(look, subject, moves_at)}."


def _at(look: Look, subject: Subject, moment: datetime) -> str:
    return look.words(moment, subject.row.zone)
