"""The scan: plain questions, screen by screen, and the read of where the business is fragile."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import session
from webapp.extensions import limiter
from webapp.models import Sandbox
from webapp.problems import Problem
from webapp.rules import fragility
from webapp.rules.scan import answers as said
from webapp.rules.scan.answers import Answers
from webapp.rules.scan.drafts import draft_of
from webapp.rules.scan.examples import KINDS
from webapp.rules.scan.made_up import made_up
from webapp.rules.scan.questions import AWAY, AWAY_SAID, OWNER, SCREENS, Question, Screen, screen_of
from webapp.services import sandboxes
from webapp.views import fragility_words, scan_begun, visitor
from webapp.views.imports import export_tools
from webapp.views.policy import PUBLIC, policy
from webapp.views.sandbox import LIMITS, gone, kept_in, until
from webapp.words import gettext as _

blueprint = APIBlueprint("scan", __name__, url_prefix="/scan", enable_openapi=False)
blueprint.register_error_handler(Problem, gone)

PAGE = "front/scan.html"


@blueprint.get("", endpoint="scan")
@policy(PUBLIC)
def show() -> ResponseReturnValue:
    """Ask the questions of one screen, the first unless another is named."""
    number = _number(request.args.get("screen", "1"))
    sandbox = visitor.mine()
    answers = visitor.answers_of(sandbox)
    if number > 2 and not answers["tasks"]:
        number = 2
    return _page(number, answers, sandbox)


@blueprint.post("")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def take() -> ResponseReturnValue:
    """Keep the answers of one screen and go on to the next, or to the read after the last."""
    sandbox = visitor.mine_or_new()
    number = _number(request.form.get("screen", "1"))
    answers = _taken(screen_of(number), visitor.answers_of(sandbox), sandbox)
    sandboxes.write(sandbox, answers=answers)
    session().commit()
    if number == 2 and not answers["tasks"]:
        problem = Problem("not_valid", fields={"own": _("Tap or type at least one task.")})
        page = _page(number, answers, sandbox, problem=problem.document())
        return visitor.hand_out(Response(page, problem.status), sandbox)
    way = (
        url_for("scan.read") if number >= len(SCREENS) else url_for("scan.scan", screen=number + 1)
    )
    return visitor.hand_out(redirect(way, 303), sandbox)  # type: ignore[arg-type]


@blueprint.get("/read", endpoint="read")
@policy(PUBLIC)
def show_read() -> ResponseReturnValue:
    """Show where the business is most fragile, the worst first, with what would mend it."""
    sandbox = visitor.surely_mine()
    answers = visitor.answers_of(sandbox)
    if not answers["tasks"]:
        return redirect(url_for("scan.scan"))
    return render_template("front/scan_read.html", **read_page(answers), **until(sandbox))


@blueprint.get("/example", endpoint="example")
@policy(PUBLIC)
def show_example() -> ResponseReturnValue:
    """Show the read of a made-up daycare, for whoever has not begun."""
    return render_template("front/scan_example.html", **read_page(made_up(_)))


@blueprint.post("/drafts")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def keep() -> ResponseReturnValue:
    """Keep the draft that would mend one task, and open it in the builder."""
    sandbox = visitor.surely_mine(lock=True)
    answers = visitor.answers_of(sandbox)
    number = request.form.get("task", "")
    if not number.isascii() or not number.isdigit() or int(number) >= len(answers["tasks"]):
        raise Problem("not_found")
    task = answers["tasks"][int(number)]
    for each in sandboxes.drafts(sandbox):
        if each["form"]["name"] == task["name"]:
            return redirect(url_for("sandbox.draft", draft_id=each["id"]), 303)
    kept = kept_in(sandbox, draft_of(task, answers))
    session().commit()
    return redirect(url_for("sandbox.draft", draft_id=kept["id"]), 303)


def read_page(answers: Answers) -> dict[str, Any]:
    """What the page of the read shows."""
    tasks = said.tasks_of(answers, visitor.owner_of(answers))
    return fragility_words.shown(fragility.read(tasks)) | {
        "tasks_count": len(tasks),
        "away": AWAY_SAID.get(answers["away"], ""),
    }


def _number(text: str) -> int:
    return min(int(text), len(SCREENS)) if text.isascii() and text.isdigit() and int(text) else 1


def _taken(screen: Screen, answers: Answers, sandbox: Sandbox) -> Answers:
    sent = request.form
    if screen.key == "about":
        words = (sent.get(name, "") for name in ("kind", "owner", "people"))
        return said.about(answers, *words)
    if screen.key == "work":
        known = said.usual(answers["kind"], _) | scan_begun.tasks(sandbox, answers)
        return said.work(answers, sent.getlist("task"), sent.get("own", ""), known)
    if screen.key == "you":
        return said.landed(answers, sent.getlist("landed"), sent.get("away", ""))
    return said.asked(answers, screen.questions, sent)


def _page(number: int, answers: Answers, sandbox: Sandbox | None, **context: Any) -> str:
    return render_template(PAGE, **_asked(number, answers, sandbox), **context)


def _asked(number: int, answers: Answers, sandbox: Sandbox | None) -> dict[str, Any]:
    screen = screen_of(number)
    begun = scan_begun.tasks(sandbox, answers)
    names = list(begun | said.usual(answers["kind"], _))
    tasks = [task["name"] for task in answers["tasks"]]
    return {
        "screen": screen,
        "number": number,
        "count": len(SCREENS),
        "answers": answers,
        "begun": begun,
        "people": answers["people"] or scan_begun.people(sandbox, answers),
        "export_tools": export_tools(),
        "kinds": [(each.key, _(each.name)) for each in KINDS],
        "examples": [(name, name) for name in names],
        "own": "\n".join(task for task in tasks if task not in names),
        "chosen": tasks,
        "landed": [str(at) for at, task in enumerate(answers["tasks"]) if task.get("landed")],
        "away": [(each.key, _(each.words)) for each in AWAY],
        "options": {each.key: _options(each, answers) for each in screen.questions},
    }


def _options(question: Question, answers: Answers) -> list[tuple[str, str]]:
    own = [(each.key, _(each.words)) for each in question.answers]
    if not question.whom:
        return own
    # Translators: an answer to “Who does it?”.
    me = answers["owner"] or _("Me")
    return [(OWNER, me), *((name, name) for name in answers["people"]), *own]
