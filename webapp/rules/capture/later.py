"""Steps that open some time after the one before ("two hours after that"): asked, never guessed."""

from webapp.rules.capture.reading import Reading
from webapp.rules.sentences import say

_LONG = (
    r"(?:\d{1,3}|one|an?|half an|half a|a few|several|a couple of)"
    r" (?:minutes?|(?:and a half )?hours?|days?|weeks?)(?: and a half)?"
)
_LATER = (
    rf"{_LONG} (?:later|afterwards?|after (?:that|this|it|which|(?:he|she|they) (?:is|are) done))"
    rf"|after {_LONG}(?= ,| [^\W\d_])(?! of | from )"
)
_BEFORE = r"^|(?<=[.;,] )|(?<=\band )|(?<=\bthen )"


def take_later(reading: Reading) -> str | None:
    """Take the words that open a step later out of the text; None without them.

    A draft holds no such step, so they are asked about once the rest is read.
    """
    found = reading.search(rf"(?:{_BEFORE})(?:{_LATER})")
    if not found:
        return None
    before = reading.raw
    words = reading.take(*found.span(), "")
    at = next(n for n, letter in enumerate(before) if reading.raw[n] != letter)
    # What follows is a step of its own.
    reading.raw = f"{reading.raw[:at]}\n{reading.raw[at + 1 :]}"
    return words


def ask_later(reading: Reading, words: str) -> None:
    """Ask for the step that has to open later."""
    reading.ask(
        "later",
        say(
            "“%(words)s” is not in the draft. Will you set in the step itself that it opens later?",
            words=words,
        ),
    )
