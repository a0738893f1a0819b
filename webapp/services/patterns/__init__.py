"""Patterns: what keeps going wrong, looked for each night, kept in a table, and noted by people."""

from webapp.services.patterns.looking import (
    Due,
    found,
    keep,
    leave,
    look,
    look_at_all,
    next_due,
    settle,
)
from webapp.services.patterns.standing import (
    current,
    find,
    may_note,
    new_for,
    note,
    of_process,
    part_of,
    sees_run,
    steps_watched,
    watched,
)

__all__ = [
    "Due",
    "current",
    "find",
    "found",
    "keep",
    "leave",
    "look",
    "look_at_all",
    "may_note",
    "new_for",
    "next_due",
    "note",
    "of_process",
    "part_of",
    "sees_run",
    "settle",
    "steps_watched",
    "watched",
]
