"""People, how they get in, and what they sign in with."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import FLAT, Base, HasId, one_of
from webapp.models.location import Location
from webapp.models.organisation import Organisation
from webapp.rules.languages import LANGUAGES

ROLES = ("owner", "manager", "staff")
# By what an owner is told of the week.
DIGESTS = ("both", "email", "push", "none")

person_location = Table(
    "person_location",
    Base.metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("location_id", ForeignKey("location.id"), primary_key=True),
)


class Person(HasId, Base):
    """Somebody who works here. Names are unique in the organisation: process text uses them.

    `extra_url` is one more way to tell them, as an Apprise address; it may hold a secret. The PIN
    works at kiosks only. `language` is null until they choose one. `digest` matters to owners only.
    Of who was erased only the row stays, under a name that tells nothing, so that what they did
    keeps its place.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("org_id", "name"),
        one_of("role", ROLES),
        one_of("language", tuple(LANGUAGES)),
        one_of("digest", DIGESTS),
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint(
            "erased_at IS NULL OR (deactivated_at IS NOT NULL AND email IS NULL"
            " AND password_hash IS NULL AND pin_hash IS NULL AND extra_url IS NULL)",
            name="erased_whole",
        ),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[str]
    password_hash: Mapped[str | None]
    pin_hash: Mapped[str | None]
    pin_set_at: Mapped[datetime | None]
    extra_url: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(8))
    digest: Mapped[str] = mapped_column(String(8), default="both", server_default="both")
    deactivated_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=FLAT)
    locations: Mapped[list[Location]] = relationship(
        secondary=person_location, order_by=Location.name, lazy="selectin"
    )


class Invitation(HasId, Base):
    """A one-time way in. Only the SHA-256 of its secret is kept."""

    __tablename__ = "invitation"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=FLAT)


class SignIn(Base):
    """One browser's session. The id is random; ending the row ends the session at once.

    `device_id` is the device that last brought work with it, so that signing the device off can
    end it.
    """

    __tablename__ = "sign_in"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device_id: Mapped[str | None] = mapped_column(String(64))

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=FLAT)


class ApiToken(HasId, Base):
    """A bearer token of a person. Only its SHA-256 is kept."""

    __tablename__ = "api_token"

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=FLAT)
