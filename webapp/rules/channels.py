"""Which channels tell a person of something, and when: push first, the others behind it."""

from collections.abc import Sequence
from datetime import timedelta

# A phone that is on has answered a push within seconds; half of the shortest window in which a
# holder has to be reached is left to read the e-mail before the next person is told.
BEHIND = timedelta(seconds=30)
# These ask the person for something. Of anything else a device that works is told, or nobody.
ASKING = ("handoff", "review", "sent_back")
AT_ONCE = timedelta(0)


def of_person(has_mail: bool, has_extra: bool) -> tuple[str, ...]:
    """The channels other than push by which a person can be told, the first one first."""
    return ("email",) * has_mail + ("extra",) * has_extra


def behind(channels: Sequence[str], kind: str, has_device: bool) -> tuple[Sequence[str], timedelta]:
    """Which of a person's other channels stand behind a push of this kind, and by how much.

    They are due at once when no device of the person takes push, else when the push had its time.
    """
    if has_device and kind not in ASKING:
        return (), AT_ONCE
    return channels, BEHIND if has_device else AT_ONCE
