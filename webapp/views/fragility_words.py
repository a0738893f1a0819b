"""The read, as a page shows it: how many tasks each finding is true of, then task by task."""

from collections.abc import Sequence
from typing import Any

from webapp.rules.fragility import Finding, WeakTask, by_task
from webapp.rules.sentences import N_
from webapp.words import translated

WHY = {
    "no_backup": N_("When they are away, nobody is asked to do it."),
    "nobody": N_("What belongs to everybody is left to somebody else."),
    "one_person": N_("A day of illness stops all of it at once."),
    "harm_without_proof": N_("Here a tick is not enough: ask for a photo or a reading."),
    "by_luck": N_("By then it has been missed more than once."),
    "unreached": N_("A handoff that reaches nobody loses its whole wait."),
    "falls_to_owner": N_("The owner should be the last resort, not the first."),
    "missed": N_("What was missed once is missed again."),
    "uncovered": N_("On those days the owner holds it from the start."),
    "never_verified": N_(
        "Nobody can tell a day on which it was done from one on which it was not."
    ),
}
# What is weak about one task; what is known of it there follows.
BLAME = {
    "no_backup": N_("Nobody is named to take over."),
    "nobody": N_("It belongs to nobody in particular."),
    "one_person": N_("Much else hangs on the same person."),
    "harm_without_proof": N_("It can do serious harm and leaves no proof."),
    "by_luck": N_("It could be missed without anyone inside noticing."),
    "unreached": N_("No phone would tell anyone before the owner."),
    "falls_to_owner": N_("It falls to the owner."),
    "missed": N_("It was missed in the last month."),
    "uncovered": N_("Only the owner is there on some day ahead."),
    "never_verified": N_("Nothing shows that it was done."),
}


def shown(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings with both numbers, and the tasks with what is weak about each."""
    return {
        "findings": [_finding(each) for each in findings],
        "weak": [_task(each) for each in by_task(findings)],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "sentence": translated(finding.sentence),
        "why": translated(WHY[finding.kind]),
    }


def _task(weak: WeakTask) -> dict[str, Any]:
    blames = [(translated(BLAME[each.kind]), translated(each.words)) for each in weak.blames]
    return {"key": weak.task.key, "name": weak.task.name, "blames": blames}
