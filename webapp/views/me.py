"""The page about oneself: the PIN for kiosks, and the way to all else that is one's own."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.extensions import limiter
from webapp.problems import Problem
from webapp.services import pins
from webapp.views import reaching
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import SIGNED_IN, policy

blueprint = APIBlueprint("me", __name__, url_prefix="/me", enable_openapi=False)

PAGE = "manage/me.html"


@blueprint.get("", endpoint="me")
@policy(SIGNED_IN)
def show() -> str:
    """Show what is mine to change."""
    return render_template(PAGE, **_page(), saved="saved" in request.args)


@blueprint.post("/pin")
@policy(SIGNED_IN)
@limiter.limit("20 per minute", key_func=lambda: somebody().id)
def set_pin() -> ResponseReturnValue:
    """Keep my new PIN."""
    try:
        pins.choose(session(), somebody(), request.form.get("pin", ""), now())
    except Problem as problem:
        return form_again(PAGE, problem, _page)
    session().commit()
    return redirect(url_for("me.me", saved=1), 303)


def _page() -> dict[str, Any]:
    return {"reached": reaching.of_oneself(somebody())}
