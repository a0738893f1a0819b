"""Taking in a rescue file on a page: what a device that could not send had kept."""

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.context import now, session, settings
from webapp.problems import Problem
from webapp.rules.sentences import N_
from webapp.services import rescue_file
from webapp.services.rescue import OUTCOMES, Item
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, policy
from webapp.views.rescue_intake import Intake
from webapp.words import gettext as _
from webapp.words import translated

blueprint = APIBlueprint("rescue", __name__, url_prefix="/rescue", enable_openapi=False)

PAGE = "manage/rescue.html"
AROUND_IT = 1024 * 1024  # what a form puts around the file
# Shape and word of each outcome; the colour belongs to the shape.
SIGNALS = {
    "applied": ("works", N_("Applied")),
    "attached": ("reached", N_("Kept with its step")),
    "held": ("accepted", N_("Waits for a decision")),
    "rejected": ("failed", N_("Not used")),
    "failed": ("failed", N_("Not taken in")),
    "here": ("opened", N_("Here already")),
    "skipped": ("not_needed", N_("Left out")),
}


@blueprint.get("")
@policy(OWNERS)
def show() -> str:
    """Ask for the file."""
    return render_template(PAGE)


@blueprint.post("")
@policy(OWNERS)
def take_in() -> ResponseReturnValue:
    """Take the file in and say what became of each thing; nothing is taken in twice."""
    session().rollback()  # a large file takes long to arrive: nothing is locked meanwhile
    try:
        items = _taken_in()
    except Problem as problem:
        problem.fields = problem.fields or {"file": problem.detail}
        return form_again(PAGE, problem)
    is_dry = "dry_run" in request.form
    return render_template(
        PAGE, items=[_row(item) for item in items], is_dry=is_dry, **_sums(items)
    )


def _taken_in() -> list[Item]:
    request.max_content_length = rescue_file.LARGEST + AROUND_IT
    if (request.content_length or 0) > request.max_content_length:
        raise Problem("too_large", rescue_file.TOO_LARGE)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        words = _("Choose the rescue file first. It is named baton-rescue-….zip.")
        raise Problem("rescue_not_valid", words)
    owner = somebody()
    intake = Intake(session(), owner.organisation, settings().blob_dir, now())
    with rescue_file.opened(upload.stream) as opened:
        return intake.take(opened, owner.id, dry_run="dry_run" in request.form)


def _row(item: Item) -> dict[str, Any]:
    shape, word = SIGNALS[item.outcome]
    word = _(word)
    what, words = translated(item.what), translated(item.words)
    return {"what": what, "by": item.by, "words": words, "shape": shape, "word": word}


def _sums(items: list[Item]) -> dict[str, Any]:
    counts = {each: sum(item.outcome == each for item in items) for each in OUTCOMES}
    return {"counts": [(_(SIGNALS[each][1]), count) for each, count in counts.items() if count]}
