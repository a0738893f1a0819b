"""Reviews as the API gives them out, and decisions as it takes them in."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from webapp.views.schema_values import Sha256, Strict, Text
from webapp.views.schemas import Picture, Who


class DecisionIn(Strict):
    """The reviewer's decision on the evidence that they saw."""

    decision: Literal["approve", "send_back"]
    seen: Sha256
    reason: Text | None = None


class LikeOut(BaseModel):
    """The earlier photo that a photo looks like; where the reviewer may not look, only when.

    `at` is when it was captured; `rotated`: one of the two is mirrored or turned.
    """

    kind: Literal["same", "alike"]
    rotated: bool
    at: datetime
    location: str
    time_zone: str
    step_run: str | None
    title: str | None
    process: str | None
    by: Who | None
    sha256: str | None


class SentBackOut(BaseModel):
    """What was sent back before the proof that is there now; `at` is when it was sent back."""

    by: Who
    at: datetime
    reason: str
    kind: str
    captured_at: datetime
    sha256: str | None


class ReviewOut(BaseModel):
    """What a reviewer needs to decide, and the decision once there is one."""

    step_run: str
    run: str
    title: str
    process: str
    location: str
    time_zone: str
    requirement: dict[str, Any]
    attempt: int
    state: str
    by: Who | None
    took_over_from: Who | None
    proof: dict[str, Any] | None
    like: LikeOut | None
    sent_back: SentBackOut | None
    picture: Picture | None
    position: int
    of: int
    next: str | None
    decided: dict[str, Any] | None


class OneReviewOut(ReviewOut):
    """One review; until when who asks may take the last decision back, if at all."""

    undo_until: datetime | None
    server_time: datetime


class ReviewsOut(BaseModel):
    """What waits for a decision, oldest first."""

    reviews: list[ReviewOut]
