"""A turn at a kiosk: one person, from name and PIN until the names are shown again."""

from datetime import datetime, timedelta

# The kiosk shows the names again after two minutes; this is what the server allows at the most.
LASTS_AFTER_LAST = timedelta(minutes=15)
# The turn and its work are noted by the same clock, but not in the same moment.
TOLERANCE = timedelta(minutes=2)


def covers(started_at: datetime, last_at: datetime, captured_at: datetime) -> bool:
    """Whether work captured then belongs to the turn. All three are by the kiosk's own clock.

    `last_at` is the last work of the turn so far, or its start. Work that arrives late counts by
    when it was captured.
    """
    return started_at - TOLERANCE <= captured_at <= last_at + LASTS_AFTER_LAST
