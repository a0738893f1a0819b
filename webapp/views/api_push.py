"""Web push subscriptions of a person's browsers, and receipts of what reached them."""

from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session, settings
from webapp.models import OutboxMessage
from webapp.push_keys import load_or_create_keys
from webapp.services import devices, reachability, receipts, subscriptions, told
from webapp.views.identity import somebody
from webapp.views.policy import SIGNED_IN, policy
from webapp.views.schemas_push import (
    KeyOut,
    ReceiptIn,
    SubscribedOut,
    SubscriptionIn,
    TestMessageOut,
)

blueprint = APIBlueprint("api_push", __name__, url_prefix="/api/v1", tag="Push")


@blueprint.get("/push-key")
@policy(SIGNED_IN)
@blueprint.output(KeyOut)
def push_key() -> dict[str, str]:
    """The application server key that a browser subscribes to."""
    return {"key": load_or_create_keys(settings().data_dir).application_server_key}


@blueprint.post("/push-subscriptions")
@policy(SIGNED_IN)
@blueprint.input(SubscriptionIn)
@blueprint.output(SubscribedOut, status_code=201)
def subscribe(json_data: SubscriptionIn) -> dict[str, Any]:
    """Make this browser a place where I am told things."""
    row = subscriptions.subscribe(
        session(),
        somebody(),
        json_data.device,
        json_data.endpoint,
        json_data.keys.p256dh,
        json_data.keys.auth,
        now(),
        extra_hosts=settings().push_hosts,
        insecure=settings().push_insecure,
    )
    session().commit()
    return {"id": row.id, "refused": row.last_error is not None, "confirmed_at": row.confirmed_at}


@blueprint.delete("/push-subscriptions/<subscription_id>")
@policy(SIGNED_IN)
@blueprint.output({}, status_code=204)
def unsubscribe(subscription_id: str) -> str:
    """Stop telling me things on that browser."""
    subscriptions.unsubscribe(session(), somebody(), subscription_id, now())
    session().commit()
    return ""


@blueprint.post("/test-messages")
@policy(SIGNED_IN)
@blueprint.output(TestMessageOut, status_code=201)
def send_test() -> dict[str, Any]:
    """Send a test message to my own devices; once a minute."""
    message = reachability.send_test(session(), somebody(), somebody(), now())
    session().commit()
    return _how_far(message)


@blueprint.get("/test-messages/<message_id>")
@policy(SIGNED_IN)
@blueprint.output(TestMessageOut)
def test_message(message_id: str) -> dict[str, Any]:
    """How far a test message to me came."""
    return _how_far(reachability.test_of(session(), somebody(), message_id))


def _how_far(message: OutboxMessage) -> dict[str, Any]:
    how_far = told.of_messages(session(), [message])[message.id]
    return {
        "id": message.id,
        "state": how_far.state,
        "reached_on": receipts.devices_reached(session(), message),
    }


@blueprint.post("/receipts")
@policy(SIGNED_IN)
@blueprint.input(ReceiptIn)
@blueprint.output({}, status_code=204)
def receipt(json_data: ReceiptIn) -> str:
    """Say that a message reached this device, was opened or acted on.

    Or that steps which I hold were seen on a page here: their newest handoff counts as opened.
    """
    person, device, moment = somebody(), json_data.device, now()
    # First the device, then the receipts: a batch that comes at once takes them in this order.
    devices.answered(session(), person, device, moment)
    if json_data.message is not None:
        receipts.acknowledge(session(), person, json_data.message, device, json_data.event, moment)
    else:
        receipts.opened_page(session(), person, json_data.step_runs, device, moment)
    session().commit()
    return ""
