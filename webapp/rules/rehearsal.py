"""What becomes of one due time if nobody does it: who has it when, and who is told how.

The rules of holding decide, as they do for a live step. The rehearsal only supplies the world:
nobody acts; a device on which a message has arrived before answers at once; one that never
answered is not counted on, and neither is one that a push service refuses. Times are aware UTC.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.rules import channels, holding, presence
from webapp.rules.course import (
    AFTER_CLOSING,
    LAST_AWAY,
    LAST_UNTOLD,
    NOBODY_TOLD,
    Begun,
    Course,
    Moment,
    Occasion,
    Passed,
    Reminder,
    Someone,
    Told,
)
from webapp.rules.escalation import Handoff
from webapp.rules.holding import HandsOn, Telling
from webapp.rules.opening_hours import has_closed


def rehearse(occasion: Occasion, people: Mapping[str, Someone]) -> Course:
    """Play one due time to its end: until it is with the last of the chain, and missed."""
    play = _Play(occasion, people)
    moments = _moments(occasion, people, list(play.stays()))
    return Course(
        moments,
        _reminder(occasion, people, moments),
        play.stand.missed_at,
        tuple(_dead_ends(occasion, people, moments)),
    )


@dataclass(slots=True)
class _Stay:
    """Somebody has it from `at` on, after these were passed over."""

    at: datetime
    level: int
    person: str
    reason: str | None
    passed: tuple[Passed, ...] = ()


class _Play:
    """The world of one due time, in which nobody acts."""

    def __init__(self, occasion: Occasion, people: Mapping[str, Someone]) -> None:
        self._terms, self._zone = occasion.terms, occasion.hours.zone
        self._people, self._begun = people, occasion.begun
        self._now = occasion.begun.since if occasion.begun else occasion.opens_at
        self._told = self._told_before(occasion.begun) if occasion.begun else None
        self.stand = (
            occasion.begun.stand
            if occasion.begun
            else holding.begins(self._terms, self._now, self.reason_against)
        )

    def stays(self) -> Iterator[_Stay]:
        """Who has it, one after the other; who is not there from the start only is passed over."""
        passed: list[Passed] = []
        if self._begun is None and self.stand.why in holding.GONE:
            passed.append(self._passed(0, self.stand.why))
        else:
            reason = self._begun.reason if self._begun else None
            yield _Stay(self._now, self.stand.level, self.stand.holder, reason)
        for reason, move in self._moves():
            if move.passed_over:
                passed.append(self._passed(move.level, move.passed_over))
            else:
                yield _Stay(self._now, move.level, move.person, reason, tuple(passed))
                passed.clear()

    def _moves(self) -> Iterator[tuple[str, Handoff]]:
        while self.stand.looks_at is not None:
            self._now = max(self._now, self.stand.looks_at)
            decided = holding.look(self._terms, self.stand, self._now, self)
            if isinstance(decided, HandsOn):
                yield decided.reason, self._moved(decided)
            else:
                self.stand = decided.stand

    def _moved(self, decided: HandsOn) -> Handoff:
        reason, due_at = decided.reason, decided.due_at
        given = holding.handed_on(
            self._terms, self.stand, reason, due_at, self._now, self.reason_against
        )
        assert given is not None, "who is not last is followed by somebody"
        move, self.stand = given
        if not move.passed_over:
            reached = self._people[move.person].answers
            self._told = Telling(reached=reached, tried=True, told_at=self._now)
        return move

    def _told_before(self, begun: Begun) -> Telling | None:
        """What no worker has had in hand yet comes as far as messages of this person do."""
        told = begun.telling
        if told is None or told.tried or told.reached:
            return told
        return Telling(self._people[begun.stand.holder].answers, True, told.told_at)

    def _passed(self, level: int, why: str) -> Passed:
        station = self._terms.chain[level]
        return Passed(station.person, station.role, why)

    def reason_against(self, person: str) -> str | None:
        """Why the person cannot take it now."""
        someone = self._people[person]
        day = presence.judged_on(self._terms.deadline_at, self._zone, self._now)
        return presence.reason_against(someone.has_left, someone.away, day)

    def telling(self) -> Telling | None:
        """How far the message came by which the holder got it."""
        return self._told

    def somebody_later_has_a_device(self) -> bool:
        """Whether handing on could reach anybody further down the chain by a device."""
        later = self._terms.chain[self.stand.level + 1 :]
        return any(self._people[level.person].has_device for level in later)


def _moments(
    occasion: Occasion, people: Mapping[str, Someone], stays: Sequence[_Stay]
) -> tuple[Moment, ...]:
    ends = [*(stay.at for stay in stays[1:]), None]
    return tuple(
        _moment(occasion, people[stay.person], stay, until)
        for stay, until in zip(stays, ends, strict=True)
    )


def _moment(occasion: Occasion, someone: Someone, stay: _Stay, until: datetime | None) -> Moment:
    terms = occasion.terms
    return Moment(
        at=stay.at,
        until=until,
        level=stay.level,
        role=terms.chain[stay.level].role,
        person=stay.person,
        reason=stay.reason,
        passed=stay.passed,
        told=_told_of(occasion, someone, stay, until),
        after_closing=has_closed(occasion.hours, terms.deadline_at, stay.at),
    )


def _told_of(
    occasion: Occasion, someone: Someone, stay: _Stay, until: datetime | None
) -> tuple[Told, ...]:
    if stay.reason is not None:
        return _told(someone, stay.at, until)
    if not occasion.is_announced or occasion.begun is not None:
        return ()
    return tuple(Told(channel, stay.at) for channel in _reminded_by(someone))


def _told(someone: Someone, at: datetime, until: datetime | None) -> tuple[Told, ...]:
    """What stands behind a push is sent only where nothing answered while it was theirs."""
    if someone.answers:
        return (Told("push", at),) if _is_after(until, at) else ()
    behind, wait = channels.behind(someone.channels, "handoff", someone.has_device)
    return tuple(Told(channel, at + wait) for channel in behind if _is_after(until, at + wait))


def _is_after(until: datetime | None, moment: datetime) -> bool:
    return until is None or until > moment


def _reminder(
    occasion: Occasion, people: Mapping[str, Someone], moments: Sequence[Moment]
) -> Reminder | None:
    if occasion.remind_at is None:
        return None
    at = max(occasion.remind_at, moments[0].at)
    holding_then = [moment for moment in moments if moment.at <= at]
    someone = people[holding_then[-1].person]
    day = presence.judged_on(occasion.terms.deadline_at, occasion.hours.zone, at)
    if presence.reason_against(someone.has_left, someone.away, day):
        return None
    return Reminder(at, someone.id, _reminded_by(someone))


def _reminded_by(someone: Someone) -> tuple[str, ...]:
    if someone.answers:
        return ("push",)
    return tuple(channels.behind(someone.channels, "reminder", someone.has_device)[0])


def _dead_ends(
    occasion: Occasion, people: Mapping[str, Someone], moments: Sequence[Moment]
) -> Iterator[str]:
    told = [moment for moment in moments if moment.told]
    last = moments[-1]
    if not told:
        yield NOBODY_TOLD
    elif not last.told:
        yield LAST_UNTOLD
    day = presence.judged_on(occasion.terms.deadline_at, occasion.hours.zone, last.at)
    if presence.is_away(people[last.person].away, day):
        yield LAST_AWAY
    if told and all(moment.after_closing for moment in told):
        yield AFTER_CLOSING
