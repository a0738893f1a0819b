"""Public holidays of countries and their regions, as the library `holidays` knows them.

A place is written as in ISO 3166: "US" the country, "US-IL" a region of it. The library is loaded
when it is first asked: most of what runs here never asks.
"""

import re
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from webapp.problems import Problem
from webapp.rules.sentences import say

COMMON = "Write its code, such as US, GB or DE."
_ISO_REGION = re.compile(r"[A-Z0-9]{1,3}")
_SMALL_WORDS = {"And": "and", "Of": "of", "The": "the", "Dr": "DR"}


def known(text: str | None) -> tuple[str | None, str | None]:
    """Return the country and the region of "US" or "US-IL"; nothing for an empty text.

    Raises "holidays_unknown", at the field "holidays", with what could be meant.
    """
    country, _, region = (text or "").strip().upper().partition("-")
    if not country:
        return None, None
    if country not in dict(countries()):
        raise _unknown(
            say(
                "“%(country)s” is not a country we know. %(meant)s",
                country=(text or "").strip(),
                meant=_meant(country),
            )
        )
    if region and region not in dict(regions(country)):
        raise _unknown(
            say(
                "“%(region)s” is not a region of %(name_of)s. %(regions_of)s",
                region=region,
                name_of=name_of(country),
                regions_of=_regions_of(country),
            )
        )
    return country, region or None


def written(country: str | None, region: str | None) -> str | None:
    """Return "US-IL" as `known` reads it; None without a country."""
    return "-".join(filter(None, (country, region))) or None


@cache
def countries() -> list[tuple[str, str]]:
    """Return the countries as (ISO 3166-1 code, name in English), by name."""
    registry: dict[str, tuple[str, ...]] = import_module("holidays.registry").COUNTRIES
    named = [(codes[1], _words(key)) for key, codes in registry.items()]
    return sorted(named, key=lambda country: country[1])


@cache
def regions(country: str) -> list[tuple[str, str]]:
    """Return the regions of a country as (ISO 3166-2 code without the country, name)."""
    found = _library().country_holidays(country)
    aliases = sorted(found.subdivisions_aliases.items(), key=lambda alias: len(alias[0]))
    names = {code: name for name, code in aliases}  # the longest one is the full name
    codes = [code for code in found.subdivisions if _ISO_REGION.fullmatch(code)]
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda each: each[1])


def between(country: str, region: str | None, first: date, last: date) -> dict[date, str]:
    """Return the public holidays from first to last, both included, with their names."""
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found |= {
            day: name for day, name in _of_year(country, region, year) if first <= day <= last
        }
    return found


def name_of(country: str) -> str:
    """Return the name of a country in English."""
    return dict(countries())[country]


@lru_cache(maxsize=512)
def _of_year(country: str, region: str | None, year: int) -> tuple[tuple[date, str], ...]:
    """What a holiday is moved to counts too: a Saturday's is often kept on the Friday."""
    languages = _library().country_holidays(country).supported_languages
    english = next((each for each in ("en_US", *languages) if each.startswith("en")), None)
    language = english if english in languages else None
    found = _library().country_holidays(country, subdiv=region, years=year, language=language)
    return tuple((day, name) for day, name in sorted(found.items()) if day.year == year)


def _library() -> Any:
    return import_module("holidays")


def _words(key: str) -> str:
    words = [_SMALL_WORDS.get(word, word) for word in key.replace("_", " ").title().split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def _meant(text: str) -> str:
    by_name = {name.casefold(): code for code, name in countries()}
    close = get_close_matches(text.casefold(), by_name, n=1, cutoff=0.7)
    return f"Did you mean {by_name[close[0]]}?" if close else COMMON


def _regions_of(country: str) -> str:
    codes = sorted(code for code, _ in regions(country))
    return f"Use one of {', '.join(codes)}." if codes else "Leave the region out."


def _unknown(sentence: str) -> Problem:
    return Problem("holidays_unknown", sentence, fields={"holidays": sentence})
