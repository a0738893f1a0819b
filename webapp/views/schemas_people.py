"""What the API takes in and gives out of people and locations."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, PlainSerializer, StringConstraints

from webapp.rules.deadline import format_clock, parse_clock
from webapp.views.schema_values import Id, Strict
from webapp.views.schemas import Who

Role = Literal["owner", "manager", "staff"]
Line = Annotated[str, StringConstraints(max_length=300)]
Clock = Annotated[
    time,
    BeforeValidator(parse_clock),
    PlainSerializer(format_clock, return_type=str, when_used="json"),
]


class PersonIn(Strict):
    """Somebody to invite; without an e-mail address they get in by their link alone."""

    name: Line
    email: Line | None = None
    role: Role = "staff"
    locations: Annotated[list[Id], Field(max_length=200)] = []


class PersonChange(Strict):
    """What to change; members that are left out stay. An invitation makes active again.

    `extra_url` is an SMS or chat address in Apprise's form; null forgets it. It is never given out.
    `language` is that of their pages and messages.
    """

    name: Line | None = None
    role: Role | None = None
    locations: Annotated[list[Id], Field(max_length=200)] | None = None
    active: Literal[False] | None = None
    extra_url: Annotated[str, StringConstraints(max_length=500)] | None = None
    language: Literal["en", "es", "fr", "de", "pt", "ar"] | None = None


class PersonOut(BaseModel):
    """A person; `joined` once they have chosen a password.

    `extra` says by which service they are told too: "slack, ends in …x9". `language` is null
    until they choose one.
    """

    id: str
    name: str
    email: str | None
    role: Role
    locations: list[str]
    active: bool
    joined: bool
    extra: str | None
    language: str | None


class PeopleOut(BaseModel):
    """Everybody of the organisation, those who left last."""

    people: list[PersonOut]


class InvitationOut(BaseModel):
    """A link that works once; its secret is in the fragment and is given out only here."""

    person: PersonOut
    link: str
    expires_at: datetime


class SecretIn(Strict):
    """The secret of an invitation."""

    secret: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class InvitedOut(BaseModel):
    """For whom an invitation is."""

    person: str
    organisation: str
    role: Role


class AbsenceIn(Strict):
    """Days on which a person is away, both included; `person` null is the one who asks."""

    person: Id | None = None
    first_day: date
    last_day: date
    reason: Line = ""


class SickIn(Strict):
    """Who is away today; null is the one who asks."""

    person: Id | None = None


class AbsenceOut(BaseModel):
    """An absence. Its days are local dates: each location judges them by its own time zone."""

    id: str
    person: Who
    first_day: date
    last_day: date
    reason: str
    entered_by: Who


class AbsencesOut(BaseModel):
    """Absences of today and later, the earliest first."""

    absences: list[AbsenceOut]


class EndedOut(BaseModel):
    """How many steps came back when an absence ended, and the person's absences that stay."""

    came_back: int
    stay: list[AbsenceOut]
