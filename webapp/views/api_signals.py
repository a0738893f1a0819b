"""What was noticed, over the API: of a process, and of oneself."""

from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from webapp.context import now, session
from webapp.services import definitions, signals
from webapp.views import signal_words
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, SIGNED_IN, policy
from webapp.views.schema_values import Strict
from webapp.views.schemas import Who

blueprint = APIBlueprint("api_signals", __name__, url_prefix="/api/v1", tag="Signals")


class StepNamed(BaseModel):
    """A step by the key that it keeps over versions."""

    key: str
    title: str


class SignalOut(BaseModel):
    """One signal: what is so, an honest cause, what to do, and what its person says to it.

    `kind` is burst, deadline, pace, same, regular, digits or two_pins; `person` is null for what is
    of the place. `facts` are the numbers of the sentence, with the chance of its being an accident.
    """

    id: str
    kind: str
    process: Who
    location: Who
    step: StepNamed | None
    person: Who | None
    facts: dict[str, Any]
    sentence: str
    cause: str
    to_do: str
    noticed_at: datetime
    from_: Annotated[datetime, Field(alias="from")]
    until: datetime
    gone_at: datetime | None
    explanation: str | None
    explained_at: datetime | None


class SignalsOut(BaseModel):
    """Signals, those of places first."""

    signals: list[SignalOut]


class ExplanationIn(Strict):
    """What a person says about a signal of their own work."""

    explanation: str


@blueprint.get("/processes/<process_id>/signals")
@policy(MANAGERS)
@blueprint.output(SignalsOut)
def of_process(process_id: str) -> dict[str, Any]:
    """What stands out in a process at my places; of people by name for owners alone."""
    process = definitions.find(session(), somebody().org_id, process_id)
    found = signals.of_process(session(), process, somebody())
    return {"signals": signal_words.shown(found)}


@blueprint.get("/me/signals")
@policy(SIGNED_IN)
@blueprint.output(SignalsOut)
def of_me() -> dict[str, Any]:
    """What was noticed about my work; what is gone stays for 90 days."""
    found = signals.of_person(session(), somebody().id, now())
    return {"signals": signal_words.shown(found)}


@blueprint.put("/me/signals/<signal_id>")
@policy(SIGNED_IN)
@blueprint.input(ExplanationIn, arg_name="asked")
@blueprint.output(SignalOut)
def explain(signal_id: str, asked: ExplanationIn) -> dict[str, Any]:
    """Say something about it; it stands beside it wherever it is shown."""
    said = signals.explain(session(), somebody(), signal_id, asked.explanation, now())
    session().commit()
    return signal_words.shown([said])[0]
