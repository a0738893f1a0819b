"""A finding of the read, as a page and the command line show it."""

from typing import Any

from webapp.rules.fragility import Finding
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


def shown(finding: Finding) -> dict[str, Any]:
    """Return its sentence, why it matters, its tasks with what is known, and which to mend."""
    return {
        "kind": finding.kind,
        "sentence": translated(finding.sentence),
        "why": translated(WHY[finding.kind]),
        "cases": [
            {"key": case.task.key, "name": case.task.name, "words": translated(case.words)}
            for case in finding.cases
        ],
        "num": len(finding.cases),
        "of": finding.of,
        "mend": {"key": finding.mend.key, "name": finding.mend.name},
    }
