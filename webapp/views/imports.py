"""An export of a project tool, handed in on a page or through the API, and its drafts."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from apiflask import APIBlueprint
from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp import importers
from webapp.context import session
from webapp.extensions import limiter
from webapp.importers import Import, Known
from webapp.importers.archive import MEGABYTE
from webapp.problems import Problem
from webapp.rules.sentences import N_
from webapp.services import people
from webapp.views.forms import form_again
from webapp.views.identity import signed_in
from webapp.views.packed_draft import pack
from webapp.views.policy import PUBLIC, policy
from webapp.words import gettext as _

blueprint = APIBlueprint("imports", __name__, url_prefix="/import", enable_openapi=False)

PAGE = "front/import.html"
LARGEST = 25 * MEGABYTE
AROUND_IT = MEGABYTE  # what a form puts around the file
MOST_SHOWN, MOST_ROWS_SHOWN = 40, 200
PATIENCE = 20  # seconds that one file waits for another one to be read
TOO_LARGE = N_("This file is over 25 MB. Export one project or board, not the whole account.")
LIMITS = "6 per minute;60 per hour"

# One file at a time, so that a few large ones cannot take all the memory there is.
_reading = BoundedSemaphore(1)


@blueprint.get("")
@policy(PUBLIC)
def show() -> ResponseReturnValue:
    """Ask for the file."""
    return render_template(PAGE, **_tools())


@blueprint.post("")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def take_in() -> ResponseReturnValue:
    """Show the drafts in the file; nothing of it is kept."""
    try:
        found = read_upload()
    except Problem as problem:
        problem.fields = problem.fields or {"file": problem.detail}
        return form_again(PAGE, problem, _tools)
    drafts = found["drafts"]
    return render_template(
        PAGE,
        found=found,
        tool=_titles().get(found["report"]["tool"]) or _("a table"),
        drafts=[(draft, pack(draft)) for draft in drafts[:MOST_SHOWN]],
        more=max(0, len(drafts) - MOST_SHOWN),
        rows=found["report"]["skipped"][:MOST_ROWS_SHOWN],
        more_rows=_more_rows(found),
        **_tools(),
    )


def read_upload() -> Import:
    """The drafts in the file that came with the request, read by no one before.

    Whoever is signed in has the names in it matched to the people of their organisation. Raises
    import_too_large, unavailable while others are being read, and what the importers raise.
    """
    session().rollback()  # a large file takes long to arrive: nothing is locked meanwhile
    request.max_content_length = LARGEST + AROUND_IT
    if (request.content_length or 0) > request.max_content_length:
        raise Problem("import_too_large", TOO_LARGE)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Problem("import_empty", _("Choose the file that your project tool exported."))
    known = _known()
    session().rollback()
    with _one_at_a_time():
        return importers.read_export(upload.stream, upload.filename, _tool(), known)


def _tool() -> str | None:
    return request.form.get("tool") or None


def _known() -> list[Known] | None:
    person = signed_in()
    if person is None:
        return None
    everybody = people.all_of(session(), person.org_id)
    return [Known(each.name, each.email) for each in everybody if each.deactivated_at is None]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _reading.acquire(timeout=PATIENCE):
        raise Problem("unavailable", _("Other files are being read now. Try again in a minute."))
    try:
        yield
    finally:
        _reading.release()


def _more_rows(found: Import) -> int:
    report = found["report"]
    return max(0, len(report["skipped"]) - MOST_ROWS_SHOWN) + report["skipped_not_listed"]


def export_tools() -> list[tuple[str, str, str]]:
    """The tools that people choose from: name, title, and where each makes its export."""
    known = importers.known_tools().values()
    return [(each.name, each.title, _(each.how)) for each in known if each.name != "spreadsheet"]


def _titles() -> dict[str, str]:
    """What each tool calls itself; a plain table is nobody's."""
    return {name: title for name, title, _how in export_tools()}


def _tools() -> dict[str, list[tuple[str, str, str]]]:
    return {"tools": export_tools()}
