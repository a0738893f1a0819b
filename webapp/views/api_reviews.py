"""Proofs to review over the API: the page and the notification both decide here."""

from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session
from webapp.models import Person, StepRun
from webapp.services import reviews, withdrawing
from webapp.views import presenters
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, SIGNED_IN, policy
from webapp.views.schemas_reviews import DecisionIn, OneReviewOut, ReviewsOut

blueprint = APIBlueprint("api_reviews", __name__, url_prefix="/api/v1/reviews", tag="Reviews")


@blueprint.get("")
@policy(MANAGERS)
@blueprint.output(ReviewsOut)
def waiting() -> dict[str, Any]:
    """What waits for my decision, oldest first."""
    return {"reviews": presenters.reviews_json(session(), somebody())}


@blueprint.get("/<step_run_id>")
@policy(SIGNED_IN)
@blueprint.output(OneReviewOut)
def show(step_run_id: str) -> dict[str, Any]:
    """The proof of one step run, with the decision if there is one; not there for who may not."""
    step_run = reviews.find(session(), somebody(), step_run_id)
    return _shown(somebody(), step_run)


@blueprint.post("/<step_run_id>")
@policy(MANAGERS)
@blueprint.input(DecisionIn)
@blueprint.output(OneReviewOut)
def decide(step_run_id: str, json_data: DecisionIn) -> dict[str, Any]:
    """Approve, or send back with a reason, exactly the evidence that was seen."""
    person = somebody()
    step_run = reviews.find(session(), person, step_run_id, lock=True)
    if json_data.decision == "approve":
        reviews.approve(session(), person, step_run, json_data.seen, now())
    else:
        reason = json_data.reason or ""
        reviews.send_back(session(), person, step_run, json_data.seen, reason, now())
    session().commit()
    return _shown(person, step_run)


@blueprint.delete("/<step_run_id>")
@policy(MANAGERS)
@blueprint.output(OneReviewOut)
def withdraw(step_run_id: str) -> dict[str, Any]:
    """Take my last decision back: a minute after an approval, ten seconds after a send-back."""
    person = somebody()
    step_run = reviews.find(session(), person, step_run_id, lock=True)
    withdrawing.withdraw(session(), person, step_run, now())
    session().commit()
    return _shown(person, step_run)


def _shown(person: Person, step_run: StepRun) -> dict[str, Any]:
    times = {
        "undo_until": withdrawing.until(session(), person, step_run, now()),
        "server_time": now(),
    }
    return presenters.review_json(session(), person, step_run) | times
