"""When a location is open and when it is closed, in words."""

from datetime import datetime

from webapp.formats import day, listed
from webapp.models import Location
from webapp.rules.moment_words import local_date
from webapp.rules.sentences import N_
from webapp.services import places, public_holidays
from webapp.words import gettext as _
from webapp.words import ngettext

WEEKDAYS = (
    ("MO", N_("Monday")),
    ("TU", N_("Tuesday")),
    ("WE", N_("Wednesday")),
    ("TH", N_("Thursday")),
    ("FR", N_("Friday")),
    ("SA", N_("Saturday")),
    ("SU", N_("Sunday")),
)


def open_days(place: Location) -> str:
    """Say on which days of the week it is open; nothing where it always is."""
    names = [_(dict(WEEKDAYS)[day]) for day in places.open_days_of(place)]
    if not names:
        return ""
    if places.open_days_of(place) == tuple(code for code, _name in WEEKDAYS[:5]):
        return _("Monday to Friday.")
    return f"{listed(names)}."


def closed(place: Location, moment: datetime) -> str:
    """Say when it is closed next, and on how many days after that."""
    today = local_date(moment, place.time_zone)
    coming = sorted(day for day in place.closed_dates if day >= today)
    if not coming:
        return ""
    first, more = coming[0], len(coming) - 1
    when = (
        _("today") if first == today else _("on %(day)s", day=day(first, weekday=False, year=True))
    )
    if not more:
        # Translators: %(when)s is like “today” or “on 3 October 2027”.
        return _("Closed %(when)s.", when=when)
    return ngettext(
        "Closed %(when)s and %(num)s more day.",
        "Closed %(when)s and %(num)s more days.",
        more,
        when=when,
    )


def holidays(place: Location) -> str:
    """Say on the public holidays of which country and region it is closed."""
    country, region = place.holiday_country, place.holiday_region
    if country is None:
        return ""
    name = public_holidays.name_of(country)
    where = f"{dict(public_holidays.regions(country))[region]}, {name}" if region else name
    return _("Closed on public holidays: %(where)s.", where=where)
