"""A number that must lie in a range, in words: "below 41 °F", "between 2 and 8 degrees", "at"
" least 75 °C".
"""

import re
from dataclasses import dataclass

_UNIT = (
    r"(?P<unit>°\s?[cf]\b|°|degrees?(?: (?:c|f|celsius|fahrenheit))?\b|celsius\b|fahrenheit\b"
    r"|[cf]\b"
    r"|%|percent\b|ppm\b|psi\b|bar\b|pH\b|kg\b|g\b|lbs?\b|l\b|litres?\b|liters?\b|ml\b|lux\b|dB\b"
    r"|cm\b|mm\b|m\b|kwh\b|volts?\b|v\b|amps?\b)"
)
_N = r"(?P<{}>[-−]?\d{{1,5}}(?:[.,]\d{{1,3}})?)"
_RANGE = re.compile(
    rf"(?i)\b(?:between |from |at )?{_N.format('low')}\s?(?:°\s?[cf]?)?\s?(?:and|to|-|–)\s?"
    rf"{_N.format('high')}\s?{_UNIT}"
)
_UNDER = (
    r"(?:below|under|less than|lower than|colder than|cooler than|at most|no more than|not"
    r" more"
    r" than|no higher than|not above|maximum(?: of)?|max\.?|up to|or below|<=?|≤)\s?"
)
_OVER = (
    r"(?:above|over|more than|higher than|hotter than|warmer than|at least|no less than"
    r"|not less"
    r" than|not below|minimum(?: of)?|min\.?|>=?|≥)\s?"
)
_BELOW = re.compile(rf"(?i)\b{_UNDER}{_N.format('high')}\s?{_UNIT}")
_ABOVE = re.compile(rf"(?i)\b{_OVER}{_N.format('low')}\s?{_UNIT}")
# Without a unit only where the words say nothing else: "Check the freezer: below -18".
_BARE = re.compile(
    r"(?i)(?:^|: |(?:must|should|has to|have to) )(?:(?:be|stay|read|remain|show|keep) )?"
    rf"(?:{_UNDER}{_N.format('below')}|{_OVER}{_N.format('above')}"
    rf"|(?:between|from) {_N.format('low')} (?:and|to) {_N.format('high')})$"
)
_OR = re.compile(
    rf"(?i)\b{_N.format('n')}\s?{_UNIT} or (?P<way>below|less|lower|colder|above|more|higher"
    rf"|hotter)\b"
)
_UNITS = {
    "°c": "°C", "degrees c": "°C", "degree c": "°C", "degrees celsius": "°C", "celsius": "°C",
    "c": "°C", "°f": "°F", "degrees f": "°F", "degree f": "°F", "degrees fahrenheit": "°F",
    "fahrenheit": "°F", "f": "°F", "percent": "%", "ph": "pH", "litre": "l", "litres": "l",
    "liter": "l", "liters": "l", "lbs": "lb", "db": "dB", "degrees": "°", "degree": "°",
    "volts": "V", "volt": "V", "v": "V", "amps": "A", "amp": "A", "kwh": "kWh",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """The unit and the range that a reading must lie in; an end that is not named is None."""

    unit: str
    low: int | float | None
    high: int | float | None


def measure_of(title: str) -> Measure | None:
    """The range that a step names, or None."""
    if found := _RANGE.search(title):
        low, high = _number(found["low"]), _number(found["high"])
        return Measure(_unit(found["unit"]), min(low, high), max(low, high))
    if found := _OR.search(title):
        below = found["way"].lower() in ("below", "less", "lower", "colder")
        number = _number(found["n"])
        return Measure(_unit(found["unit"]), None if below else number, number if below else None)
    if found := _BELOW.search(title):
        return Measure(_unit(found["unit"]), None, _number(found["high"]))
    if found := _ABOVE.search(title):
        return Measure(_unit(found["unit"]), _number(found["low"]), None)
    if found := _BARE.search(title):
        least, most = found["low"] or found["above"], found["high"] or found["below"]
        return Measure("", _number(least) if least else None, _number(most) if most else None)
    return None


def _number(written: str) -> int | float:
    value = float(written.replace(",", ".").replace("−", "-"))
    return int(value) if value.is_integer() else value


def _unit(written: str) -> str:
    unit = re.sub(r"°\s+", "°", written.strip().lower())
    return _UNITS.get(unit, unit)
