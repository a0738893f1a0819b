"""The pages on which processes are listed, defined, changed and retired."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.extensions import limiter
from webapp.models import Process, ProcessVersion
from webapp.problems import Problem
from webapp.rules.capture import CaptureError, first_draft
from webapp.services import definitions, locations, reach
from webapp.services.definitions import ProcessDraft
from webapp.views import (
    kept_drafts,
    process_effects,
    process_findings,
    process_form,
    process_form_page,
    process_meanwhile,
    process_pictures,
    process_questions,
    process_told,
    process_year,
)
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.packed_draft import unpack
from webapp.views.policy import MANAGERS, policy
from webapp.views.process_form import Form
from webapp.views.process_form_names import in_order
from webapp.views.process_form_reading import FormReader
from webapp.views.process_meanwhile import THEIRS, Joined
from webapp.views.process_pages import process_items, process_page
from webapp.views.workplace import of_person

blueprint = APIBlueprint("processes", __name__, enable_openapi=False)

FORM_PAGE = "manage/process_form.html"


@blueprint.get("/processes", endpoint="processes")
@policy(MANAGERS)
def show_processes() -> ResponseReturnValue:
    """List the processes in use, and the retired ones."""
    org_id = somebody().org_id
    in_use = definitions.processes(session(), org_id)
    return render_template(
        "manage/processes.html",
        processes=process_items(in_use, somebody()),
        drafts=kept_drafts.rows(somebody()),
        retired=definitions.processes(session(), org_id, retired=True),
    )


@blueprint.get("/processes/new", endpoint="process_new")
@policy(MANAGERS)
def show_new() -> ResponseReturnValue:
    """Show an empty form, or one filled with what a sentence or an export said, or a draft."""
    if kept := kept_drafts.asked_for(somebody()):
        return _form_page(Joined(process_form.kept(kept["form"])))
    if draft := unpack(request.args.get("draft", "")):
        return _form_page(Joined(process_form.form_of_captured(draft, of_person(somebody()))))
    sentence = request.args.get("sentence", "")
    return _form_of_sentence(sentence) if sentence else _form_page(Joined(process_form.empty()))


@blueprint.post("/processes/new")
@policy(MANAGERS)
def create() -> ResponseReturnValue:
    """Define a process, or show the form again after a button of it."""
    return _take_form(None)


@blueprint.post("/processes/drafts/<draft_id>/put-aside", endpoint="draft_put_aside")
@policy(MANAGERS)
def put_draft_aside(draft_id: str) -> ResponseReturnValue:
    """Take a draft that came along from before the account off the list."""
    kept_drafts.let_go(somebody(), draft_id)
    session().commit()
    return redirect(url_for("processes.processes", _anchor="drafts"), 303)


@blueprint.get("/processes/<process_id>", endpoint="process")
@policy(MANAGERS)
def show_process(process_id: str) -> ResponseReturnValue:
    """Show one process with its next and its recent runs."""
    process = definitions.find(session(), somebody().org_id, process_id)
    page = process_page(process, somebody(), now())
    places = process_year.places_of(process, somebody())
    year = process_year.picture(process, places[0]) if places else None
    return render_template(
        "manage/process.html", **page, told=process_told.once(process), year=year
    )


@blueprint.get("/processes/<process_id>/edit", endpoint="process_edit")
@policy(MANAGERS)
def show_edit(process_id: str) -> ResponseReturnValue:
    """Show the form with what the process is now."""
    process = definitions.find(session(), somebody().org_id, process_id)
    current = definitions.current_version(process)
    reach.check(somebody(), current.locations)
    return _form_page(process_meanwhile.opened(process), process)


@blueprint.post("/processes/<process_id>/edit")
@policy(MANAGERS)
def edit(process_id: str) -> ResponseReturnValue:
    """Make the next version, or show the form again after a button of it."""
    return _take_form(definitions.find(session(), somebody().org_id, process_id))


@blueprint.post("/processes/live", endpoint="process_live")
@policy(MANAGERS)
@limiter.limit("120 per minute", key_func=lambda: somebody().id)
def follow() -> ResponseReturnValue:
    """Show what follows from what is being typed, as parts of the form's page; nothing is kept."""
    edited = request.form.get("process")
    process = definitions.find(session(), somebody().org_id, edited) if edited else None
    form = process_form.typed(request.form)
    return render_template("manage/process_form_live.html", form=form, **_follows(form, process))


