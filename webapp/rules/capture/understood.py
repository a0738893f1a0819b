"""When work is due, as far as it was understood; and the limits of its cadence."""

from dataclasses import dataclass, field, replace
from datetime import time

from webapp.rules.recurrence import Rule


class Limits:
    """The limits of one cadence, as far as they were understood."""

    def __init__(self) -> None:
        self.without_days: tuple[tuple[int, int], ...] = ()
        self.without_months: tuple[int, ...] = ()
        self.months: tuple[int, ...] = ()
        self.starts: str | None = None
        self.ends: str | None = None
        self.words: list[str] = []
        self.unsure = False
        self.loose = False

    def on(self, rule: Rule) -> Rule | None:
        """The rule within the limits; None when one rule cannot say that."""
        months = self.months or rule.by_month
        if self.without_months:
            months = tuple(m for m in months or range(1, 13) if m not in self.without_months)
            if not months:
                return None
        if months != rule.by_month:
            if rule.freq == "YEARLY" and rule != Rule("YEARLY", rule.interval):
                return None
            rule = replace(rule, by_month=months)
        return self._without_days(rule) if self.without_days else rule

    def _without_days(self, rule: Rule) -> Rule | None:
        every = tuple((0, day) for day in range(7))
        days = every if rule.freq == "DAILY" and rule.interval == 1 else rule.by_day
        left = tuple(day for day in days if day not in self.without_days)
        if rule.freq not in ("DAILY", "WEEKLY") or not left or left == days:
            return None
        return replace(rule, freq="WEEKLY", by_day=left)


@dataclass(slots=True)
class When:
    """The cadence and the times of day of one process, as far as they were understood."""

    rrule: str | None = None
    words: str | None = None
    confidence: str = "unknown"
    evidence: list[str] = field(default_factory=list)
    starts: str | None = None
    ends: str | None = None
    opens: time | None = None
    times: list[time] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)

    def lower(self, confidence: str) -> None:
        """Be at most this sure."""
        order = ("unknown", "maybe", "likely", "stated")
        self.confidence = min(self.confidence, confidence, key=order.index)
