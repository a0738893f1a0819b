"""The page on which an owner chooses how long photos are kept, and reads what was erased."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.formats import day
from webapp.problems import Problem
from webapp.services import erasure, keeping
from webapp.services.erasure import Erasure
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, policy
from webapp.words import gettext as _
from webapp.words import ngettext

blueprint = APIBlueprint("keeping", __name__, enable_openapi=False)

PAGE = "manage/keeping.html"
OFFERED = (3, 6, 12, 24, 36, 60)
SHOWN = 50


@blueprint.get("/keeping", endpoint="keeping")
@policy(OWNERS)
def show() -> str:
    """Show how long photos are kept, what each choice would erase, and what was erased."""
    return render_template(PAGE, **_page(), form={}, saved="saved" in request.args)


@blueprint.post("/keeping")
@policy(OWNERS)
def choose() -> ResponseReturnValue:
    """Keep photos for so long."""
    try:
        keeping.choose(session(), somebody(), _months(request.form.get("months", "")), now())
    except Problem as problem:
        return form_again(PAGE, problem, _page, form=request.form.to_dict())
    session().commit()
    return redirect(url_for("keeping.keeping", saved=1), 303)


def _months(typed: str) -> int | None:
    """What was chosen; nonsense is a number that the service refuses."""
    if typed == "ever":
        return None
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


def _page() -> dict[str, Any]:
    organisation = somebody().organisation
    months, found = organisation.photo_months, erasure.erasures(session(), organisation.id)
    return {
        "chosen": months or "ever",
        "options": [("ever", _("For ever"), ""), *_options(organisation.id, months)],
        "begins": _begins(),
        "erased": [_told(each) for each in reversed(found[-SHOWN:])],
        "left_out": max(len(found) - SHOWN, 0),
    }


def _options(org_id: str, chosen: int | None) -> list[tuple[int, str, str]]:
    offered = sorted({*OFFERED, chosen or OFFERED[0]})
    photos = keeping.would_go(session(), org_id, offered, now())
    return [
        (months, ngettext("%(num)s month", "%(num)s months", months), _would_go(photos[months]))
        for months in offered
    ]


def _would_go(photos: int) -> str:
    if not photos:
        return ""
    if photos > keeping.COUNTED:
        return _("More than %(num)s photos are older and would go.", num=keeping.COUNTED)
    return ngettext(
        "%(num)s photo is older and would go.", "%(num)s photos are older and would go.", photos
    )


def _begins() -> str:
    begins = keeping.begins_at(somebody().organisation)
    if begins is None or begins <= now():
        return ""
    return _(
        "Nothing is erased before %(day)s. Until then you can choose again.", day=day(begins.date())
    )


def _told(each: Erasure) -> dict[str, Any]:
    photos, events = len(each.photos), each.counts.get("events", 0)
    if each.why == "retention":
        words = ngettext(
            "%(num)s photo, because its time was over.",
            "%(num)s photos, because their time was over.",
            photos,
        )
    elif not events:
        words = _("A person, on request: no event said anything of them.")
    else:
        words = ngettext(
            "A person, on request: what %(num)s event said.",
            "A person, on request: what %(num)s events said.",
            events,
        )
    return {"at": each.at, "day": day(each.at.date(), year=True), "words": words, "seq": each.seq}
