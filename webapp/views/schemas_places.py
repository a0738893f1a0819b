"""What the API takes in and gives out of locations, closures and public holidays."""

from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from webapp.views.schema_values import Id, Strict
from webapp.views.schemas_people import Clock, Line

LONGEST_CLOSURE = timedelta(days=366)
Weekday = Annotated[str, Field(description="mo, tu, we, th, fr, sa or su")]
Place = Annotated[
    str,
    StringConstraints(max_length=12),
    Field(description="A country by ISO 3166-1 (US), or a region of it by ISO 3166-2 (US-IL)"),
]


class LocationIn(Strict):
    """A location; `opens` and `closes` are local times, `closed` are local dates.

    Something is due on `open_days` only (none: on every day), and on none of the public
    `holidays` of the place that is named; `open_dates` are open although they are either.
    """

    name: Line
    time_zone: Line
    opens: Clock | None = None
    closes: Clock | None = None
    closed: Annotated[frozenset[date], Field(max_length=2000)] = frozenset()
    open_days: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    holidays: Place | None = None
    open_dates: Annotated[frozenset[date], Field(max_length=2000)] = frozenset()


class LocationChange(LocationIn):
    """What to change; members that are left out stay."""

    name: Line = ""
    time_zone: Line = ""


class HolidayOut(BaseModel):
    """A public holiday: a local date and its name."""

    on: date
    name: str


class LocationOut(BaseModel):
    """A location, and the public holidays that it keeps in the next twelve months."""

    id: str
    name: str
    time_zone: str
    opens: Clock | None
    closes: Clock | None
    closed: list[date]
    open_days: list[Weekday]
    holidays: Place | None
    open_dates: list[date]
    coming_holidays: list[HolidayOut]


class LocationsOut(BaseModel):
    """The organisation's locations by name."""

    locations: list[LocationOut]


class ClosureQuery(BaseModel):
    """Whose closures to list; null is every location that the asking person manages."""

    location: Id | None = None


class ClosureIn(Strict):
    """A location is closed on a local date, or from `on` until `until`, both included."""

    location: Id
    on: date
    until: date | None = None

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if self.until is not None and self.until < self.on:
            raise ValueError("The last day is before the first. Write the earlier day first.")
        if self.until is not None and self.until - self.on > LONGEST_CLOSURE:
            raise ValueError("This is over a year. Write fewer days.")
        return self

    def days(self) -> list[date]:
        """Return every date of the closure."""
        count = ((self.until or self.on) - self.on).days + 1
        return [self.on + timedelta(days=number) for number in range(count)]


class ClosureOut(BaseModel):
    """A local date on which a location is closed."""

    id: str
    location: str
    on: date


class ClosuresOut(BaseModel):
    """Closures by date."""

    closures: list[ClosureOut]


class EffectOut(BaseModel):
    """What a change does to the runs of the next days, and to steps of runs that have begun."""

    not_taking_place: int
    added: int
    moved: int
    steps_called_off: int
    steps_taken_up: int


class ClosedOut(ClosuresOut):
    """The closures that were added, and what they do to the runs of the next days."""

    runs: EffectOut


class RegionOut(BaseModel):
    """A region of a country; its code is that of ISO 3166-2 without the country."""

    code: str
    name: str


class HolidayQuery(BaseModel):
    """Whose public holidays to list."""

    place: Place


class HolidaysOut(BaseModel):
    """The regions of a country, and the public holidays of the next twelve months."""

    regions: list[RegionOut]
    holidays: list[HolidayOut]
