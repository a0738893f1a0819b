"""Marks on the English sentences that `webapp.words` can say in other languages.

The sentence itself is the key under which the catalogue knows it.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Self


class Sentence(str):
    """An English sentence that can still be said in another language, with its values.

    `many` is its plural form, where the value `num` decides between the two.
    """

    msgid: str
    many: str | None
    values: dict[str, Any]

    def __str__(self) -> str:
        """Return itself, so that it goes through an error that is raised with it."""
        return self

    @classmethod
    def of(cls, msgid: str, many: str | None, values: dict[str, Any]) -> Self:
        """Return the sentence in English; `values` fill its `%(name)s`."""
        text = msgid if many is None or values["num"] == 1 else many
        made = cls(text % values if values else text)
        made.msgid, made.many, made.values = msgid, many, values
        return made


class Reading(str):
    """A number as it was written, with its unit: "38.5 °F"; said with its reader's decimal sign."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Decimal, unit: str | None) -> Self:
        """Return the number with all its digits."""
        return cls(f"{value:f} {unit or ''}".rstrip())


def N_(msgid: str) -> str:  # noqa: N802
    """Mark a sentence for the catalogue, by gettext's own name; whoever shows it translates it."""
    return msgid


Forms = tuple[str, str]


def n_(one: str, many: str) -> Forms:
    """Mark a sentence with its plural for the catalogue."""
    return one, many


def say(msgid: str, /, **values: Any) -> Sentence:
    """Return a sentence that can be said later in the language of whoever reads it."""
    return Sentence.of(msgid, None, values)


def say_many(one: str, many: str, num: int, /, **values: Any) -> Sentence:
    """Return the same for a number of things; `%(num)s` is the number."""
    return Sentence.of(one, many, {"num": num} | values)


def in_a_row(words: Sequence[str]) -> str:
    """Return words beside each other that can be said later; what is empty is left out."""
    first, *others = [*filter(None, words)] or [""]
    for other in others:
        first = say("%(some)s, %(next)s", some=first, next=other)
    return first


def listed(words: Sequence[str]) -> str:
    """Return words in a row that can be said later: "Ana", "Ana and Ben", "Ana, Ben and Fay"."""
    *some, last = words or [""]
    return say("%(some)s and %(last)s", some=in_a_row(some), last=last) if some else last


def as_facts(text: str) -> Any:
    """Return a sentence as JSON holds it: of its facts it can be made again in any language."""
    if not isinstance(text, Sentence):
        return text
    values = {name: as_facts(value) for name, value in text.values.items()}
    return {"msgid": text.msgid, "many": text.many, "values": values}


def of_facts(facts: Any) -> Any:
    """Return the sentence that `as_facts` took apart; what is none is itself."""
    if not isinstance(facts, dict):
        return facts
    values = {name: of_facts(value) for name, value in facts["values"].items()}
    return Sentence.of(facts["msgid"], facts["many"], values)
