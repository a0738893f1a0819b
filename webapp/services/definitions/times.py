"""What is wrong with how often a draft is due, and with its times of day and its waits."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from webapp.models import Location, ProcessVersion
from webapp.models.process import REVIEW_POLICIES
from webapp.rules.cadence import CadenceError, Schedule, check_schedule, load_zone
from webapp.rules.recurrence import counts_from_start
from webapp.rules.rrule_text import parse_rule
from webapp.rules.sentences import say
from webapp.services.definitions import fault
from webapp.services.definitions.cadences import normal_rule
from webapp.services.definitions.draft import ProcessDraft
from webapp.services.definitions.fault import Fault
from webapp.services.places import Place

MOST_DAYS_BEFORE = 31
FURTHEST_START = timedelta(days=3653)


def faults(
    draft: ProcessDraft,
    places: Mapping[str, Location | Place],
    now: datetime,
    current: ProcessVersion | None,
) -> Iterator[Fault]:
    """Every fault of the rule, the times and the waits, by field; those of the chain are not here.

    The rule counts from where it would for the version `current`; `now` is aware.
    """
    yield from _cadence(draft, places, now, current)
    if draft.starts_on and draft.starts_on > now.date() + FURTHEST_START:
        yield "starts_on", say("Choose a first date within the next ten years.")
    yield from _times(draft)


def starts_on(
    draft: ProcessDraft,
    rrule: str,
    place: Location | Place,
    now: datetime,
    current: ProcessVersion | None,
) -> date:
    """The date from which the draft's `rrule` counts: as it says, since it was given, or today.

    A date that has passed says something only to a rule that counts from it. Without one a rule
    keeps its start for as long as it stays the same, so "every 2 weeks" keeps its phase.
    """
    today = now.astimezone(load_zone(place.time_zone)).date()
    kept = current.starts_on if current and current.rrule == rrule else today
    said = draft.starts_on or kept
    is_of_weight = max(said, kept) > today or counts_from_start(parse_rule(rrule))
    return said if is_of_weight else kept


def _cadence(
    draft: ProcessDraft,
    places: Mapping[str, Location | Place],
    now: datetime,
    current: ProcessVersion | None,
) -> Iterator[Fault]:
    if not draft.rrule.strip():
        yield "cadence", say("Say how often it is due, like “every weekday”.")
        return
    try:
        rrule = normal_rule(draft.rrule)
        for place in list(places.values())[:1]:
            start = starts_on(draft, rrule, place, now, current)
            check_schedule(Schedule(rrule, draft.deadline or time(12), start))
    except CadenceError as error:
        if error.code == "impossible_rrule":
            yield "cadence", str(error)


def _times(draft: ProcessDraft) -> Iterator[Fault]:
    if draft.deadline is None:
        yield "deadline", say("Say by what time it must be done, like 07:15.")
    if not 0 <= draft.opens_days_before <= MOST_DAYS_BEFORE:
        yield (
            "opens_days_before",
            say("A run opens 0 to %(most)s days before its date.", most=MOST_DAYS_BEFORE),
        )
    if words := fault.of_wait(draft.grace_minutes):
        yield "grace", words
    for field, minutes in (
        ("remind", draft.remind_minutes),
        ("reached_within", draft.reached_within_minutes),
    ):
        if minutes is not None and (words := fault.of_wait(minutes)):
            yield field, words
    if draft.review not in REVIEW_POLICIES:
        yield "review", say("The review must be none, photos, risky or all.")
