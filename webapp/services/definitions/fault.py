"""A fault of a definition: the field that it stands at, and a sentence."""

from webapp.rules.deadline import LONGEST_WAIT
from webapp.rules.sentences import say

Fault = tuple[str, str]


def of_wait(minutes: int) -> str | None:
    """What is wrong with a wait of so many minutes."""
    if minutes < 0:
        return say("A wait cannot be below zero.")
    if minutes > LONGEST_WAIT:
        return say("Wait 31 days at most.")
    return None
