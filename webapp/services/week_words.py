"""What a week says in words, for its page and for the digest: one truth in one place."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.formats import local_day, local_time, quoted
from webapp.models import Handoff, Review, StepRun
from webapp.rules.left_words import LEFT
from webapp.rules.sentences import N_
from webapp.services import held
from webapp.services.coverage import Coverage
from webapp.services.held import Held
from webapp.services.week import Fix, Week
from webapp.words import gettext as _
from webapp.words import ngettext

# So many people are named who took most.
MOST_NAMES = 5
# By whether it held.
FIXES = {
    True: N_("The fix of “%(step)s” of %(process)s at %(location)s held: %(text)s"),
    False: N_("The fix of “%(step)s” of %(process)s at %(location)s did not hold: %(text)s"),
}


@dataclass(frozen=True, slots=True)
class Came:
    """One thing that came to the owner: when, what, why, and the run or held work that it is of."""

    at: datetime
    zone: str
    sentence: str
    why: str
    run_id: str | None = None
    command_id: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that went from one person to another, in how many runs; `run_id` is the last."""

    sentence: str
    run_id: str


def lead(found: Coverage, *, is_over: bool) -> str:
    """Say with both numbers what needed nobody; of a week that goes on, so far."""
    if not found.total:
        return _("No run was due in this week.") if is_over else _("No run was due yet this week.")
    if is_over:
        return ngettext(
            "%(num)s of %(total)s runs needed nobody to chase.",
            "%(num)s of %(total)s runs needed nobody to chase.",
            found.done,
            total=found.total,
        )
    return ngettext(
        "So far %(num)s of %(total)s runs this week needed nobody to chase.",
        "So far %(num)s of %(total)s runs this week needed nobody to chase.",
        found.done,
        total=found.total,
    )


def needed(found: Week, owner: str | None) -> list[Came]:
    """Return what needed the owner, oldest first; without a name the owner is who reads it.

    What says the very same of one run, as when somebody tried again, is one line: the last.
    """
    came = [
        *(_reached(step, owner) for step in found.reached),
        *(_sent_back(step, review) for step, review in found.sent_back),
        *map(_held, found.held),
    ]
    alike: defaultdict[tuple[str | None, ...], list[Came]] = defaultdict(list)
    for each in sorted(came, key=lambda each: each.at):
        alike[each.sentence, each.why, each.run_id].append(each)
    return sorted(map(_together, alike.values()), key=lambda each: each.at)


def _together(alike: list[Came]) -> Came:
    last = alike[-1]
    if len(alike) == 1:
        return last
    return replace(last, why=f"{last.why} {held.happened(len(alike))}")


def moved(found: Week) -> list[Taken]:
    """Return what moved to somebody before the owner, the most frequent first."""
    alike: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for *key, run_id in found.moved:
        alike[tuple(key)].append(run_id)
    ordered = sorted(alike.items(), key=lambda each: (-len(each[1]), each[0]))
    return [Taken(_taken(key, len(runs)), runs[-1]) for key, runs in ordered]


def who_took(found: Week) -> str:
    """Say who took what moved by itself: "Ben took over 5 steps."; nothing without any."""
    counts = Counter(each.to for each in found.moved)
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return " ".join(
        ngettext(
            "%(name)s took over %(num)s step.", "%(name)s took over %(num)s steps.", num, name=name
        )
        for name, num in ordered[:MOST_NAMES]
    )


def fixes(found: Week) -> list[Taken]:
    """Return each fix that turned out to hold, or not, as a sentence with the run it is of."""
    return [Taken(_fix(each), each.run_id) for each in found.fixes]


def _fix(each: Fix) -> str:
    return _(
        FIXES[bool(each.held)],
        step=each.step,
        process=each.process,
        location=each.location,
        text=quoted(each.text),
    )


def left_by(moves: list[Handoff]) -> str:
    """Say why a step left each who had it or stood before: "Ana did not get to it. Ben was away."

    A person who is named twice in a row is named once.
    """
    said = []
    for move in moves:
        name = move.to_person.name if move.passed_over else move.from_person.name
        reason = _(LEFT[move.passed_over or move.reason], name=name)
        words = move.words if not move.passed_over else None
        said.append(
            _("%(sentence)s: “%(words)s”", sentence=reason, words=words) if words else f"{reason}."
        )
    return " ".join(dict.fromkeys(said))


def ended(step: StepRun) -> str:
    """Say who closed a step and when, or that it is not closed yet."""
    if step.state == "in_review":
        return _("It waits for approval.")
    if not step.is_closed:
        return _("It is not closed yet.")
    if step.closed_by is None or step.closed_at is None:
        return _("Nobody has to do it.")
    return _("%(by)s closed it %(when)s.", by=step.closed_by.name, when=_when(step, step.closed_at))


def _when(step: StepRun, at: datetime) -> str:
    """The time on the clock of the place, with the day when it is not that of the deadline."""
    zone = step.run.location.time_zone
    time, day = local_time(at, zone), local_day(at, zone)
    if day == local_day(step.run.deadline_at, zone):
        # Translators: when somebody closed a step: “at 07:51”.
        return _("at %(time)s", time=time)
    # Translators: when somebody closed a step: “on Tuesday 24 November at 07:51”.
    return _("on %(day)s at %(time)s", day=day, time=time)


def _reached(step: StepRun, owner: str | None) -> Came:
    values = _named(step)
    if owner is None:
        sentence = _("“%(step)s” of %(process)s at %(location)s reached you.", **values)
    else:
        sentence = _(
            "“%(step)s” of %(process)s at %(location)s reached %(owner)s.", owner=owner, **values
        )
    at = step.moves[-1].at if step.moves else step.run.deadline_at
    why = f"{left_by(step.moves)} {ended(step)}".strip()
    return Came(at, step.run.location.time_zone, sentence, why, step.run_id)


def _sent_back(step: StepRun, review: Review) -> Came:
    sentence = _(
        "“%(step)s” of %(process)s at %(location)s was sent back by %(reviewer)s.",
        reviewer=review.reviewer.name,
        **_named(step),
    )
    why = f"{quoted(review.reason or '')} {ended(step)}"
    return Came(review.at, step.run.location.time_zone, sentence, why, step.run_id)


def _held(each: Held) -> Came:
    step = each.step_run
    by, zone = each.by.name, step.run.location.time_zone if step else "UTC"
    if step is None:
        sentence = _("Work of %(by)s was held for a decision.", by=by)
    else:
        sentence = _(
            "%(by)s's work on “%(step)s” of %(process)s at %(location)s was held for a decision.",
            by=by,
            **_named(step),
        )
    state = _("It is decided.") if each.is_decided else _("It waits for you.")
    why = f"{each.why} {state}"
    command = None if each.is_decided else each.command.id
    return Came(
        each.command.received_at, zone, sentence, why, step.run_id if step else None, command
    )


def _taken(key: tuple[str, ...], times: int) -> str:
    step, process, location, before, to = key
    return ngettext(
        "“%(step)s” of %(process)s at %(location)s went from %(before)s to %(to)s once.",
        "“%(step)s” of %(process)s at %(location)s went from %(before)s to %(to)s %(num)s times.",
        times,
        step=step,
        process=process,
        location=location,
        before=before,
        to=to,
    )


def _named(step: StepRun) -> dict[str, str]:
    run = step.run
    return {"step": step.title, "process": run.process.name, "location": run.location.name}
