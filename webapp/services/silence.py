"""Whether a part of the engine still shows itself."""

from datetime import datetime, timedelta

from webapp.rules.sentences import N_
from webapp.words import ngettext, translated

SILENCE = timedelta(seconds=60)
NEVER = {
    "clock": N_("The clock has not run yet."),
    "worker": N_("The worker has not run yet."),
    "auditor": N_("The auditor has not run yet."),
}


def silence(who: str, seen_at: datetime | None, now: datetime) -> str | None:
    """Say that a part of the engine has not shown itself for a minute, or None."""
    if seen_at is None:
        return translated(NEVER[who])
    if now - seen_at <= SILENCE:
        return None
    minutes = int((now - seen_at) / timedelta(minutes=1))
    if who == "clock":
        return ngettext(
            "The clock has been silent for %(num)s minute.",
            "The clock has been silent for %(num)s minutes.",
            minutes,
        )
    if who == "auditor":
        return ngettext(
            "The auditor has been silent for %(num)s minute.",
            "The auditor has been silent for %(num)s minutes.",
            minutes,
        )
    return ngettext(
        "The worker has been silent for %(num)s minute.",
        "The worker has been silent for %(num)s minutes.",
        minutes,
    )
