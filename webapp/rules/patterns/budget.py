"""How many false alarms an organisation may have, and what each single look may use up of it.

Every night looks at many steps, so that by luck alone something will look unusual somewhere. The
sum of all chances within a month is kept below `LEVEL`, by Bonferroni's inequality: it holds
however the looks hang together. Of that, each kind may use its share, evenly over its tests, that
is, the series looked at times the stretches of each, and over the looks of a month. A series
changes at most once a day, and only with a run.
"""

LEVEL = 0.05
# What stands is let go of later than it came, so that it does not come and go at the border.
KEEP = 0.5
SHARES = {
    "repeated": 0.4,
    "fix_failed": 0.1,
    "by_another": 0.1,
    "at_deadline": 0.1,
    "drift": 0.1,
    "one_person": 0.1,
    "dark_device": 0.1,
}
LOOKS_A_MONTH = 31


def in_a_month(chance: float, kind: str, tests: int, looks: int) -> float:
    """Return the chance of such a thing within a month, over all that is looked at; at most 1."""
    looks = min(max(looks, 1), LOOKS_A_MONTH)
    return min(1.0, chance * max(tests, 1) * looks / SHARES[kind])


def one_in(chance: float) -> int:
    """Return in how many months luck alone shows it once, two digits of it, a million at most."""
    months = min(1 / chance, 1e6) if chance > 0 else 1e6
    return int(float(f"{months:.1e}"))
