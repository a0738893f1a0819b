"""Signs that evidence was given without the work, each explained: of a place, then of a person.

A signal needs both: a chance so small that it is no accident, and a share so large that it matters
(`least` of what is here, and so many `times` the share there). What is looked at together is
corrected for (`judging.py`). Small numbers say nothing. None of them proves anything: each has an
honest cause too, and whoever reads it is told which.
"""

from webapp.rules.signals.facts import Found, Piece, Turn
from webapp.rules.signals.judging import KINDS, found

__all__ = ["KINDS", "Found", "Piece", "Turn", "found"]
