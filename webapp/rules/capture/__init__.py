"""Plain language to drafts of processes: what was said, what is assumed, and what to ask.

A text becomes tokens, tokens a structure, and the structure a rule. Nothing is guessed in silence:
what is not known is None, with a question; work that happens once is named and left out.
"""

from webapp.rules.capture.draft import drafts_of, once_of
from webapp.rules.capture.instead import stand_in
from webapp.rules.capture.shape import (
    Capture,
    CaptureError,
    Draft,
    DraftCadence,
    DraftStep,
    HeardWords,
    OnceOnly,
    Question,
)
from webapp.rules.capture.split import Part, parts_of
from webapp.rules.sentences import N_, say

__all__ = [
    "LONGEST_SENTENCE",
    "Capture",
    "CaptureError",
    "Draft",
    "DraftCadence",
    "DraftStep",
    "HeardWords",
    "OnceOnly",
    "Question",
    "capture",
    "first_draft",
]

LONGEST_SENTENCE = 2000
MOST_DRAFTS = 12


def capture(text: str) -> Capture:
    """The drafts of the processes that a sentence or a paragraph describes.

    Places (`start`, `end`) count characters of `text` as it was given. CaptureError
    "sentence_empty" without a word in it, "sentence_too_long" over 2,000 characters.
    """
    if not any(letter.isalpha() for letter in text):
        raise CaptureError(
            "sentence_empty", N_("Write what has to be done, how often and by whom.")
        )
    if len(text) > LONGEST_SENTENCE:
        raise CaptureError(
            "sentence_too_long",
            say(
                "Describe the work in at most %(most)s characters.",
                most=LONGEST_SENTENCE,
            ),
        )
    drafts: list[Draft] = []
    once: list[OnceOnly] = []
    for part in parts_of(text)[:MOST_DRAFTS]:
        if part.once:
            once.append(once_of(text, part))
        else:
            made = drafts_of(text, part, _one_named(drafts))
            if _last_is_of_one_time(drafts):
                drafts[-1], made[0] = stand_in(drafts[-1], made[0], text)
            drafts += made
    return {"drafts": drafts, "once": once}


def _last_is_of_one_time(drafts: list[Draft]) -> bool:
    """Whether the part before has one draft, and not one for each of its times of day."""
    starts = [draft["start"] for draft in drafts]
    return bool(starts) and starts.count(starts[-1]) == 1


def _one_named(drafts: list[Draft]) -> str | None:
    """The person whom the drafts so far name, if they name one and no other."""
    named = {draft["responsible"] for draft in drafts}
    return named.pop() if len(named) == 1 else None


def first_draft(text: str) -> Draft:
    """The first draft of a text, of whatever it says when all of it happens once.

    CaptureError as `capture`.
    """
    drafts = capture(text)["drafts"]
    return drafts[0] if drafts else drafts_of(text, Part(0, len(text)))[0]
