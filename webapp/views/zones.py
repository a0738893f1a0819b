"""The time zones that a form offers."""

from functools import cache
from zoneinfo import available_timezones

NOT_PLACES = (
    "Etc/",
    "SystemV/",
    "posix/",
    "right/",
    "US/",
    "Canada/",
    "Brazil/",
    "Mexico/",
    "Chile/",
)


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return the zones as (IANA name, words), by city: ("America/Chicago", "Chicago (America)")."""
    names = (name for name in available_timezones() if "/" in name)
    cities = [(name, _words(name)) for name in names if not name.startswith(NOT_PLACES)]
    return [*sorted(cities, key=lambda choice: choice[1]), ("UTC", "UTC")]


def _words(name: str) -> str:
    *area, city = name.replace("_", " ").split("/")
    return f"{city} ({', '.join(area)})"
