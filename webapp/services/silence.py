"""Whether a part of the engine still shows itself."""

from datetime import datetime, timedelta

SILENCE = timedelta(seconds=60)


def silence(who: str, seen_at: datetime | None, now: datetime) -> str | None:
    """Say that a part of the engine has not shown itself for a minute, or None."""
    if seen_at is None:
        return f"The {who} has not run yet."
    if now - seen_at <= SILENCE:
        return None
    minutes = int((now - seen_at) / timedelta(minutes=1))
    return f"The {who} has been silent for {minutes} minute{'' if minutes == 1 else 's'}."
