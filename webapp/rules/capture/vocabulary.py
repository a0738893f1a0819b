"""The words that the grammar knows, each with the one form in which the patterns see it."""

import re
from functools import lru_cache

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip

_DAY_FORMS = {
    "mon": "mo mond", "tue": "tu tues tuesd", "wed": "we weds wednes", "thu": "th thur thurs",
    "fri": "fr frid", "sat": "sa satur", "sun": "su",
}  # fmt: skip
_LETTERS = {
    "M": "mon", "T": "tue", "Tu": "tue", "W": "wed", "Th": "thu", "R": "thu", "F": "fri",
    "S": "sat", "Sa": "sat", "Su": "sun",
}  # fmt: skip
LETTER = r"(?:Tu|Th|Sa|Su|[MTWRFS])"
TWO_LETTERS = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_COUNTED = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
_NUMBERS = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty
"""
_MORE_NUMBERS = {"thirty": "30", "forty-five": "45", "sixty": "60", "ninety": "90"}
_SAME = {
    "each": "every", "ev": "every", "evry": "every", "evrey": "every", "evey": "every",
    "evary": "every", "eevry": "every", "everyday": "every day", "evryday": "every day",
    "everynight": "every night", "dayly": "daily", "daliy": "daily", "dialy": "daily",
    "weekely": "weekly", "weekley": "weekly", "wekly": "weekly", "weeky": "weekly",
    "monthy": "monthly", "montly": "monthly", "monthley": "monthly", "mothly": "monthly",
    "quaterly": "quarterly", "quartely": "quarterly", "quartly": "quarterly",
    "fortnighty": "fortnightly", "fornightly": "fortnightly", "fortnighly": "fortnightly",
    "anually": "annually", "annualy": "annually", "yearley": "yearly", "annual": "annually",
    "wekday": "weekday", "wekdays": "weekdays", "weekdys": "weekdays", "weekdyas": "weekdays",
    "workday": "weekday", "workdays": "weekdays", "wkday": "weekday", "wkdays": "weekdays",
    "wk": "week", "wks": "weeks", "mth": "month", "mths": "months", "yr": "year", "yrs": "years",
    "hr": "hour", "hrs": "hours", "mins": "minutes", "min": "minutes", "secs": "seconds",
    "thru": "through", "til": "until", "till": "until", "'til": "until", "midday": "noon",
    "wendsday": "wed", "wensday": "wed", "wedensday": "wed", "wednsday": "wed", "wenesday": "wed",
    "thrusday": "thu", "thirsday": "thu", "thurday": "thu", "tuseday": "tue", "teusday": "tue",
    "saterday": "sat", "satuday": "sat", "firday": "fri", "munday": "mon", "sunaday": "sun",
    "febuary": "feb", "feburary": "feb", "sept": "sep", "twice": "twice", "thrice": "3 times",
    "once": "once", "penultimate": "2th last", "o'clock": "oclock", "o’clock": "oclock",
}  # fmt: skip
# Real words that are one letter away from a day, a month or a common word of time.
_REAL_WORDS = """
sundry sundae sundays mandays moray finally ally jelly jolly weakly dairy daisy dally dailies
mouth mouths mount mourning moaning mooring alter aster altar evenings quarters quartet quartz
months nights nighty untie emery doily eventing
"""
_NO_TYPOS = frozenset(_REAL_WORDS.split())
# The common words of time in which a slip is overlooked, where they stand in small letters.
_OF_TIME = (
    "morning", "afternoon", "evening", "night", "mornings", "afternoons", "evenings", "before",
    "after", "between", "until", "every", "daily", "weekly", "monthly", "quarterly", "yearly",
    "annually", "nightly", "fortnightly", "weekday", "weekdays", "weekend", "weekends", "month",
    "quarter", "midnight",
)  # fmt: skip


def _days() -> dict[str, str]:
    forms: dict[str, str] = {}
    for day, name in zip(DAYS, DAY_NAMES, strict=True):
        forms |= {day: day, name: day, f"{day}s": f"{day}s", f"{name}s": f"{day}s"}
        forms |= {f"{name}'s": f"{day}s", f"{name}’s": f"{day}s"}
        forms |= {form: day for form in _DAY_FORMS[day].split() if len(form) > 2}
    return forms


def _numbers() -> dict[str, str]:
    forms = {word: f"{n}th" for n, word in enumerate(_COUNTED.split(), 1)}
    forms |= {word: str(n) for n, word in enumerate(_NUMBERS.split(), 1) if word != "one"}
    return forms | _MORE_NUMBERS | {"thirtieth": "30th"}


FORMS: dict[str, str] = {
    **{name: month for month, name in zip(MONTHS, MONTH_NAMES, strict=True)},
    **{month: month for month in MONTHS},
    **_numbers(),
    **_days(),
    **_SAME,
}
_LONG_NAMES = {
    name: form for name, form in FORMS.items() if len(name) >= 6 and form.rstrip("s") in DAYS
} | {name: month for month, name in zip(MONTHS, MONTH_NAMES, strict=True) if len(name) >= 7}


@lru_cache(maxsize=4096)
def form_of(word: str) -> str:
    """The form of one lower-case word; the word itself when the grammar does not know it."""
    if word in FORMS:
        return FORMS[word]
    if len(word) < 5 or word in _NO_TYPOS:
        return word
    return next((form for name, form in _LONG_NAMES.items() if _one_slip(word, name)), word)


@lru_cache(maxsize=4096)
def slip_of(word: str) -> str | None:
    """The common word of time that is meant by a word of small letters with a slip in it."""
    if len(word) < 5 or word in _NO_TYPOS or word in _OF_TIME or form_of(word) != word:
        return None
    return next((name for name in _OF_TIME if _one_slip(word, name)), None)


def is_typo(word: str) -> bool:
    """Is the word understood only because a slip in it was overlooked?"""
    form = form_of(word)
    known = _known_spellings().get(form.rstrip("s"), ())
    return form != word and form.rstrip("s") in _known_spellings() and word not in known


def _known_spellings() -> dict[str, set[str]]:
    spellings = {day: set[str]() for day in (*DAYS, *MONTHS)}
    for day, forms in _DAY_FORMS.items():
        spellings[day] |= set(forms.split()) | {day, f"{day}s"}
    for short, name in (
        *zip(DAYS, DAY_NAMES, strict=True),
        *zip(MONTHS, MONTH_NAMES, strict=True),
    ):
        spellings[short] |= {short, name, f"{name}s", f"{name}'s", f"{name}’s"}
    spellings["sep"].add("sept")
    return spellings


def days_of_letters(written: str) -> str:
    """The days of "M/W/F", "MWF", "TTh", "M-F" or "Mo-Fr", in the form of the patterns."""
    parts = re.findall(rf"{LETTER}|[/,-]", written)
    between = " , ".join(parts) if len(parts) == len(re.findall(LETTER, written)) else None
    words = between or " ".join(parts)
    return " ".join(_LETTERS.get(word, word) for word in words.split())


def _one_slip(word: str, name: str) -> bool:
    """Is one letter missing, too many or wrong, or are two neighbours swapped?"""
    if abs(len(word) - len(name)) > 1 or word[0] != name[0]:
        return False
    at = next((n for n, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), len(name))
    rest, wanted = word[at:], name[at:]
    return (
        rest[1:] == wanted[1:]
        or rest[1:] == wanted
        or rest == wanted[1:]
        or (rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:])
    )
