"""The page on which an owner erases somebody who left, and what it says beforehand."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session, settings
from webapp.formats import listed
from webapp.models import Person
from webapp.problems import Problem
from webapp.services import erasure, people
from webapp.services.erasure import Foreseen
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, policy
from webapp.words import gettext as _
from webapp.words import ngettext, translated

blueprint = APIBlueprint("erasing", __name__, enable_openapi=False)

PAGE = "manage/erase.html"


@blueprint.get("/people/<person_id>/erase", endpoint="person")
@policy(OWNERS)
def show(person_id: str) -> str:
    """Say what erasing this person takes, what stays, and what must be settled first."""
    return render_template(PAGE, **_page(_person(person_id)), form={})


@blueprint.post("/people/<person_id>/erase")
@policy(OWNERS)
def erase(person_id: str) -> ResponseReturnValue:
    """Erase the person whose name was typed."""
    try:
        erasure.check_length(session(), _person(person_id))
        erasure.erase_person(
            session(),
            somebody(),
            _person(person_id),
            request.form.get("name", ""),
            now(),
            with_photos="photos" in request.form,
        )
        session().commit()
    except Problem as problem:
        form = request.form.to_dict()
        return form_again(PAGE, problem, lambda: _page(_person(person_id)), form=form)
    erasure.finish_removing(session(), settings().blob_dir, now())
    return redirect(url_for("people.people", erased=1), 303)


def _person(person_id: str) -> Person:
    person = people.of(session(), somebody().org_id, person_id)
    if person.erased_at is not None:
        raise Problem("person_erased")
    return person


def _page(person: Person) -> dict[str, Any]:
    if too_long := erasure.too_long(session(), person):
        return {"name": person.name, "too_long": too_long}
    seen = erasure.foresee(session(), person)
    return {
        "name": person.name,
        "obstacles": [translated(each) for each in seen.obstacles],
        "goes": goes(person, seen),
        "photos": _photos(person, seen),
        "named_in": listed([f"“{each}”" for each in seen.named_in]) if seen.named_in else "",
    }


def goes(person: Person, seen: Foreseen) -> str:
    """Say in one sentence what goes and what stays."""
    parts = [
        _("name, address and PIN"),
        _("devices and absences"),
        _("every word they wrote"),
        ngettext("what %(num)s event says", "what %(num)s events say", seen.events),
    ]
    if seen.signatures:
        parts.append(ngettext("%(num)s signature", "%(num)s signatures", seen.signatures))
    return _(
        "Of %(name)s this goes for good: %(what)s; that each step was done, when, and what was"
        " measured stays, and the record still stands.",
        name=person.name,
        what=listed(parts),
    )


def _photos(person: Person, seen: Foreseen) -> str:
    if not seen.photos:
        return ""
    return ngettext(
        "Erase %(num)s photo or file too that only %(name)s gave",
        "Erase %(num)s photos and files too that only %(name)s gave",
        seen.photos,
        name=person.name,
    )
