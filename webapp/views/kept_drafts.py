"""Drafts that moved in from a visitor's sandbox: made processes at once, or kept until they can."""

from typing import Any

from flask import request, url_for

from webapp.context import now, session
from webapp.models import Location, Person, Sandbox
from webapp.problems import Problem
from webapp.rules import fragility
from webapp.rules.scan.answers import tasks_of
from webapp.rules.scan.drafts import draft_of
from webapp.services import definitions, moving_in, sandboxes
from webapp.services.sandboxes import KeptDraft
from webapp.views import process_form, visitor
from webapp.views.process_form import Form
from webapp.views.process_form_reading import FormReader
from webapp.words import gettext as _
from webapp.words import ngettext, translated


def take_in(owner: Person) -> bool:
    """Move this browser's sandbox into the owner's organisation; whether there was one.

    What the read of the scan would mend comes along as drafts. A draft that is whole becomes a
    process; the others wait on the page of processes for what they lack.
    """
    try:
        sandbox = visitor.mine(lock=True)
    except Problem:
        return False
    if sandbox is None:
        return False
    _keep_what_would_mend(sandbox)
    ids = moving_in.move_in(session(), owner, sandbox, visitor.names_in(sandbox), now())
    for kept in list(sandboxes.drafts(sandbox)):
        _settle(owner, sandbox, kept, ids)
    return True


def _keep_what_would_mend(sandbox: Sandbox) -> None:
    """Keep a draft for each finding of the scan, as far as there is room and none is there yet."""
    answers = visitor.answers_of(sandbox)
    tasks = {task.key: said for task, said in zip(_tasks(answers), answers["tasks"], strict=True)}
    there = {kept["form"]["name"].casefold() for kept in sandboxes.drafts(sandbox)}
    for finding in fragility.read(_tasks(answers)):
        name = finding.mend.name.casefold()
        if name in there:
            continue
        there.add(name)
        draft = draft_of(tasks[finding.mend.key], answers)
        form = process_form.form_of_captured(draft, visitor.workplace_of(sandbox))
        try:
            sandboxes.keep(sandbox, form, [translated(each) for each in draft["questions"]])
        except Problem:
            return


def _tasks(answers: Any) -> list[fragility.Task]:
    return tasks_of(answers, visitor.owner_of(answers))


def _settle(owner: Person, sandbox: Sandbox, kept: KeptDraft, ids: dict[str, str]) -> None:
    """Make the draft a process, or keep it with the people and the place it now has."""
    form = _with_accounts(process_form.kept(kept["form"]), owner.locations, ids)
    draft = FormReader(form).draft()
    if _faults(form, owner.org_id):
        sandboxes.change(sandbox, kept["id"], form)
        return
    definitions.save(session(), owner.id, owner.org_id, draft, now())
    sandboxes.remove(session(), sandbox, kept["id"])


def _with_accounts(form: Form, places: list[Location], ids: dict[str, str]) -> Form:
    people = {part: ids.get(form[part], "") for part in visitor.NAMED}
    return form | people | {"location": [place.id for place in places[:1]]}


def _faults(form: Form, org_id: str) -> dict[str, str]:
    reader = FormReader(form)
    found = definitions.faults(session(), org_id, reader.draft(), now())
    return {reader.field_of(path): why for path, why in found.items()} | reader.faults


def rows(person: Person) -> list[dict[str, Any]]:
    """The drafts for the page of processes, each with what it lacks."""
    kept = sandboxes.drafts_of_organisation(session(), person.org_id)
    return [_row(each, process_form.kept(each["form"]), person.org_id) for each in kept]


def _row(kept: KeptDraft, form: Form, org_id: str) -> dict[str, Any]:
    lacks = dict.fromkeys(_faults(form, org_id).values())
    return {"id": kept["id"], "name": form["name"], "missing": list(lacks)}


def inbox_rows(person: Person) -> list[dict[str, Any]]:
    """The row of the owner's page that says that drafts wait; none when none do."""
    kept = sandboxes.drafts_of_organisation(session(), person.org_id)
    if not kept or person.role != "owner":
        return []
    return [
        {
            "kind": "draft",
            "need": False,
            "at": None,
            "sentence": ngettext(
                "%(num)s draft is no process yet.", "%(num)s drafts are no process yet.", len(kept)
            ),
            "detail": _("They came along from before you had an account. Each says what it lacks."),
            "url": url_for("processes.processes", _anchor="drafts"),
            "try_again": None,
        }
    ]


def asked_for(person: Person) -> KeptDraft | None:
    """The kept draft that the address names; raises "not_found" for one of nobody here."""
    draft_id = request.args.get("kept")
    if not draft_id:
        return None
    return sandboxes.draft(sandboxes.holding(session(), person.org_id, draft_id), draft_id)


def let_go(person: Person, draft_id: str) -> None:
    """Take a draft out: it became a process, or somebody put it aside."""
    sandboxes.remove(session(), sandboxes.holding(session(), person.org_id, draft_id), draft_id)
