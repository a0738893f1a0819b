"""The pages of kiosks: how each fares, pairing one, and what can be done about it."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session, settings
from webapp.extensions import limiter
from webapp.models import Kiosk, Location
from webapp.problems import Problem
from webapp.services import demo, kiosks, locations, pairings, reach
from webapp.services.kiosks import Health
from webapp.views import kiosk_words
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _

blueprint = APIBlueprint("kiosks", __name__, url_prefix="/kiosks", enable_openapi=False)

LIST, PAIR = "manage/kiosks.html", "manage/kiosk_pair.html"


@blueprint.get("", endpoint="kiosks")
@policy(MANAGERS)
def index() -> str:
    """Show the kiosks at my locations."""
    return render_template(LIST, **_list())


@blueprint.get("/pair", endpoint="pair")
@policy(MANAGERS)
def show_pair() -> str:
    """Show the form; the code is in the fragment, which only the browser reads."""
    return render_template(PAIR, **_places(), form={})


@blueprint.post("/pair")
@policy(MANAGERS)
@limiter.limit("20 per minute", key_func=lambda: somebody().id)
def confirm() -> ResponseReturnValue:
    """Confirm the tablet that shows this code; wrong codes are counted before any is looked up."""
    try:
        pairings.count_code(session(), somebody(), now())
        session().commit()
        _approve()
    except Problem as problem:
        return form_again(PAIR, problem, _places, form=request.form.to_dict())
    session().commit()
    return redirect(url_for("kiosks.kiosks", paired=request.form["name"].strip()), 303)


def _approve() -> None:
    code, name = request.form.get("code", ""), request.form.get("name", "")
    place = _place()
    faults = pairings.faults(session(), code, name, now())
    if place is None:
        faults["location"] = _("Choose where the tablet hangs.")
    if place is None or faults:
        raise Problem("not_valid", fields=faults)
    pairings.approve(session(), somebody(), code, place, name, now())


def _place() -> Location | None:
    asked = filter(None, request.form.getlist("location"))
    return next(iter(locations.chosen(session(), somebody().org_id, asked)), None)


@blueprint.post("/<kiosk_id>/rename")
@policy(MANAGERS)
def rename(kiosk_id: str) -> ResponseReturnValue:
    """Call it something else."""
    try:
        kiosks.rename(session(), somebody(), _find(kiosk_id), request.form.get("name", ""), now())
    except Problem as problem:
        if not problem.fields:
            raise
        return form_again(LIST, problem, _list)
    return _back(kiosk_id)


@blueprint.post("/<kiosk_id>/sign-off")
@policy(MANAGERS)
def sign_off(kiosk_id: str) -> ResponseReturnValue:
    """End what the tablet may do, at once."""
    kiosks.revoke(session(), somebody(), _find(kiosk_id), now())
    return _back(kiosk_id)


@blueprint.post("/<kiosk_id>/let-in-again")
@policy(MANAGERS)
def let_in_again(kiosk_id: str) -> ResponseReturnValue:
    """Undo the signing off."""
    kiosks.let_in_again(session(), somebody(), _find(kiosk_id), now())
    return _back(kiosk_id)


@blueprint.post("/<kiosk_id>/unlock")
@policy(MANAGERS)
def unlock(kiosk_id: str) -> ResponseReturnValue:
    """Let it take PINs again."""
    kiosks.unlock(session(), somebody(), _find(kiosk_id), now())
    return _back(kiosk_id)


@blueprint.post("/<kiosk_id>/loss-seen")
@policy(MANAGERS)
def loss_seen(kiosk_id: str) -> ResponseReturnValue:
    """Note that I have seen what it lost."""
    kiosks.losses_seen(session(), somebody(), _find(kiosk_id), now())
    return _back(kiosk_id)


def _find(kiosk_id: str) -> Kiosk:
    return kiosks.find(session(), somebody(), kiosk_id)


def _back(kiosk_id: str) -> ResponseReturnValue:
    session().commit()
    return redirect(url_for("kiosks.kiosks", _anchor=f"kiosk-{kiosk_id}"), 303)


def _list() -> dict[str, Any]:
    moment = now()
    found = kiosks.all_of(session(), somebody(), moment)
    return {
        "kiosks": [_row(health, moment) for health in found],
        "paired": request.args.get("paired", ""),
        "demo": demo.pins_for(somebody()),
        "address": _address(),
    }


def _row(health: Health, moment: datetime) -> dict[str, Any]:
    device = health.device
    return kiosk_words.shown(health, moment) | {
        "id": health.kiosk.id,
        "name": health.kiosk.name,
        "called": kiosk_words.called(health),
        "location": health.kiosk.location.name,
        "app": device.app_version if device else None,
        "is_locked": health.is_locked,
        "is_signed_off": health.kiosk.revoked_at is not None,
        "losses": kiosk_words.losses(health, moment),
    }


def _places() -> dict[str, Any]:
    mine = reach.among(somebody(), locations.all_of(session(), somebody().org_id))
    return {"places": [(place.id, place.name) for place in mine], "address": _address()}


def _address() -> str:
    """Where a tablet shows its code."""
    return f"{settings().public_url}/kiosk"
