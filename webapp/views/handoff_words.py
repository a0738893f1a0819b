"""Why a step moved along its chain, in words; one place for every page.

A trail tells what was: somebody who was away then may be here now.
"""

from webapp.context import now
from webapp.models import Handoff, StepRun
from webapp.rules.dark import last_heard
from webapp.rules.device_names import said_again
from webapp.rules.left_words import LEFT
from webapp.rules.moment_words import local_date
from webapp.rules.sentences import N_
from webapp.words import gettext as _
from webapp.words import translated

# Each reason as sentences of its own, so that no language has to build them from parts: why a step
# was handed on, and why somebody was passed over; why it left its holder stands in `LEFT`.
HANDED = {
    "missed": N_("Handed to %(to)s, because %(name)s did not get to it."),
    "cannot_do": N_("Handed to %(to)s, because %(name)s could not do it."),
    "absent": N_("Handed to %(to)s, because %(name)s was away."),
    "deactivated": N_("Handed to %(to)s, because %(name)s no longer works here."),
    "unreached": N_("Handed to %(to)s, because %(name)s could not be reached."),
    "unreachable": N_("Handed to %(to)s, because %(name)s could not be reached."),
}
PASSED = {
    "missed": N_("Passed over %(name)s, who did not get to it."),
    "cannot_do": N_("Passed over %(name)s, who could not do it."),
    "absent": N_("Passed over %(name)s, who was away."),
    "deactivated": N_("Passed over %(name)s, who no longer works here."),
    "unreached": N_("Passed over %(name)s, who could not be reached."),
    "unreachable": N_("Passed over %(name)s, who could not be reached."),
}
# Said beside the name of somebody in a chain.
WHY = {
    "missed": N_("did not get to it"),
    "cannot_do": N_("could not do it"),
    "absent": N_("was away"),
    "deactivated": N_("no longer works here"),
    "unreached": N_("could not be reached"),
    "unreachable": N_("could not be reached"),
}


def moved(handoff: Handoff) -> str:
    """Return what a handoff was, as a sentence: who got the step, or why they were passed over."""
    to, name = handoff.to_person.name, handoff.from_person.name
    if handoff.passed_over:
        return _(PASSED[handoff.passed_over], name=to)
    if handoff.words:
        return _("Handed to %(to)s, because %(because)s", to=to, because=because(handoff))
    return _(HANDED[handoff.reason], to=to, name=name)


def dark(handoff: Handoff, zone: str) -> str:
    """Return " Ben's iPhone was last heard from at 05:58." where that was so, else nothing.

    Of another day than the handoff's it is said as it is called today: a trail is read for years.
    """
    if handoff.dark_since is None:
        return ""
    same_day = local_date(handoff.dark_since, zone) == local_date(handoff.at, zone)
    told_at = handoff.at if same_day else now()
    name = handoff.from_person.name
    device = said_again(name, handoff.dark_device or "") or _("%(name)s's phone", name=name)
    return f" {translated(last_heard(device, handoff.dark_since, told_at, zone))}"


def because(handoff: Handoff) -> str:
    """Return why the step left who had it, like "Ana was away"."""
    sentence = _(LEFT[handoff.reason], name=handoff.from_person.name)
    if not handoff.words:
        return f"{sentence}."
    return _("%(sentence)s: “%(words)s”", sentence=sentence, words=handoff.words)


def why_not_theirs(step: StepRun) -> dict[int, str]:
    """Return for each level that the step has left or passed over why: {0: "absent"}."""
    reasons, level = {}, 0
    for handoff in step.handoffs:
        if handoff.passed_over:
            reasons[handoff.level] = handoff.passed_over
        else:
            reasons[level], level = handoff.reason, handoff.level
    return reasons
