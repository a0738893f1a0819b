"""Open days and public holidays of a location, as text and back."""

from datetime import date, datetime

import pytest
import yaml
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew
from tests.services.process_texts import apply, faults
from webapp.services import process_text

PLACE = """\
locations:
  - name: Downtown
    open_days: [mo, tu, we, th, fr]
    holidays: {holidays}
"""


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def test_open_days_and_holidays_are_told_when_they_change(
    session: Session, crew: Crew, now: datetime
) -> None:
    assert apply(session, crew, now, PLACE.format(holidays="US-IL")) == [
        "Location changed: Downtown",
        "  open_days: mo, tu, we, th, fr, was none",
        "  holidays: US-IL, was none",
    ]
    kept = (crew.location.open_days, crew.location.holiday_country, crew.location.holiday_region)
    assert kept == ("MO,TU,WE,TH,FR", "US", "IL")


def test_showing_what_would_change_changes_nothing(
    session: Session, crew: Crew, now: datetime
) -> None:
    text = PLACE.format(holidays="US")
    lines = process_text.diff(session, crew.org_id, crew.olivia.id, text, now)
    assert "  holidays: US, was none" in lines
    assert crew.location.holiday_country is None


def test_what_is_left_out_stays_and_what_is_emptied_goes(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, PLACE.format(holidays="US"))
    assert apply(session, crew, now, "locations: [{name: Downtown}]") == []
    emptied = "locations: [{name: Downtown, open_days: [], holidays: }]"
    assert apply(session, crew, now, emptied)[1:] == [
        "  open_days: none, was mo, tu, we, th, fr",
        "  holidays: none, was US",
    ]


def test_a_holiday_that_is_a_working_day_is_named_and_survives_its_text(
    session: Session, crew: Crew, now: datetime
) -> None:
    open_then = PLACE.format(holidays="US") + "    open_dates: [2026-11-26]\n"
    assert "  open_dates: 2026-11-26, was none" in apply(session, crew, now, open_then)
    assert crew.location.open_dates == {date(2026, 11, 26)}
    assert apply(session, crew, now, process_text.dump(session, crew.org_id)) == []
    emptied = apply(session, crew, now, "locations: [{name: Downtown, open_dates: []}]")
    assert emptied == ["Location changed: Downtown", "  open_dates: none, was 2026-11-26"]


@pytest.mark.parametrize("holidays", ["US", "US-IL", "NO", "DE-BY"])
def test_a_dump_keeps_them_and_applies_without_a_change(
    session: Session, crew: Crew, now: datetime, holidays: str
) -> None:
    """Norway's code is a word that plain YAML reads as no."""
    apply(session, crew, now, PLACE.format(holidays=holidays))
    text = process_text.dump(session, crew.org_id)
    (place,) = yaml.safe_load(text)["locations"]
    assert (place["open_days"], place["holidays"]) == (["mo", "tu", "we", "th", "fr"], holidays)
    assert apply(session, crew, now, text) == []


@pytest.mark.parametrize(
    ("line", "where", "words"),
    [
        ("holidays: Germany", "holidays, line 3", "Did you mean DE?"),
        ("holidays: GB-ZZ", "holidays, line 3", "Use one of ENG, NIR, SCT, WLS."),
        ("open_days: [mo, lundi]", "open_days, line 3", "“lundi” is not a weekday."),
    ],
)
def test_what_is_unknown_is_told_at_its_place(
    session: Session, crew: Crew, now: datetime, line: str, where: str, words: str
) -> None:
    text = f"locations:\n  - name: Downtown\n    {line}\n"
    ((place, sentence),) = faults(session, crew, now, text).items()
    assert where in place
    assert words in sentence
