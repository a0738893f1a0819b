"""What Baton says to people, in their language; needs no web request.

One gettext catalogue per language lies under `translations`; its msgids are the English sentences
themselves, so English needs none. Which language is spoken belongs to the thread (or task) at
work: a request speaks that of whoever asks, a message that of its recipient, all else English.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol
from babel.support import NullTranslations, Translations

from webapp.rules.languages import LANGUAGES, RIGHT_TO_LEFT
from webapp.rules.sentences import Reading, Sentence

TRANSLATIONS = Path(__file__).parent / "translations"

Chosen = str | None
_spoken: ContextVar[Chosen | Callable[[], Chosen]] = ContextVar("language", default="en")


def translated(text: str) -> str:
    """Return a marked sentence in the language spoken now; what is not known stays as it is."""
    if isinstance(text, Sentence):
        if text.many is None:
            return gettext(text.msgid, **text.values)
        return ngettext(text.msgid, text.many, text.values["num"], **text.values)
    return gettext(text) if text else text


def spoken(text: str) -> str:
    """Return a sentence in the language spoken now, and any other text, a name, as it is."""
    return translated(text) if isinstance(text, Sentence) else text


def gettext(msgid: str, /, **values: Any) -> str:
    """Return the sentence in the language spoken now; `values` fill its `%(name)s`."""
    text = catalogue(language()).ugettext(msgid)
    return text % filling(values) if values else text


def pgettext(context: str, msgid: str, /, **values: Any) -> str:
    """Return the same of a word that has several meanings; `context` says which is meant."""
    text = catalogue(language()).upgettext(context, msgid)
    return text % filling(values) if values else text


def ngettext(one: str, many: str, num: int, /, **values: Any) -> str:
    """Return the sentence for that many, in the language spoken now; `%(num)s` is the number."""
    text = catalogue(language()).ungettext(one, many, num)
    return text % filling(values | {"num": count(num)})


def count(value: int) -> str:
    """Return a whole number with its thousands apart, in Latin digits: "51,234"."""
    return format_decimal(value, locale=language(), numbering_system="latn")


def filling(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as they stand in a sentence: put into words, and apart from its direction."""
    return {name: _said(value) for name, value in values.items()}


def apart(text: str) -> str:
    """Return text that keeps its own direction between FSI and PDI (UAX 9), and turns no other.

    Only right-to-left text needs it. What begins so, names in a row, goes with what is around it.
    """
    if direction() != "rtl" or text.startswith("\u2068"):
        return text
    return text.__class__(f"\u2068{text}\u2069")


def _said(value: Any) -> Any:
    if isinstance(value, Sentence):
        return translated(value)
    if isinstance(value, Reading):
        value = value.replace(".", decimal_sign(), 1)
    return apart(value) if isinstance(value, str) else value


def language() -> str:
    """Return the language spoken now, a key of `LANGUAGES`."""
    spoken = _spoken.get()
    if callable(spoken):
        speak("en")  # what is said while it is found out
        spoken = spoken()
        speak(spoken)
    return spoken if spoken in LANGUAGES else "en"


def direction() -> str:
    """Return where the language spoken now begins its lines: "ltr" or "rtl"."""
    return "rtl" if language() in RIGHT_TO_LEFT else "ltr"


def decimal_sign() -> str:
    """Return the sign between whole and part in the language spoken now; digits are Latin."""
    return str(get_decimal_symbol(language(), numbering_system="latn"))


def speak(chosen: Chosen | Callable[[], Chosen]) -> None:
    """Speak this language from now on, or the one that is found out when something is first said.

    A language that Baton does not know is English.
    """
    _spoken.set(chosen)


@contextmanager
def speaking(chosen: str | None) -> Iterator[None]:
    """Speak this language for a while."""
    before = _spoken.get()
    speak(chosen)
    try:
        yield
    finally:
        speak(before)


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(chosen: str) -> NullTranslations:
    """Return the translations of a language, compiled once in each process."""
    if chosen == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, entries(chosen))
    compiled.seek(0)
    return Translations(compiled)


def entries(chosen: str) -> Catalog:
    """Read the catalogue of a language as translators left it."""
    with path_of(chosen).open("rb") as file:
        return read_po(file, locale=chosen)


def path_of(chosen: str) -> Path:
    """Return where the catalogue of a language lies."""
    return TRANSLATIONS / chosen / "LC_MESSAGES" / "messages.po"
