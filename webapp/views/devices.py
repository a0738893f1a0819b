"""The page of devices: last heard from when, holding back what; signing one off, and undoing it."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.services import device_list, device_naming, signing_off
from webapp.services.device_list import Seen
from webapp.views import device_words
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, SIGNED_IN, policy

blueprint = APIBlueprint("devices", __name__, url_prefix="/devices", enable_openapi=False)


@blueprint.get("", endpoint="devices")
@policy(SIGNED_IN)
def index() -> str:
    """Show my devices, and those of the people I look after."""
    seen, moment = device_list.all_of(session(), somebody(), now()), now()
    return render_template("manage/devices.html", devices=[_row(each, moment) for each in seen])


@blueprint.post("/<device_id>/sign-off")
@policy(SIGNED_IN)
def sign_off(device_id: str) -> ResponseReturnValue:
    """End the sessions on a device; what it captures from now on is held."""
    signing_off.sign_off(session(), somebody(), _find(device_id).device, now())
    return _back(device_id)


@blueprint.post("/<device_id>/let-in-again")
@policy(SIGNED_IN)
def let_in_again(device_id: str) -> ResponseReturnValue:
    """Undo the signing off."""
    signing_off.let_in_again(session(), somebody(), _find(device_id).device, now())
    return _back(device_id)


@blueprint.post("/<device_id>/gone")
@policy(MANAGERS)
def gone(device_id: str) -> ResponseReturnValue:
    """Say that a device is gone for good: what waits on it is waited for no more."""
    why = request.form.get("why", "")
    signing_off.gone(session(), somebody(), _find(device_id).device, why, now())
    return _back(device_id)


@blueprint.post("/<device_id>/not-gone")
@policy(MANAGERS)
def not_gone(device_id: str) -> ResponseReturnValue:
    """Undo that."""
    signing_off.not_gone(session(), somebody(), _find(device_id).device, now())
    return _back(device_id)


@blueprint.post("/<device_id>/name")
@policy(SIGNED_IN)
def rename(device_id: str) -> ResponseReturnValue:
    """Give a device another name."""
    name = request.form.get("name", "")
    device_naming.rename(session(), somebody(), _find(device_id).device, name, now())
    return _back(device_id)


@blueprint.post("/<device_id>/loss-seen")
@policy(SIGNED_IN)
def loss_seen(device_id: str) -> ResponseReturnValue:
    """Note that I have seen what the device lost."""
    signing_off.losses_seen(session(), somebody(), _find(device_id).device, now())
    return _back(device_id)


def _find(device_id: str) -> Seen:
    return device_list.find(session(), somebody(), device_id, lock=True)


def _back(device_id: str) -> ResponseReturnValue:
    session().commit()
    return redirect(url_for("devices.devices", _anchor=f"device-{device_id}"), 303)


def _row(seen: Seen, moment: datetime) -> dict[str, Any]:
    return device_words.shown(seen, moment) | {
        "id": seen.device.id,
        "name": seen.name,
        "given_name": seen.device.name or "",
        "person": seen.person.name,
        "is_you": seen.person.id == somebody().id,
        "app": seen.device.app_version,
        "is_signed_off": seen.device.revoked_at is not None,
        "may_let_in": seen.device.revoked_at is not None
        and signing_off.may_let_in_again(session(), somebody(), seen.device),
        "is_gone": seen.device.gone_at is not None,
        "may_give_up": signing_off.may_give_up(session(), somebody(), seen.device),
        "waits": seen.device.waiting > 0,
        "again": device_words.to_do_again(seen, moment),
        "losses": device_words.losses(seen, moment),
        "may_note_losses": signing_off.may_note_losses(session(), somebody(), seen.device),
    }
