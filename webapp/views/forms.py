"""Forms that come back with what was typed and what is wrong with it."""

from collections.abc import Callable
from typing import Any

from flask import render_template

from webapp.context import session
from webapp.problems import Problem


def form_again(
    template: str, problem: Problem, page: Callable[[], dict[str, Any]] = dict, **context: Any
) -> tuple[str, int]:
    """Show the form again with the problem's sentences by its fields; nothing half-done is kept.

    `page` reads what else the page shows; it is called after the rollback.
    """
    session().rollback()
    return render_template(
        template, problem=problem.document(), **page(), **context
    ), problem.status
