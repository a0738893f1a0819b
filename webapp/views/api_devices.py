"""What the server calls a device, so that the device can say so itself."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from webapp.context import session
from webapp.formats import said
from webapp.services import device_list
from webapp.views.identity import somebody
from webapp.views.policy import SIGNED_IN, policy

blueprint = APIBlueprint("api_devices", __name__, url_prefix="/api/v1", tag="Sync")


class DeviceOut(BaseModel):
    """A device by id and name."""

    id: str
    name: str


@blueprint.get("/devices/<device_id>")
@policy(SIGNED_IN)
@blueprint.output(DeviceOut)
def device(device_id: str) -> dict[str, str]:
    """What a device of mine, or of somebody I look after, is called."""
    seen = device_list.find(session(), somebody(), device_id)
    return {"id": seen.device.id, "name": said(seen.name)}
