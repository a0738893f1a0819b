"""Every component in every state, for those who work on Baton; others find no such page."""

from apiflask import APIBlueprint
from flask import current_app, render_template

from webapp.context import settings
from webapp.problems import Problem
from webapp.views.policy import PUBLIC, policy
from webapp.views.reach_words import SIGNALS
from webapp.views.told_words import SHAPES, WORDS

blueprint = APIBlueprint("styleguide", __name__, enable_openapi=False)

CHAIN = (
    {"name": "Ana", "role": "assignee", "wait_minutes": 0},
    {"name": "Ben", "role": "backup", "wait_minutes": 5},
    {"name": "Fay", "role": "fallback", "wait_minutes": 20},
    {"name": "Mara", "role": "owner", "wait_minutes": 30},
)
WRONG = {"wrong": "Write the address like ana@example.org."}


@blueprint.get("/styleguide")
@policy(PUBLIC)
def show() -> str:
    """Show the living page; not found unless Flask is in debug mode or the clock is a test's."""
    if not (current_app.debug or settings().test_clock):
        raise Problem("not_found")
    problem = {"title": "Not valid", "detail": "The form is not saved yet.", "fields": WRONG}
    form = {"wrong": "ana@", "kind": "photo"}
    return render_template(
        "styleguide.html", chain=CHAIN, signals=_signals(), form=form, problem=problem
    )


def _signals() -> list[tuple[str, str]]:
    told = [(SHAPES.get(state, state), word) for state, word in WORDS.items()]
    return list(dict.fromkeys([*SIGNALS.values(), *told]))
