"""Who works at the demo daycare, where, and what they do again and again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from decimal import Decimal

from webapp.rules.proof_gate import Requirement
from webapp.services.definitions.draft import (
    DraftCondition,
    DraftFollowUp,
    DraftLevel,
    DraftStep,
    ProcessDraft,
)
from webapp.services.places import Place

NAME = "Sunflower Daycare"
OWNER = "Olivia"
MAIL_DOMAIN = "sunflower-daycare.example"
DOWNTOWN = Place("Downtown", "America/Chicago", time(6, 30), time(18, 0))
RIVERSIDE = Place("Riverside", "America/New_York", time(7, 0), time(18, 30))
# Everybody but the owner: role and locations.
TEAM = {
    "Maya": ("manager", ("Downtown", "Riverside")),
    "Ana": ("staff", ("Downtown",)),
    "Ben": ("staff", ("Downtown",)),
    "Fay": ("staff", ("Downtown",)),
    "Omar": ("staff", ("Riverside",)),
    "Lin": ("staff", ("Riverside",)),
    "Sam": ("staff", ("Riverside",)),
}
# At a kiosk everybody types this, but for one: Fay shows how it is to have none.
PIN, WITHOUT_PIN = "271828", "Fay"
OPENING, LATCH = "Opening check", "Gate latch"
MOVED, CLEARED = "Food moved to the other fridge", "Leftovers cleared"
PLAYGROUND, TUITION = "Playground walk", "Month-end tuition reconciliation"
ATTENDANCE, SHORT = "Attendance and carers", "Rooms short of carers"
EVERY_DAY, WEEKDAYS = "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
LAST_WEEKDAY = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"

_PHOTO, _NOTE, _TAP = Requirement("photo"), Requirement("note"), Requirement("timed")
_FRIDGE = Requirement(
    "number",
    unit="°F",
    minimum=Decimal(33),
    maximum=Decimal(41),
    if_outside="Move the food to the other fridge and call the repair line",
)
_HEADS = Requirement("number", unit="children", minimum=Decimal(0), maximum=Decimal(60))


def _chain(
    assignee: str, backup: str, fallback: str | None, owner_wait: int = 30
) -> tuple[DraftLevel, ...]:
    """The chain by names."""
    named = [("assignee", assignee, 0), ("backup", backup, 0), ("fallback", fallback, 20)]
    levels = [DraftLevel(role, name, wait) for role, name, wait in named if name]
    return (*levels, DraftLevel("owner", None, owner_wait))


def _step(
    title: str, requirement: Requirement, instructions: str = "", may_skip: bool = False
) -> DraftStep:
    return DraftStep(title, instructions, requirement, may_skip)


# Steps that show how they should look, and what their picture shows.
LOOKS = {
    "Front room ready": "Chairs at the tables, boxes on the shelf, nothing on the floor.",
    "Kitchen fridge": "The dial hangs on the middle shelf; its green part is 33 to 41 °F.",
    "Front door locked": "The key is turned upright and the alarm's light is green.",
}

# Chains name people; `drafts` puts their ids in.
_PROCESSES = (
    ProcessDraft(
        name=OPENING,
        locations=("Downtown",),
        rrule=EVERY_DAY,
        opens=time(6, 30),
        deadline=time(7, 15),
        grace_minutes=5,
        chain=_chain("Ana", "Ben", "Fay"),
        steps=(
            _step("Front room ready", _PHOTO, "Chairs down, floor clear, lights on."),
            _step("Emergency exits clear", _TAP, "Walk to both doors and open them."),
            _step(
                LATCH,
                Requirement("timed", min_seconds=20),
                "Let the gate fall shut three times. It must catch each time.",
            ),
            _step("Who is away today", _NOTE, "Names of the children, or “nobody”."),
        ),
        review="photos",
    ),
    ProcessDraft(
        name="Fridge temperatures",
        locations=("Riverside",),
        rrule=EVERY_DAY,
        opens=time(10, 0),
        deadline=time(11, 0),
        grace_minutes=10,
        chain=_chain("Lin", "Sam", "Omar"),
        steps=(
            _step("Kitchen fridge", _FRIDGE, "Read the dial on the middle shelf."),
            replace(
                _step(MOVED, _NOTE, "All of it. Where it is now, and who was called."),
                only_if=DraftCondition(0, "outside"),
            ),
            _step("Milk fridge", _FRIDGE, "Read the dial in the door."),
        ),
    ),
    ProcessDraft(
        name=PLAYGROUND,
        locations=("Riverside",),
        rrule=WEEKDAYS,
        opens=time(8, 30),
        deadline=time(9, 30),
        grace_minutes=10,
        chain=_chain("Sam", "Lin", "Omar"),
        steps=(
            _step("Ground and fence", _PHOTO, "One photo that shows the whole ground."),
            _step("Anything broken", _NOTE, "What and where, or “nothing”."),
        ),
        review="photos",
    ),
    ProcessDraft(
        name="Lunch allergy check",
        locations=("Downtown",),
        rrule=WEEKDAYS,
        opens=time(11, 0),
        deadline=time(11, 45),
        grace_minutes=5,
        chain=_chain("Ben", "Fay", "Ana"),
        steps=(
            _step("Plates against the allergy list", _TAP, "Read each name aloud."),
            _step("Swaps made", _NOTE, "Who got what instead, or “none”."),
            _step("Lunch is out", _TAP),
            replace(
                _step(CLEARED, _NOTE, "What was left and thrown away, or “nothing”."),
                follow_up=DraftFollowUp(2, 120, 15),
            ),
        ),
    ),
    ProcessDraft(
        name="Closing and lock-up",
        locations=("Riverside",),
        rrule=EVERY_DAY,
        opens=time(17, 30),
        deadline=time(18, 45),
        grace_minutes=10,
        chain=_chain("Omar", "Sam", "Maya"),
        steps=(
            _step("Every room empty", _TAP, "Open each door and look behind it."),
            _step("Stove and taps off", _TAP),
            _step("Front door locked", _PHOTO, "The lock and the light of the alarm."),
        ),
        review="photos",
    ),
    # At both places: what locations are compared by.
    ProcessDraft(
        name=ATTENDANCE,
        locations=("Downtown", "Riverside"),
        rrule=WEEKDAYS,
        opens=time(9, 0),
        deadline=time(10, 0),
        grace_minutes=10,
        chain=_chain("Maya", "Fay", None),
        steps=(
            _step("Children here", _HEADS, "Count heads, room by room."),
            _step(SHORT, _NOTE, "Which, and who stood in, or “none”."),
            _step("Roll sent to the county", _TAP),
        ),
    ),
    ProcessDraft(
        name=TUITION,
        locations=("Downtown", "Riverside"),
        rrule=LAST_WEEKDAY,
        opens=time(9, 0),
        opens_days_before=3,
        deadline=time(16, 0),
        grace_minutes=24 * 60,
        chain=_chain("Maya", "Fay", None, 2 * 24 * 60),
        steps=(
            _step("Payments match the roll", _PHOTO, "The roll, with each payment ticked."),
            _step("Reminders sent", _NOTE, "How many, and to whom.", may_skip=True),
        ),
    ),
)


def drafts(ids: Mapping[str, str]) -> list[ProcessDraft]:
    """Return the seven processes; `ids` gives the id of each person by name."""
    return [replace(draft, chain=_with_ids(draft.chain, ids)) for draft in _PROCESSES]


def _with_ids(chain: tuple[DraftLevel, ...], ids: Mapping[str, str]) -> tuple[DraftLevel, ...]:
    return tuple(
        replace(level, person_id=ids[level.person_id]) if level.person_id else level
        for level in chain
    )
