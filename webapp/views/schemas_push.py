"""What the API takes in and gives out of push subscriptions and receipts."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from webapp.views.schema_values import Id, Strict


class KeysIn(Strict):
    """The keys of a push subscription (RFC 8291), base64url."""

    p256dh: Annotated[str, StringConstraints(max_length=128)]
    auth: Annotated[str, StringConstraints(max_length=64)]


class SubscriptionIn(BaseModel):
    """A browser's push subscription."""

    device: Id
    endpoint: Annotated[str, StringConstraints(max_length=2048)]
    keys: KeysIn


class SubscribedOut(BaseModel):
    """What is known of the subscription: refused ones are to be made anew by the browser."""

    id: str
    refused: bool
    confirmed_at: datetime | None


class KeyOut(BaseModel):
    """The application server key (RFC 8292), base64url."""

    key: str


class TestMessageOut(BaseModel):
    """A test message, and how far it came.

    `state` is queued, accepted, reached, opened, acted, or why it went nowhere (no_device, refused,
    expired); `reached_on` names the devices that have shown it.
    """

    id: str
    state: str
    reached_on: list[str]


class ReceiptIn(Strict):
    """How far a message came on a device, or which step runs were opened there on a page."""

    message: Id | None = None
    step_runs: Annotated[list[Id], Field(max_length=200)] = []
    device: Id
    event: Literal["reached", "opened", "acted"]

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.message is None) is not bool(self.step_runs):
            raise ValueError("Name a message, or step runs.")
        if self.step_runs and self.event != "opened":
            raise ValueError("Step runs are opened on a page. Name a message for the rest.")
        return self
