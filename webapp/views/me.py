"""The page about oneself: the PIN for kiosks, and the way to all else that is one's own."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.extensions import limiter
from webapp.problems import Problem
from webapp.rules.sentences import N_
from webapp.services import digests, other_channels, pins, signals
from webapp.views import reaching, signal_words
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, SIGNED_IN, policy
from webapp.words import gettext as _

blueprint = APIBlueprint("me", __name__, url_prefix="/me", enable_openapi=False)

PAGE = "manage/me.html"
DIGESTS = (
    ("both", N_("As a message on my devices and as an e-mail")),
    ("email", N_("As an e-mail")),
    ("push", N_("As a message on my devices")),
    ("none", N_("Not at all")),
)


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


@blueprint.post("/digest", endpoint="set_digest")
@policy(OWNERS)
def set_digest() -> ResponseReturnValue:
    """Keep by what I am told of the week."""
    try:
        digests.choose(session(), somebody(), request.form.get("digest", ""), now())
    except Problem as problem:
        return form_again(PAGE, problem, _page)
    session().commit()
    return redirect(url_for("me.me", told=1, _anchor="digest"), 303)


@blueprint.post("/signals/<signal_id>")
@policy(SIGNED_IN)
def explain(signal_id: str) -> ResponseReturnValue:
    """Keep what I say about what was noticed about my work."""
    try:
        signals.explain(
            session(), somebody(), signal_id, request.form.get("explanation", ""), now()
        )
    except Problem as problem:
        if problem.code == "not_found":
            raise
        problem.fields = {f"explanation-{signal_id}": why for why in problem.fields.values()}
        return form_again(PAGE, problem, _page)
    session().commit()
    return redirect(url_for("me.me", _anchor=f"signal-{signal_id}"), 303)


def _page() -> dict[str, Any]:
    noticed = signals.of_person(session(), somebody().id, now())
    known = other_channels.of_person(session(), somebody())
    return {
        "reached": reaching.of_oneself(somebody()),
        "digests": [(key, _(words)) for key, words in DIGESTS],
        "digest_saved": "told" in request.args,
        "has_mail": "email" in known,
        "signals": signal_words.shown(noticed),
    }
