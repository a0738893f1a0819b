"""The fourteen questions of the scan, one or two on a screen, with their answers to tap."""

from dataclasses import dataclass
from typing import NamedTuple

from webapp.rules.fragility import HIGH, LITTLE, LUCK, OUTSIDE, PROOF, SOME, TOLD
from webapp.rules.scan.examples import DAILY, MONTHLY, WEEKDAYS, WEEKLY, YEARLY
from webapp.rules.sentences import N_

OWNER, NOBODY = "@owner", "@nobody"
MOST_TASKS, MOST_PEOPLE = 8, 12
LONGEST_NAME, LONGEST_TASK = 60, 120


class Answer(NamedTuple):
    """What can be tapped."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question about each task; `whom` lists the people before its own answers."""

    key: str
    words: str
    answers: tuple[Answer, ...]
    whom: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """What is asked at once; without questions about each task, the page has its own."""

    key: str
    title: str
    hint: str = ""
    questions: tuple[Question, ...] = ()


OFTEN = Question(
    "often",
    N_("How often does it come round?"),
    (
        Answer(DAILY, N_("Every day")),
        Answer(WEEKDAYS, N_("Every weekday")),
        Answer(WEEKLY, N_("Every week")),
        Answer(MONTHLY, N_("Every month")),
        Answer(YEARLY, N_("Every year")),
    ),
)
WHO = Question("who", N_("Who does it?"), (Answer(NOBODY, N_("Whoever is there")),), whom=True)
STAND_IN = Question(
    "stand_in", N_("Who takes over when they are away?"), (Answer(NOBODY, N_("Nobody yet")),), True
)
KNOWN_BY = Question(
    "known_by",
    N_("How would you know that it was not done?"),
    (
        Answer(PROOF, N_("I can look: a photo, a list, a reading")),
        Answer(TOLD, N_("Somebody would tell me")),
        Answer(OUTSIDE, N_("A customer or an inspector would")),
        Answer(LUCK, N_("Not for days")),
    ),
)
MISSED = Question(
    "missed",
    N_("When was it last missed?"),
    (
        Answer("month", N_("In the last month")),
        Answer("year", N_("Longer ago")),
        Answer("never", N_("Never that I know")),
    ),
)
NOTICED_BY = Question(
    "noticed_by",
    N_("Who noticed?"),
    (
        Answer(TOLD, N_("One of us")),
        Answer(OUTSIDE, N_("A customer")),
        Answer(LUCK, N_("It came out by chance")),
    ),
)
HARM = Question(
    "harm",
    N_("What happens when it is missed?"),
    (
        Answer(HIGH, N_("Somebody is hurt, or the law is broken")),
        Answer(SOME, N_("It costs money or a customer")),
        Answer(LITTLE, N_("It is a nuisance")),
    ),
)
AWAY = (
    Answer("goes_on", N_("All of it would go on")),
    Answer("waits", N_("Some of it would wait for me")),
    Answer("stops", N_("Much would stand still")),
)
AWAY_SAID = {
    "goes_on": N_("You said: two weeks without you, and all of it would go on."),
    "waits": N_("You said: two weeks without you, and some of it would wait."),
    "stops": N_("You said: two weeks without you, and much would stand still."),
}
SCREENS = (
    Screen("about", N_("Your business"), N_("Nothing here leaves this server.")),
    Screen("work", N_("What comes round again and again?")),
    Screen("often", N_("How often does it come round?"), "", (OFTEN,)),
    Screen("people", N_("Who does it, and who takes over?"), "", (WHO, STAND_IN)),
    Screen("proof", N_("How would you know that it was not done?"), "", (KNOWN_BY,)),
    Screen("misses", N_("When was it last missed, and who noticed?"), "", (MISSED, NOTICED_BY)),
    Screen("harm", N_("What happens when it is missed?"), "", (HARM,)),
    Screen("you", N_("What comes to you?")),
)


def screen_of(number: int) -> Screen:
    """Return the screen of that number, from 1; the nearest there is for any other."""
    return SCREENS[min(max(number, 1), len(SCREENS)) - 1]
