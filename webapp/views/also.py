"""The page that says where else somebody is told, when push does not reach them."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import apprise_address
from webapp.context import now, session, settings
from webapp.models import Person
from webapp.problems import Problem
from webapp.rules.extra_channel import SCHEMES
from webapp.services import channel_trouble, extra_channels, people
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, SIGNED_IN, policy
from webapp.words import gettext as _

blueprint = APIBlueprint("also", __name__, enable_openapi=False)

PAGE = "manage/also.html"


@blueprint.get("/also", endpoint="also")
@policy(SIGNED_IN)
def show_mine() -> ResponseReturnValue:
    """Show where else I am told."""
    return render_template(PAGE, **_page(somebody()))


@blueprint.post("/also")
@policy(SIGNED_IN)
def set_mine() -> ResponseReturnValue:
    """Keep or forget my extra address."""
    return _set(somebody())


@blueprint.get("/people/<person_id>/also", endpoint="person_also")
@policy(MANAGERS)
def show_theirs(person_id: str) -> ResponseReturnValue:
    """Show where else a person is told."""
    return render_template(PAGE, **_page(_looked_after(person_id)))


@blueprint.post("/people/<person_id>/also")
@policy(MANAGERS)
def set_theirs(person_id: str) -> ResponseReturnValue:
    """Keep or forget a person's extra address."""
    return _set(_looked_after(person_id))


def _looked_after(person_id: str) -> Person:
    person = people.of(session(), somebody().org_id, person_id)
    if not extra_channels.may_set(somebody(), person):
        raise Problem(
            "not_allowed",
            _("Only somebody who looks after %(person)s can say this.", person=person.name),
        )
    return person


def _set(person: Person) -> ResponseReturnValue:
    """Keep what was typed; a wrong address is not shown again, since it may hold a secret."""
    address, admitted = request.form.get("extra_url"), settings().extra_schemes
    load_apprise()
    try:
        extra_channels.set_for(session(), somebody(), person, address, now(), admitted=admitted)
    except Problem as problem:
        return form_again(PAGE, problem, lambda: _page(person))
    session().commit()
    if person is somebody():
        return redirect(url_for("also.also", saved=1), 303)
    return redirect(url_for("also.person_also", person_id=person.id, saved=1), 303)


def load_apprise() -> None:
    """Load the library while no transaction is open: others want to write meanwhile."""
    session().commit()
    apprise_address.load()


def _page(person: Person) -> dict[str, Any]:
    return {
        "whose": {"id": person.id, "name": person.name, "is_you": person is somebody()},
        "email": person.email if settings().mail else None,
        "extra": extra_channels.shown(person),
        "trouble": channel_trouble.of_people(session(), person.org_id).get(person.id, []),
        "services": sorted(SCHEMES.union(settings().extra_schemes)),
        "saved": "saved" in request.args,
        "form": {},
    }
