"""What single values of the API must be, and what all its inputs share."""

from math import isfinite
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from webapp.rules.capture_time import within_bounds


def _without_nul(text: str) -> str:
    """Leave out the one character that PostgreSQL cannot hold."""
    return text.replace("\x00", "")


Moment = Annotated[AwareDatetime, AfterValidator(within_bounds)]
Id = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}$", max_length=64)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[
    str, BeforeValidator(lambda value: _as_typed(value)), StringConstraints(max_length=40)
]
Text = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_without_nul)]


Milliseconds = Annotated[
    int,
    BeforeValidator(lambda value: round(value) if _is_finite(value) else value),
    Field(ge=-(2**52), le=2**52),
]


def _is_finite(value: object) -> bool:
    return isinstance(value, float) and isfinite(value)


def _as_typed(value: object) -> object:
    """A number may come as JSON's own, too; a float is read by its shortest digits."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


class Strict(BaseModel):
    """Input that refuses members it does not know."""

    model_config = ConfigDict(extra="forbid")
