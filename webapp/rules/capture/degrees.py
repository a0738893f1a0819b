"""The unit of a temperature that a title asks for without naming one, as it is read at a place."""

import re

_TEMPERATURE = re.compile(r"(?i)\b(?:temperatures?|temps?)\b")
# The zones of the United States, as the tz database's zone.tab lists them, and its old names.
_FAHRENHEIT = re.compile(
    r"US/.+|Pacific/Honolulu|America/(?:(?:Indiana|Kentucky|North_Dakota)/.+|New_York|Detroit"
    r"|Chicago|Menominee|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|Sitka|Metlakatla"
    r"|Yakutat|Nome|Adak)"
)


def unit_of(title: str, time_zone: str) -> str:
    """°F in the United States and °C elsewhere; "" for what is no temperature."""
    if not _TEMPERATURE.search(title):
        return ""
    return "°F" if _FAHRENHEIT.fullmatch(time_zone) else "°C"
