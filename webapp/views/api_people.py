"""People and invitations over the API."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session, settings
from webapp.extensions import limiter
from webapp.models import Person
from webapp.problems import Problem
from webapp.services import extra_channels, invitations, languages, locations, people
from webapp.views.also import load_apprise
from webapp.views.auth import PER_ADDRESS
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, PUBLIC, SIGNED_IN, policy
from webapp.views.schemas_people import (
    InvitationOut,
    InvitedOut,
    PeopleOut,
    PersonChange,
    PersonIn,
    PersonOut,
    SecretIn,
)

blueprint = APIBlueprint("api_people", __name__, url_prefix="/api/v1", tag="People and locations")


@blueprint.get("/people", endpoint="people")
@policy(MANAGERS)
@blueprint.output(PeopleOut)
def every_person() -> dict[str, Any]:
    """Everybody who works here or has left."""
    found = people.all_of(session(), somebody().org_id)
    return {"people": [_person_json(person) for person in found]}


@blueprint.post("/people")
@policy(MANAGERS)
@blueprint.input(PersonIn, arg_name="asked")
@blueprint.output(InvitationOut, status_code=201)
def invite(asked: PersonIn) -> dict[str, Any]:
    """Invite a person; the link is given out only in this answer."""
    places = locations.chosen(session(), somebody().org_id, asked.locations)
    moment = now()
    person, secret = people.invite(
        session(), somebody(), asked.name, asked.email, asked.role, places, moment
    )
    session().commit()
    return _invitation_json(person, secret, moment)


@blueprint.patch("/people/<person_id>")
@policy(SIGNED_IN)
@blueprint.input(PersonChange, arg_name="asked")
@blueprint.output(PersonOut)
def change_person(person_id: str, asked: PersonChange) -> dict[str, Any]:
    """Rename a person, give another role or locations, say where else they are told, or end
    their access. One's own `extra_url` and `language` are for everybody, and nobody else's
    `language`; all else is for owners and managers.
    """
    person = people.of(session(), somebody().org_id, person_id)
    if "extra_url" in asked.model_fields_set:
        admitted = settings().extra_schemes
        load_apprise()
        extra_channels.set_for(
            session(), somebody(), person, asked.extra_url, now(), admitted=admitted
        )
    if asked.language is not None:
        if person.id != somebody().id:
            raise Problem("not_allowed")
        languages.choose(session(), person, asked.language, now())
    if not asked.model_fields_set or asked.model_fields_set - {"extra_url", "language"}:
        _change(person, asked)
    session().commit()
    return _person_json(person)


def _change(person: Person, asked: PersonChange) -> None:
    places = (
        None
        if asked.locations is None
        else locations.chosen(session(), person.org_id, asked.locations)
    )
    people.change(
        session(), somebody(), person, now(), name=asked.name, role=asked.role, locations=places
    )
    if asked.active is False:
        people.deactivate(session(), somebody(), person, now())


@blueprint.post("/people/<person_id>/invitations")
@policy(MANAGERS)
@blueprint.output(InvitationOut, status_code=201)
def invite_again(person_id: str) -> dict[str, Any]:
    """Make a new link for a person; the ones before it end."""
    moment = now()
    person = people.of(session(), somebody().org_id, person_id)
    secret = people.invite_again(session(), somebody(), person, moment)
    session().commit()
    return _invitation_json(person, secret, moment)


@blueprint.post("/invitations/peek")
@policy(PUBLIC)
@limiter.limit(PER_ADDRESS)
@blueprint.input(SecretIn, arg_name="asked")
@blueprint.output(InvitedOut)
def peek(asked: SecretIn) -> dict[str, Any]:
    """Say for whom an invitation is, without using it up."""
    person = invitations.peek(session(), asked.secret, now())
    return {
        "person": person.name,
        "organisation": person.organisation.name,
        "role": person.role,
    }


def _person_json(person: Person) -> dict[str, Any]:
    return people.facts(person) | {
        "id": person.id,
        "active": person.deactivated_at is None,
        "joined": person.password_hash is not None,
        "extra": extra_channels.shown(person),
        "language": person.language,
    }


def _invitation_json(person: Person, secret: str, moment: datetime) -> dict[str, Any]:
    return {
        "person": _person_json(person),
        "link": invitations.link(settings().public_url, secret),
        "expires_at": moment + invitations.VALID_FOR,
    }
