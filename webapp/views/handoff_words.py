"""Why a step moved along its chain, in words; one place for every page.

A trail tells what was: somebody who was away then may be here now.
"""

from webapp.models import Handoff, StepRun
from webapp.rules.dark import last_heard

WHY = {
    "missed": "did not get to it",
    "cannot_do": "could not do it",
    "absent": "was away",
    "deactivated": "no longer works here",
    "unreached": "could not be reached",
    "unreachable": "could not be reached",
}


def moved(handoff: Handoff) -> str:
    """Return what a handoff was, as a sentence: who got the step, or why they were passed over."""
    name = handoff.to_person.name
    if handoff.passed_over:
        return f"Passed over {name}, who {WHY[handoff.passed_over]}."
    return f"Handed to {name}, because {because(handoff)}"


def dark(handoff: Handoff, zone: str) -> str:
    """Return " Ben's iPhone was last heard from at 05:58." where that was so, else nothing."""
    if handoff.dark_since is None:
        return ""
    device = handoff.dark_device or f"{handoff.from_person.name}'s phone"
    return f" {last_heard(device, handoff.dark_since, handoff.at, zone)}"


def because(handoff: Handoff) -> str:
    """Return why the step left who had it, like "Ana was away"."""
    sentence = f"{handoff.from_person.name} {WHY[handoff.reason]}"
    return f"{sentence}: “{handoff.words}”" if handoff.words else f"{sentence}."


def why_not_theirs(step: StepRun) -> dict[int, str]:
    """Return for each level that the step has left or passed over why: {0: "absent"}."""
    reasons, level = {}, 0
    for handoff in step.handoffs:
        if handoff.passed_over:
            reasons[handoff.level] = handoff.passed_over
        else:
            reasons[level], level = handoff.reason, handoff.level
    return reasons
