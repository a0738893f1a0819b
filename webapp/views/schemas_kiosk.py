"""What kiosks send and are told, as pydantic models."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from webapp.sealing import LONGEST_SEAL
from webapp.views.schema_values import Id, Moment
from webapp.views.schemas import RunOut, SyncIn, SyncOut, Who

Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Sealed = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SEAL)]


class PairingIn(BaseModel):
    """The id that the tablet's browser made for itself, as in a batch."""

    model_config = ConfigDict(extra="forbid")

    device: Id


class QrOut(BaseModel):
    """A QR code: `<svg viewBox="0 0 size size"><path d="path"/></svg>`, black on white."""

    size: int
    path: str


class PairingOut(BaseModel):
    """What the tablet shows (`code`, and `qr`, which is `url`), and its secret to ask with."""

    code: str
    url: str
    qr: QrOut
    poll: str
    expires_at: datetime


class PollIn(BaseModel):
    """The secret of a pairing."""

    model_config = ConfigDict(extra="forbid")

    poll: Secret


class PlaceOut(BaseModel):
    """A location; `opens` and `closes` are local ("06:30")."""

    id: str
    name: str
    time_zone: str
    opens: str | None
    closes: str | None


class PollOut(BaseModel):
    """`status` is pending or paired; the rest is there once it is paired."""

    status: str
    kiosk: Who | None = None
    organisation: Who | None = None
    location: PlaceOut | None = None


class KioskPersonOut(BaseModel):
    """Somebody whose name is shown."""

    id: str
    name: str
    initials: str
    has_pin: bool
    away: bool


class BoardOut(BaseModel):
    """The day at the kiosk's location. `seal_key` is a JWK; in `runs`, `mine` is nobody's."""

    server_time: datetime
    kiosk: Who
    organisation: Who
    location: PlaceOut
    people: list[KioskPersonOut]
    runs: list[RunOut]
    seal_key: dict[str, Any]
    sign_out_after_s: int
    languages: list[str]


class TurnIn(BaseModel):
    """One person's turn: `sealed` is base64 of {person, pin, turn, at}, sealed to `seal_key`."""

    turn: Id
    person: Id
    started_at: Moment
    sealed: Sealed


class TurnOut(BaseModel):
    """A turn whose PIN was right."""

    turn: str
    person: Who


class AwayIn(BaseModel):
    """Whose turn it is says that they are away today, or back; `at` is by the kiosk's clock."""

    model_config = ConfigDict(extra="forbid")

    turn: Id
    at: Moment
    away: bool


class AwayOut(BaseModel):
    """Whether they are away today, and how many steps came back to them."""

    away: bool
    came_back: int


class KioskSyncIn(SyncIn):
    """A batch of a kiosk: each command also carries its `turn`, whose seal is in `turns`.

    A turn that is known here need not be sent again. Each new one takes a tenth of a second.
    """

    turns: list[Any] = Field(default=[], max_length=50)


class TurnResult(BaseModel):
    """What is known of a turn: verified, or refused with a code."""

    turn: str
    status: str
    code: str | None = None


class KioskSyncOut(SyncOut):
    """Receipts, and what became of each turn that was sent."""

    turns: list[TurnResult]
