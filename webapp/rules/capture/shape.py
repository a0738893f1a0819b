"""The shape of a captured text: drafts of processes, their parts, and what happens only once."""

from typing import NotRequired, TypedDict


class CaptureError(ValueError):
    """A text that cannot be read; code is stable, str(error) is a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DraftCadence(TypedDict):
    """confidence: stated, likely, maybe or unknown; evidence: the words it was read from.

    starts and ends are the words for the first and the last date, which a rule does not hold.
    """

    rrule: str | None
    words: str | None
    confidence: str
    evidence: list[str]
    starts: NotRequired[str]
    ends: NotRequired[str]


class DraftStep(TypedDict):
    """One step with the proof that suits it, and why; a number's unit and range where named.

    With wait_minutes it opens so long after the step before it is done, and is due due_minutes
    after it opens; either is None while it is asked.
    """

    title: str
    proof: str | None
    why: str
    unit: NotRequired[str]
    min: NotRequired[int | float]
    max: NotRequired[int | float]
    wait_minutes: NotRequired[int | None]
    due_minutes: NotRequired[int | None]


class HeardWords(TypedDict):
    """Words of the text that were used, and for which part of the draft."""

    part: str
    start: int
    end: int


class Question(TypedDict):
    """One of the questions with the part it is about, and choices where there are only a few.

    label is what an answer is called on a line of its own ("Backup: Ben").
    """

    about: str
    question: str
    choices: list[str]


class Draft(TypedDict):
    """A process as far as it is known; times are local ("09:00"), opens null when not said.

    carried is what only other text than its own says of it, by part, as an answer on a line of its
    own would say it: whoever keeps this draft alone keeps that with it.
    """

    name: str | None
    responsible: str | None
    backup: str | None
    cadence: DraftCadence
    deadline: str | None
    steps: list[DraftStep]
    questions: list[str]
    opens: str | None
    fallback: str | None
    heard: list[HeardWords]
    assumed: list[str]
    asked: list[Question]
    start: int
    end: int
    carried: NotRequired[dict[str, str]]


class OnceOnly(TypedDict):
    """Work that happens once: its text and place, and a kind word about where it belongs."""

    text: str
    why: str
    start: int
    end: int


class Capture(TypedDict):
    """What one text gave: drafts of recurring work, and what happens only once."""

    drafts: list[Draft]
    once: list[OnceOnly]
