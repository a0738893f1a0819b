"""Sentences that were once read wrongly without a word about it: right now, or asked about.

A row is a text and what becomes of it: who / backup | rule, how sure, due | steps | asked about.
"""

import pytest

from webapp.rules.capture import Draft, capture

# The grammar always asks for these where the text does not say them.
_ALWAYS = ("fallback", "proof")


def told(draft: Draft) -> str:
    cadence = draft["cadence"]
    steps = [
        step["title"] + (f" [{step['proof']}]" if step["proof"] else "") for step in draft["steps"]
    ]
    asked = {each["about"] for each in draft["asked"] if not each["about"].startswith(_ALWAYS)}
    parts = (
        f"{draft['responsible']} / {draft['backup']}",
        f"{cadence['rrule']} {cadence['confidence']} @{draft['deadline']}",
        "; ".join(steps),
        " ".join(sorted(asked)),
    )
    return " | ".join(parts)


# What lies between or at days with a name of their own is asked about, and nobody is called so.
FEASTS = [
    ("Between Thanksgiving and Christmas Ben checks the heat lamps every evening at 8, backup Amy.",
     "Ben / Amy | FREQ=DAILY maybe @20:00 | Check the heat lamps | exception"),
    ("Between Easter and Labor Day Rita checks the ice machine daily at 9am, backup Sam.",
     "Rita / Sam | FREQ=DAILY maybe @09:00 | Check the ice machine | exception"),
    ("From Memorial Day to Labor Day Sam opens the pool every day at 9, backup Lou.",
     "Sam / Lou | FREQ=DAILY maybe @09:00 | Open the pool [photo] | exception"),
    (("Every evening at 8 Ben lights the window from Halloween until New Year's Day,"
      " backup Amy."), "Ben / Amy | FREQ=DAILY maybe @20:00 | Light the window | exception"),
    ("During Ramadan Ali opens the room every day at 6pm, backup Omar.",
     "Ali / Omar | FREQ=DAILY maybe @18:00 | Open the room [photo] | exception"),
    ("After Labor Day Rita checks the pump every Monday at 9am, backup Sam.",
     "Rita / Sam | FREQ=WEEKLY;BYDAY=MO maybe @09:00 | Check the pump | exception"),
    ("Only between Easter and the end of October Rita waters the roses daily at 7am, backup Sam.",
     "Rita / Sam | FREQ=DAILY maybe @07:00 | Water the roses | exception"),
    ("On Christmas Eve Ben closes at 2pm. Backup Amy.",
     "Ben / Amy | None unknown @14:00 | Close [photo] | cadence"),
    ("Every Thanksgiving Ida roasts the turkey by 10am, backup Amy.",
     "Ida / Amy | None unknown @10:00 | Roast the turkey | cadence"),
]  # fmt: skip

# What comes round beside a cadence that was read, and is none itself.
BESIDE = [
    ("Every leap day and every Feb 14th Ida decorates the window",
     "Ida / None | None unknown @None | Decorate the window [photo] | backup cadence deadline"),
    ("Every full moon and every Friday at 5pm Ida waters the moss, backup Jo.",
     "Ida / Jo | FREQ=WEEKLY;BYDAY=FR maybe @17:00 | Every full moon; Water the moss | second"),
    ("Every Friday at 5pm and every payday Ida mops the hall, backup Jo.",
     ("None / Jo | FREQ=WEEKLY;BYDAY=FR maybe @17:00 | Every payday Ida mops the hall"
      " | responsible second")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "means"), [*FEASTS, *BESIDE])
def test_it_is_right_or_it_is_asked(text: str, means: str) -> None:
    assert " // ".join(told(draft) for draft in capture(text)["drafts"]) == means
