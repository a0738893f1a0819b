"""Sentences that were once read wrongly without a word: right now, or asked about.

The table holds texts, and under each a line for every draft that is made of it:
"- WHO / BACKUP | RULE, how sure, @DUE | STEP [proof]; STEP | ASKED ABOUT". " / " in a text parts
its lines.
"""

from pathlib import Path

import pytest

from webapp.rules.capture import Draft, DraftStep, capture

# The grammar always asks for these where the text does not say them.
_ALWAYS = ("fallback", "proof")


def rows() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in Path(__file__).with_name("rows.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("- "):
            found[-1][1].append(line)
        elif line and not line.startswith("#"):
            found.append((line.replace(" / ", "\n"), []))
    return found


def told(draft: Draft) -> str:
    cadence = draft["cadence"]
    asked = {each["about"] for each in draft["asked"] if not each["about"].startswith(_ALWAYS)}
    parts = (
        f"{draft['responsible'] or '?'} / {draft['backup'] or '?'}",
        f"{cadence['rrule'] or '?'} {cadence['confidence']} @{draft['deadline'] or '?'}",
        "; ".join(map(_step, draft["steps"])),
        " ".join(sorted(asked)) or "nothing",
    )
    return f"- {' | '.join(parts)}"


def _step(step: DraftStep) -> str:
    numbers = [f"{end} {step[end]}" for end in ("min", "max") if end in step]
    proof = ", ".join([step["proof"] or "?", *numbers])
    return f"{step['title']} [{proof}]"


@pytest.mark.parametrize(("text", "means"), rows())
def test_it_is_right_or_it_is_asked(text: str, means: list[str]) -> None:
    assert [told(draft) for draft in capture(text)["drafts"]] == means
