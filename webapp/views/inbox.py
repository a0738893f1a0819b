"""The page that an owner or manager opens: only what needs them."""

from apiflask import APIBlueprint
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.models import Person
from webapp.services import coverage, definitions, health, overseen, people
from webapp.views import inbox_rows
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy

blueprint = APIBlueprint("inbox", __name__, enable_openapi=False)


@blueprint.get("/inbox", endpoint="inbox")
@policy(MANAGERS)
def index() -> str:
    """Show what needs a decision, and how the week went without one."""
    person, moment = somebody(), now()
    items = inbox_rows.rows(session(), person, moment)
    week = coverage.of_the_week(session(), person, moment)
    return render_template(
        "manage/inbox.html",
        notices=health.overdue(session(), moment),
        items=items,
        lead=inbox_rows.lead(items, week),
        went=inbox_rows.went(week),
        begin=_beginning(person),
        coverage=week,
        today=coverage.today(session(), person, moment),
    )


@blueprint.post("/inbox/try-again/step/<step_run_id>")
@policy(MANAGERS)
def try_step_again(step_run_id: str) -> ResponseReturnValue:
    """Have the engine take up a step that it had set aside."""
    overseen.try_step_again(session(), somebody(), step_run_id, now())
    session().commit()
    return redirect(url_for("inbox.inbox"), 303)


@blueprint.post("/inbox/try-again/run/<run_id>")
@policy(MANAGERS)
def try_run_again(run_id: str) -> ResponseReturnValue:
    """Have the engine open a run that it had set aside."""
    overseen.try_run_again(session(), somebody(), run_id, now())
    session().commit()
    return redirect(url_for("inbox.inbox"), 303)


def _beginning(person: Person) -> dict[str, bool] | None:
    """What is there of what a first run needs; None when everything is."""
    everybody = people.all_of(session(), person.org_id)
    has = {
        "people": sum(each.deactivated_at is None for each in everybody) > 1,
        "process": bool(definitions.processes(session(), person.org_id)),
    }
    return None if all(has.values()) else has
