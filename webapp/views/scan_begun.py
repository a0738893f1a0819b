"""What the scan knows before it asks: the drafts that its visitor has kept, and whom they name."""

from webapp.models import Sandbox
from webapp.rules.capture.settle import SEVERAL
from webapp.rules.scan import answers as said
from webapp.rules.scan.answers import Answered, Answers
from webapp.services import sandboxes
from webapp.views import process_form, visitor
from webapp.views.process_form import Form
from webapp.views.process_form_reading import FormReader


def tasks(sandbox: Sandbox | None, answers: Answers) -> dict[str, Answered]:
    """The kept drafts that have a name, as tasks of the scan by their names."""
    drafts = sandboxes.drafts(sandbox) if sandbox else []
    found = [_task(process_form.kept(each["form"]), answers) for each in drafts]
    return {task["name"]: task for task in found if task["name"]}


def people(sandbox: Sandbox | None, answers: Answers) -> list[str]:
    """The single people whom the drafts name, but the owner."""
    names = visitor.names_in(sandbox) if sandbox else []
    return said.about(answers, answers["kind"], answers["owner"], "\n".join(names))["people"]


def _task(form: Form, answers: Answers) -> Answered:
    facts = {
        "often": FormReader(form).draft().rrule,
        "who": _one_person(form["responsible"]),
        "stand_in": _one_person(form["backup"]),
    }
    return said.of_draft(form["name"], form["steps"][0]["proof"] or None, facts, answers)


def _one_person(name: str) -> str:
    return "" if SEVERAL.search(name) else name
