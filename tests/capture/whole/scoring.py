"""Score whole drafts: all of it right, asked where it is not, or wrong without a word about it.

A table holds texts, each with a line for every draft that it means:
"- WHO | RULE @DUE | STEP [proof]; STEP +MINUTES". What is "?" must be asked, a
STEP is "*" where any title will do; a proof, a deadline or a wait that is not written is not looked
at, except that a step that has to wait must say so, and no other may. " / " parts the lines of a
text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.capture.scoring import ABOUT_THE_CADENCE, same_dates
from webapp.rules.capture import Draft, DraftStep, capture

_STEP = re.compile(r"(?P<title>[^\[+]*?)\s*(?:\[(?P<proof>\w+)\])?\s*(?:\+(?P<wait>\d+|\?))?$")
# What a draft has besides its steps, and the questions that may stand in its place.
_ASKED_ABOUT = {
    "who": {"responsible"},
    "rule": ABOUT_THE_CADENCE,
    "due": {"deadline"},
    "steps": {"later", "second"},
}


@dataclass(frozen=True, slots=True)
class Meant:
    """One draft as it is meant."""

    who: str
    rule: str
    due: str
    steps: list[str]


@dataclass(slots=True)
class Text:
    """A text with the drafts that it means."""

    words: str
    drafts: list[Meant] = field(default_factory=list)


def texts_of(table: Path) -> Iterator[Text]:
    """The texts of a table."""
    text: Text | None = None
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.startswith("- ") and text:
            text.drafts.append(_meant(line[2:]))
        elif line.strip() and not line.startswith("#"):
            if text:
                yield text
            text = Text(line.strip().replace(" / ", "\n"))
    if text:
        yield text


def _meant(line: str) -> Meant:
    who, often, steps = (part.strip() for part in line.split("|"))
    rule, _at, due = (part.strip() for part in often.partition("@"))
    return Meant(who, rule, due, [step.strip() for step in steps.split(";")])


def verdict(text: Text) -> tuple[str, str]:
    """The verdict on a text (right, asked or wrong), and what was made of it."""
    drafts = capture(text.words)["drafts"]
    got = " // ".join(_told(draft) for draft in drafts)
    if len(drafts) != len(text.drafts):
        asks = any(asked["about"] == "second" for draft in drafts for asked in draft["asked"])
        return ("asked" if asks else "wrong"), got
    each = [_of_draft(*pair) for pair in zip(text.drafts, drafts, strict=True)]
    return next((worst for worst in ("wrong", "asked") if worst in each), "right"), got


def _of_draft(meant: Meant, draft: Draft) -> str:
    asked = {each["about"] for each in draft["asked"]}
    faults = _faults(meant, draft)
    if any(not asked & _ASKED_ABOUT[part] for part in faults):
        return "wrong"
    return "asked" if faults else "right"


def _faults(meant: Meant, draft: Draft) -> list[str]:
    rule = draft["cadence"]["rrule"]
    is_right = {
        "who": (draft["responsible"] or "?") == meant.who,
        "rule": same_dates(rule, meant.rule) if rule else meant.rule == "?",
        "due": not meant.due or (draft["deadline"] or "?") == meant.due,
        "steps": len(draft["steps"]) == len(meant.steps)
        and all(_is_step(*pair) for pair in zip(meant.steps, draft["steps"], strict=True)),
    }
    return [part for part, right in is_right.items() if not right]


def _is_step(meant: str, step: DraftStep) -> bool:
    found = _STEP.fullmatch(meant)
    assert found, f"{meant} is no step"
    return (
        found["title"] in ("*", step["title"])
        and found["proof"] in (None, step["proof"])
        and (found["wait"] or "none") == str(step.get("wait_minutes", "none") or "?")
    )


def _told(draft: Draft) -> str:
    steps = [
        f"{step['title']} [{step['proof']}]" + f" +{step.get('wait_minutes', 0)}"
        for step in draft["steps"]
    ]
    often = f"{draft['cadence']['rrule']} @{draft['deadline']}"
    return f"{draft['responsible']} | {often} | {'; '.join(steps)}"
