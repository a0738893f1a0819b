"""Open steps: where they stand, who holds them, and when somebody looks at them again."""

from collections.abc import Iterator
from datetime import datetime

from webapp.rules.sentences import N_, say
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
        yield found(subject, "chain_unreadable", N_("%(step)s does not say who comes after whom."))
    elif row.level != subject.standing.level:
        yield _wrong_level(subject)
    else:
        yield from _holder(subject)
        yield from _times(look, subject)


def found(subject: Subject, code: str, says: str, **values: str) -> Finding:
    """Return a finding about a step, which stands in the sentence as `step`."""
    sentence = say(says, step=subject.title, **values)
    return Finding(code, subject.row.id, subject.row.org_id, sentence)


def unreadable(subject: Subject) -> Finding:
    """Return the finding about a step of which something stored cannot be read."""
    says = N_(
        "%(step)s cannot be read. See to it, check its location's time zone, and tell who runs"
        " Baton."
    )
    return found(subject, "step_unreadable", says)


def _set_aside(subject: Subject) -> Iterator[Finding]:
    if subject.row.state not in HELD:
        return
    says = N_(
        "%(step)s was set aside and does not move on by itself. Open the page Needs you and try it"
        " again."
    )
    yield found(subject, "step_set_aside", says)
    if not subject.said_set_aside:
        unsaid = N_("%(step)s was set aside, and the record does not say so.")
        yield found(subject, "set_aside_unsaid", unsaid)


def _wrong_level(subject: Subject) -> Finding:
    stands, should = subject.name(subject.row.level), subject.name(subject.standing.level)
    says = N_("%(step)s stands at %(stands)s; by its record it stands at %(should)s.")
    return found(subject, "level_wrong", says, stands=stands, should=should)


def _holder(subject: Subject) -> Iterator[Finding]:
    row, level = subject.row, subject.standing.held_at
    if row.state in ("open", "claimed", "in_review"):
        person = subject.chain[level].person
        if row.holder_id != person:
            says = N_("%(step)s should be with %(name)s, and is not.")
            yield found(subject, "holder_wrong", says, name=subject.name(level))
    if subject.standing.was_missed and row.missed_at is None:
        says = N_("%(step)s was missed, and does not say when.")
        yield found(subject, "missed_without_time", says)


def _times(look: Look, subject: Subject) -> Iterator[Finding]:
    row = subject.row
    if row.state not in HELD:
        return
    if row.escalate_at is None:
        yield from _never(subject)
    elif finding := _wrong_time(look, subject):
        yield finding
    elif row.escalate_at < look.clock_at - SILENCE:
        says = N_("%(step)s should have moved on at %(time)s, and has not.")
        since = look.words(row.escalate_at, row.zone)
        yield found(subject, "look_overdue", says, time=since)


def _never(subject: Subject) -> Iterator[Finding]:
    """Only who comes last keeps a step for good, and only once it was missed."""
    row = subject.row
    if row.level < row.last_level:
        says = N_("%(step)s never moves on, though %(name)s comes next.")
        yield found(subject, "never_looked_at", says, name=subject.name(row.level + 1))
    elif row.missed_at is None:
        yield found(subject, "never_looked_at", N_("%(step)s will never count as missed."))


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
        says = N_("%(step)s moves on at %(time)s, too early. By its chain it is %(right)s.")
        times = _times_said(look, subject, row.moves_at, moves_at)
        return found(subject, "moves_too_early", says, **times)
    return None


def _too_late(look: Look, subject: Subject, at: datetime, moves_at: datetime) -> Finding:
    times = _times_said(look, subject, at, moves_at)
    if subject.row.state == "claimed":
        says = N_(
            "%(step)s waits for its proof for too long; a proof on its way holds it for 30 minutes"
            " once. By its chain it is %(right)s."
        )
        return found(subject, "claim_too_long", says, right=times["right"])
    says = N_("%(step)s is looked at again at %(time)s, too late. By its chain it is %(right)s.")
    return found(subject, "looks_too_late", says, **times)


def _times_said(look: Look, subject: Subject, at: datetime, right: datetime) -> dict[str, str]:
    zone = subject.row.zone
    return {"time": look.words(at, zone), "right": look.words(right, zone)}
