"""Runs and step runs over the API."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from webapp.context import now, session
from webapp.models import Person
from webapp.services import board, health, stand_ins
from webapp.views import presenters
from webapp.views.identity import somebody
from webapp.views.policy import SIGNED_IN, policy
from webapp.views.schema_values import Moment
from webapp.views.schemas import RunOut, RunPageOut, StepDetailOut, TodayOut

blueprint = APIBlueprint("api_runs", __name__, url_prefix="/api/v1", tag="Runs")


class RunQuery(BaseModel):
    """Which runs to list; times are ISO 8601 with a zone and compare with the deadline.

    `after` is `next` of the page before.
    """

    state: str | None = None
    location: str | None = None
    process: str | None = None
    since: Moment | None = None
    until: Moment | None = None
    after: str | None = None
    limit: int = Field(default=100, ge=1, le=500)


@blueprint.get("/today")
@policy(SIGNED_IN)
@blueprint.output(TodayOut)
def today() -> dict[str, Any]:
    """What is mine today and in the next two days."""
    person = somebody()
    moment: datetime = now()
    runs = board.mine(session(), person, moment)
    return {
        "server_time": moment,
        "person": {
            "id": person.id,
            "name": person.name,
            "role": person.role,
            "language": person.language,
        },
        "organisation": {"id": person.org_id, "name": person.organisation.name},
        "engine": {"silent": _silent(person, moment)},
        "runs": presenters.runs_json(session(), person, runs),
        "away": _away_json(stand_ins.away_now(session(), person, moment)),
    }


def _away_json(away: stand_ins.Away | None) -> dict[str, Any] | None:
    if away is None:
        return None
    ids = [absence.id for absence in away.absences]
    return {"until": away.until, "absences": ids, "held_by": away.held_by}


def _silent(person: Person, moment: datetime) -> list[str]:
    """Who cannot do anything about it is not troubled with it."""
    return [] if person.role == "staff" else list(health.silent(session(), moment).values())


@blueprint.get("/runs")
@policy(SIGNED_IN)
@blueprint.input(RunQuery, location="query")
@blueprint.output(RunPageOut)
def runs(query_data: RunQuery) -> dict[str, Any]:
    """Runs that I may see, by deadline, page by page: ask again `after` what `next` says."""
    wanted = board.Filter(
        state=query_data.state,
        location_id=query_data.location,
        process_id=query_data.process,
        since=query_data.since,
        until=query_data.until,
        after=query_data.after,
    )
    found = board.all_of(session(), somebody(), wanted, query_data.limit + 1)
    page = found[: query_data.limit]
    return {
        "runs": presenters.runs_json(session(), somebody(), page),
        "next": page[-1].id if len(found) > len(page) else None,
    }


@blueprint.get("/runs/<run_id>")
@policy(SIGNED_IN)
@blueprint.output(RunOut)
def run(run_id: str) -> dict[str, Any]:
    """One run with its steps."""
    found = board.run_of(session(), somebody(), run_id)
    return presenters.runs_json(session(), somebody(), [found])[0]


@blueprint.get("/step-runs/<step_run_id>")
@policy(SIGNED_IN)
@blueprint.output(StepDetailOut)
def step_run(step_run_id: str) -> dict[str, Any]:
    """One step run with its proofs and handoffs."""
    found = board.step_run_of(session(), somebody(), step_run_id)
    return presenters.detail_json(session(), somebody(), found)
