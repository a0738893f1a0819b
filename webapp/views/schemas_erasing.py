"""What the API takes in and gives out of erasing, and of how long photos are kept."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from webapp.views.schema_values import Strict


class EraseIn(Strict):
    """The person's name as it stands, since it cannot be undone; and whether their photos go."""

    name: Annotated[str, StringConstraints(max_length=300)]
    photos: bool = False


class ErasedOut(BaseModel):
    """How many events lost what they said."""

    events: int


class ForeseenOut(BaseModel):
    """What erasing would take, and sentences about what must be settled first."""

    events: int
    proofs: int
    signatures: int
    photos: int
    named_in: list[str]
    obstacles: list[str]


class KeepingIn(Strict):
    """For how many months photos are kept; null is for ever."""

    photo_months: Annotated[int, Field(strict=True, ge=-(2**31), lt=2**31)] | None


class KeepingOut(BaseModel):
    """The same, and from when on photos are erased."""

    photo_months: int | None
    begins_at: AwareDatetime | None


class ErasureOut(BaseModel):
    """One erasure: the event that tells of it, who asked, why, and what lost its words.

    `events` are [first, last] sequence numbers; `photos` are hashes of photos and signatures.
    """

    seq: int
    at: AwareDatetime
    actor: str
    why: Literal["person", "retention"]
    events: list[tuple[int, int]]
    photos: list[str]


class ErasuresOut(BaseModel):
    """Every erasure, the oldest first."""

    erasures: list[ErasureOut]
