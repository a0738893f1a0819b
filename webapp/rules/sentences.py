"""Marks on the English sentences that `webapp.words` can say in other languages.

The sentence itself is the key under which the catalogue knows it.
"""

from typing import Any, Self


class Sentence(str):
    """An English sentence that can still be said in another language, with its values."""

    msgid: str
    values: dict[str, Any]

    @classmethod
    def of(cls, msgid: str, values: dict[str, Any]) -> Self:
        """Return the sentence in English; `values` fill its `%(name)s`."""
        made = cls(msgid % values if values else msgid)
        made.msgid, made.values = msgid, values
        return made


def N_(msgid: str) -> str:  # noqa: N802
    """Mark a sentence for the catalogue, by gettext's own name; whoever shows it translates it."""
    return msgid


def say(msgid: str, /, **values: Any) -> Sentence:
    """Return a sentence that `translated` can say later in the language of whoever reads it."""
    return Sentence.of(msgid, values)
