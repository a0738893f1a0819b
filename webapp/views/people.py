"""The page of people: who works here, invitation links, leaving."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from webapp.context import now, session, settings
from webapp.formats import listed
from webapp.models import Person
from webapp.problems import Problem
from webapp.rules.moment_words import span_words
from webapp.rules.sentences import N_
from webapp.services import (
    absences,
    channel_trouble,
    extra_channels,
    invitations,
    locations,
    people,
    pins,
    reach,
)
from webapp.views import reaching
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _

blueprint = APIBlueprint("people", __name__, enable_openapi=False)

PAGE = "manage/people.html"
ROLES = (
    ("staff", N_("Staff"), N_("Sees only what is theirs today.")),
    (
        "manager",
        N_("Manager"),
        N_("Defines processes, sees runs and reviews proofs at their locations."),
    ),
    ("owner", N_("Owner"), N_("Sees everything, and is the last resort.")),
)


@blueprint.get("/people", endpoint="people")
@policy(MANAGERS)
def show_people() -> ResponseReturnValue:
    """Show who works here, and once the link of a new invitation or a new PIN."""
    link, pin = cookie.pop("invitation_link", None), cookie.pop("new_pin", None)
    erased = "erased" in request.args
    return render_template(PAGE, **_page(), form={}, link=link, new_pin=pin, erased=erased)


@blueprint.post("/people")
@policy(MANAGERS)
def invite() -> ResponseReturnValue:
    """Add a person and show the link that lets them in."""
    form = request.form.to_dict() | {"location": request.form.getlist("location")}
    try:
        places = locations.chosen(session(), somebody().org_id, request.form.getlist("location"))
        person, secret = people.invite(
            session(),
            somebody(),
            request.form.get("name", ""),
            request.form.get("email"),
            request.form.get("role", ""),
            places,
            now(),
        )
    except Problem as problem:
        return form_again(PAGE, problem, _page, form=form)
    return _show_link(person, secret)


@blueprint.post("/people/<person_id>/link", endpoint="person_link")
@policy(MANAGERS)
def invite_again(person_id: str) -> ResponseReturnValue:
    """Make a new link for a person; the one before it ends."""
    person = people.of(session(), somebody().org_id, person_id)
    return _show_link(person, people.invite_again(session(), somebody(), person, now()))


@blueprint.post("/people/<person_id>/deactivate", endpoint="person_deactivate")
@policy(MANAGERS)
def deactivate(person_id: str) -> ResponseReturnValue:
    """End a person's access."""
    person = people.of(session(), somebody().org_id, person_id)
    try:
        people.deactivate(session(), somebody(), person, now())
    except Problem as problem:
        return form_again(PAGE, problem, _page, form={})
    session().commit()
    return redirect(url_for("people.people"), 303)


@blueprint.post("/people/<person_id>/pin", endpoint="person_pin")
@policy(MANAGERS)
def give_pin(person_id: str) -> ResponseReturnValue:
    """Give a person a fresh PIN and show it, once."""
    person = people.of(session(), somebody().org_id, person_id)
    pin = pins.give_fresh(session(), somebody(), person, now())
    cookie["new_pin"] = {"name": person.name, "pin": f"{pin[:3]} {pin[3:]}"}
    session().commit()
    return redirect(url_for("people.people", _anchor="given"), 303)


def _show_link(person: Person, secret: str) -> ResponseReturnValue:
    """Carry the link to the next page in the inviter's own cookie: it is shown once.

    A task that was typed before anybody was here stays in the address.
    """
    cookie["invitation_link"] = {
        "name": person.name,
        "url": invitations.link(settings().public_url, secret),
        "ends": _("in three days"),
    }
    session().commit()
    kept: dict[str, Any] = {name: request.args.get(name) for name in ("sentence", "draft")}
    return redirect(url_for("people.people", **kept), 303)


def _page() -> dict[str, Any]:
    asking = somebody()
    away = _away_words(asking)
    trouble = channel_trouble.of_people(session(), asking.org_id)
    members = people.all_of(session(), asking.org_id)
    reached = reaching.of_members(asking, members)
    return {
        "sentence": request.args.get("sentence", ""),
        "draft": request.args.get("draft", ""),
        "people": [
            _member(asking, person)
            | {"away": away.get(person.id, ""), "trouble": trouble.get(person.id, [])}
            | {"reach": reached.get(person.id)}
            for person in members
            if person.erased_at is None
        ],
        "locations": [
            (place.id, place.name)
            for place in reach.among(asking, locations.all_of(session(), asking.org_id))
        ],
        "roles": [
            (role, _(name), _(hint))
            for role, name, hint in ROLES
            if role != "owner" or asking.role == "owner"
        ],
    }


def _member(asking: Person, person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "email": person.email or "",
        "locations": [location.name for location in person.locations],
        "active": person.deactivated_at is None,
        "is_you": person is asking,
        "may_change": person is not asking and people.may_look_after(asking, person),
        "may_be_erased": asking.role == "owner" and person.deactivated_at is not None,
        "may_get_pin": pins.may_give(asking, person),
        "has_pin": person.pin_hash is not None,
        "may_be_told_also": extra_channels.may_set(asking, person),
        "may_be_away": person.deactivated_at is None and absences.may_say(asking, person),
        "words": _("Works here no more.") if person.deactivated_at else "",
    }


def _away_words(asking: Person) -> dict[str, str]:
    """Say of each person when they are away next: Away 23–27 November and 24 December."""
    moment = now()
    days: dict[str, list[str]] = {}
    for absence in absences.ahead(session(), asking, moment):
        span = span_words(absence.first_day, absence.last_day, moment.date())
        days.setdefault(absence.person_id, []).append(span)
    return {person: _("Away %(days)s.", days=listed(spans[:2])) for person, spans in days.items()}
