"""Who takes over, in a captured text: the clauses about the backup and the final fallback."""

import re

from webapp.rules.capture.names import BACKUPS, COVERS_A_THING, FALLBACKS, is_name
from webapp.rules.capture.reading import Reading


def take_backups(reading: Reading) -> tuple[list[str], str | None]:
    """Take the clauses about backup and fallback out; the names in them."""
    fallback = _take_clause(reading, FALLBACKS, "fallback")
    backups = _take_clause(reading, BACKUPS, "backup")
    if fallback and not backups:
        return fallback, None
    return backups, fallback[-1] if fallback else None


def _take_clause(reading: Reading, patterns: tuple[re.Pattern[str], ...], part: str) -> list[str]:
    for pattern in patterns:
        for found in pattern.finditer(reading.raw):
            if not is_name(found["name"]) or COVERS_A_THING.search(
                found[0] + _next(reading, found)
            ):
                continue
            either, covered = map(found.groupdict().get, ("either", "covered"))
            if covered and not is_name(covered):
                continue
            named = [name for name in (either, found["name"]) if name and is_name(name)]
            names = [re.sub(r"['’]s$", "", name) for name in named]
            reading.take_raw(found.start(), found.end(), part)
            return names
    return []


def _next(reading: Reading, found: re.Match[str]) -> str:
    return reading.raw[found.end() : found.end() + 12]
