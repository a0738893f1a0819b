"""Public holidays as countries and regions keep them, and what is said when one is unknown."""

from datetime import date

import pytest

from webapp.problems import Problem
from webapp.services import public_holidays


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (None, (None, None)),
        (" ", (None, None)),
        ("US", ("US", None)),
        ("us-il", ("US", "IL")),
        ("DE-BY", ("DE", "BY")),
        (" NZ-AUK ", ("NZ", "AUK")),
    ],
)
def test_a_place_is_read_as_iso_3166_writes_it(text, kept):
    assert public_holidays.known(text) == kept
    assert public_holidays.known(public_holidays.written(*kept)) == kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Germany", "“Germany” is not a country we know. Did you mean DE?"),
        ("Untied States", "Did you mean US?"),
        ("XX", "Write its code, such as US, GB or DE."),
        ("GB-ZZ", "“ZZ” is not a region of United Kingdom. Use one of ENG, NIR, SCT, WLS."),
        ("SG-01", "“01” is not a region of Singapore. Leave the region out."),
        ("DE-AUGSBURG", "“AUGSBURG” is not a region of Germany."),
        ("US-", None),
    ],
)
def test_an_unknown_place_says_what_could_be_meant(text, words):
    if words is None:
        assert public_holidays.known(text) == ("US", None)
        return
    with pytest.raises(Problem) as caught:
        public_holidays.known(text)
    assert caught.value.code == "holidays_unknown"
    assert words in caught.value.fields["holidays"]


def test_every_country_has_a_name_and_a_code_once():
    codes = [code for code, _ in public_holidays.countries()]
    assert len(codes) == len(set(codes)) > 200
    assert all(len(code) == 2 and name for code, name in public_holidays.countries())
    assert ("IL", "Illinois") in public_holidays.regions("US")


@pytest.mark.parametrize(
    ("country", "region", "day", "name"),
    [
        ("US", None, date(2026, 11, 26), "Thanksgiving Day"),
        ("US", "IL", date(2026, 2, 12), "Lincoln's Birthday"),
        ("DE", "BY", date(2026, 1, 6), "Epiphany"),
        ("NZ", "AUK", date(2026, 1, 26), "Auckland Anniversary Day"),
        ("GB", "SCT", date(2026, 11, 30), "Saint Andrew's Day"),
    ],
)
def test_holidays_have_their_english_names(country, region, day, name):
    assert public_holidays.between(country, region, day, day) == {day: name}


def test_a_holiday_of_a_region_is_none_of_its_country():
    day = date(2026, 1, 6)
    assert public_holidays.between("DE", None, day, day) == {}


def test_both_ends_belong_to_the_span_also_over_a_new_year():
    found = public_holidays.between("US", None, date(2026, 12, 25), date(2027, 1, 1))
    assert sorted(found) == [date(2026, 12, 25), date(2027, 1, 1)]


def test_a_holiday_kept_on_another_day_is_closed_on_both():
    """Independence Day 2026 is a Saturday: many keep the Friday."""
    found = public_holidays.between("US", None, date(2026, 7, 1), date(2026, 7, 7))
    assert [day.day for day in found] == [3, 4]


def test_the_names_do_not_depend_on_the_language_of_the_server(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "uk")
    day = date(2031, 12, 25)
    assert public_holidays.between("DE", None, day, day) == {day: "Christmas Day"}