@blueprint.post("/processes/<process_id>/retire", endpoint="process_retire")
@policy(MANAGERS)
def retire(process_id: str) -> ResponseReturnValue:
    """Stop making runs of the process."""
    process = definitions.find(session(), somebody().org_id, process_id)
    effect = definitions.retire(session(), somebody().id, process, now())
    return process_told.to_the_process(process, effect)


def _take_form(process: Process | None) -> ResponseReturnValue:
    form = process_form.typed(request.form)
    action = request.form.get("action", "save")
    wrong = process_pictures.take_in(form, request.form, request.files, somebody())
    joined = process_meanwhile.sent(form, process)
    if action.startswith(THEIRS) and process:
        return _form_page(process_meanwhile.with_theirs(joined, process, action), process)
    if action not in ("save", "look") and not wrong:
        return _form_page(joined.rearranged(action), process)
    if process and not wrong:
        joined = process_meanwhile.join(joined, process)
        if joined.is_refused:
            return _form_page(joined, process), 409
    return _save(joined, process, action, wrong)


def _save(
    joined: Joined, process: Process | None, action: str, wrong: dict[str, str]
) -> ResponseReturnValue:
    was_retired = process is not None and process.retired_at is not None
    try:
        draft = _checked(joined.form, process, wrong)
        if action == "look":
            return _form_page(joined, process, effect=_look(draft, process))
        saved, effect = definitions.save_telling(
            session(), somebody().id, somebody().org_id, draft, now(), process
        )
        if kept := kept_drafts.asked_for(somebody()):
            kept_drafts.let_go(somebody(), kept["id"])
    except Problem as problem:
        return form_again(FORM_PAGE, problem, lambda: _page(joined, process), form=joined.form)
    return process_told.to_the_process(saved, effect, was_retired, joined=joined.told)


def _look(draft: ProcessDraft, process: Process | None) -> dict[str, Any]:
    """What saving would change; nothing is kept."""
    person = somebody()
    found = definitions.look(session(), person.id, person.org_id, draft, now(), process)
    return process_effects.shown(found)


def _checked(form: Form, process: Process | None, unread: dict[str, str]) -> ProcessDraft:
    """What the form says; `unread` tells, by field, what came with it and cannot be used."""
    person = somebody()
    reader = _reader(form, process)
    draft = reader.draft()
    found = definitions.faults(session(), person.org_id, draft, now(), process)
    wrong = {reader.field_of(path): sentence for path, sentence in found.items()}
    wrong |= reader.faults | unread
    if wrong:
        raise Problem("process_not_valid", fields=in_order(wrong))
    return draft


def _reader(form: Form, process: Process | None) -> FormReader:
    before = definitions.draft_of(definitions.current_version(process)) if process else None
    return FormReader(form, before)


def _form_page(joined: Joined, process: Process | None = None, **more: Any) -> str:
    told = process_meanwhile.shown(joined, process)
    return render_template(FORM_PAGE, form=joined.form, **told | _page(joined, process) | more)


def _page(joined: Joined, process: Process | None) -> dict[str, Any]:
    return {
        "process": process and {"id": process.id, "name": process.name},
        "live": url_for("processes.process_live"),
        "standing": joined.standing,
        "joined": joined.told,
        **_follows(joined.form, process),
        "questions": process_questions.left_open(),
        "begins": process is None and joined.form == process_form.empty(),
    }


def _decides_wording(current: ProcessVersion | None) -> bool:
    """Owners do, and where there is one location it has no words of its own."""
    several = len(locations.all_of(session(), somebody().org_id)) > 1
    return somebody().role == "owner" and (several or bool(current and current.wording == "open"))


def _follows(form: Form, process: Process | None) -> dict[str, Any]:
    """Whom and where the form can name, and what follows from what it says."""
    current = definitions.current_version(process) if process else None
    reader = _reader(form, process)
    draft = reader.draft()
    shown = process_form_page.shown(form, draft, of_person(somebody()), current)
    is_new = form == process_form.empty()
    found = None if is_new else process_findings.shown(form, reader, draft, process)
    return shown | {"findings": found, "decides_wording": _decides_wording(current)}


def _form_of_sentence(sentence: str) -> ResponseReturnValue:
    """The form filled with what the sentence said."""
    try:
        draft = first_draft(sentence)
    except CaptureError as error:
        form = process_form.empty()
        problem = Problem("not_valid", str(error))
        return form_again(FORM_PAGE, problem, lambda: _page(Joined(form), None), form=form)
    return _form_page(Joined(process_form.form_of_captured(draft, of_person(somebody()))))
