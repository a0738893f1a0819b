"""Recurring tasks that kinds of businesses know, to tap instead of to type."""

from typing import NamedTuple

from webapp.rules.sentences import N_

DAILY, WEEKDAYS = "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
WEEKLY, MONTHLY = "FREQ=WEEKLY;BYDAY=FR", "FREQ=MONTHLY;BYMONTHDAY=-1"
YEARLY = "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15"


class Example(NamedTuple):
    """A task with how often it mostly comes round, and the proof that suits it."""

    name: str
    rrule: str
    proof: str


class Kind(NamedTuple):
    """A kind of business."""

    key: str
    name: str
    examples: tuple[Example, ...]


KINDS = (
    Kind(
        "daycare",
        N_("Daycare or school"),
        (
            Example(N_("Opening check of the rooms"), WEEKDAYS, "photo"),
            Example(N_("Fridge temperatures"), DAILY, "number"),
            Example(N_("Counting the children in and out"), WEEKDAYS, "number"),
            Example(N_("Playground safety walk"), WEEKLY, "photo"),
            Example(N_("Locking up"), WEEKDAYS, "photo"),
            Example(N_("Fire drill"), MONTHLY, "note"),
            Example(N_("Sending the invoices"), MONTHLY, "file"),
        ),
    ),
    Kind(
        "bakery",
        N_("Bakery, café or kitchen"),
        (
            Example(N_("Fridge and freezer temperatures"), DAILY, "number"),
            Example(N_("Opening check"), DAILY, "photo"),
            Example(N_("Counting the till"), DAILY, "number"),
            Example(N_("Ordering flour and milk"), WEEKLY, "note"),
            Example(N_("Cleaning the ovens and the hood"), WEEKLY, "photo"),
            Example(N_("Use-by dates"), DAILY, "photo"),
            Example(N_("Wages"), MONTHLY, "file"),
        ),
    ),
    Kind(
        "clinic",
        N_("Clinic or practice"),
        (
            Example(N_("Medicine fridge temperature"), DAILY, "number"),
            Example(N_("Sterilising the instruments"), WEEKDAYS, "photo"),
            Example(N_("Calling back patients"), WEEKDAYS, "note"),
            Example(N_("Checking the emergency kit"), WEEKLY, "photo"),
            Example(N_("Backing up the records"), WEEKLY, "note"),
            Example(N_("Billing the insurers"), MONTHLY, "file"),
            Example(N_("Locking the medicine cabinet"), WEEKDAYS, "photo"),
        ),
    ),
    Kind(
        "cleaning",
        N_("Cleaning or trades"),
        (
            Example(N_("Check of the site before leaving"), WEEKDAYS, "photo"),
            Example(N_("Loading the van"), WEEKDAYS, "photo"),
            Example(N_("Keys back in the safe"), WEEKDAYS, "photo"),
            Example(N_("Refilling materials"), WEEKLY, "note"),
            Example(N_("Answering requests for a price"), WEEKDAYS, "note"),
            Example(N_("Sending the invoices"), MONTHLY, "file"),
            Example(N_("Inspection of the vans"), MONTHLY, "photo"),
        ),
    ),
    Kind(
        "shop",
        N_("Shop"),
        (
            Example(N_("Opening the shop"), DAILY, "photo"),
            Example(N_("Counting the till"), DAILY, "number"),
            Example(N_("Ordering what runs out"), WEEKLY, "note"),
            Example(N_("Returns to suppliers"), WEEKLY, "note"),
            Example(N_("Locking up and the alarm"), DAILY, "photo"),
            Example(N_("Counting the stock"), MONTHLY, "file"),
            Example(N_("Paying the suppliers"), MONTHLY, "note"),
        ),
    ),
    Kind(
        "office",
        N_("Office or agency"),
        (
            Example(N_("Following up new enquiries"), WEEKDAYS, "note"),
            Example(N_("Sending the invoices"), MONTHLY, "file"),
            Example(N_("Reminding who has not paid"), WEEKLY, "note"),
            Example(N_("Month-end close"), MONTHLY, "file"),
            Example(N_("Wages"), MONTHLY, "file"),
            Example(N_("Trying the backup"), MONTHLY, "note"),
            Example(N_("Tax and licence dates"), YEARLY, "note"),
        ),
    ),
    Kind(
        "other",
        N_("Something else"),
        (
            Example(N_("Opening check"), WEEKDAYS, "photo"),
            Example(N_("Locking up"), WEEKDAYS, "photo"),
            Example(N_("Following up new enquiries"), WEEKDAYS, "note"),
            Example(N_("Ordering what runs out"), WEEKLY, "note"),
            Example(N_("Sending the invoices"), MONTHLY, "file"),
            Example(N_("Wages"), MONTHLY, "file"),
            Example(N_("Safety walk"), WEEKLY, "photo"),
        ),
    ),
)


def examples_of(kind: str) -> tuple[Example, ...]:
    """Return what a kind of business knows; of an unknown kind, what most know."""
    return next((each for each in KINDS if each.key == kind), KINDS[-1]).examples
