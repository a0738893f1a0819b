"""First contact: what this is, a draft of one typed task, an organisation, the demo."""

from typing import Any
from urllib.parse import quote_plus, urlencode

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import words
from webapp.context import now, session, settings
from webapp.extensions import limiter
from webapp.models import Person
from webapp.problems import Problem
from webapp.rules.capture import LONGEST_SENTENCE, CaptureError, capture, first_draft
from webapp.rules.sentences import N_
from webapp.services import demo, moving_in, organisations, sandboxes
from webapp.views import kept_drafts, visitor
from webapp.views.auth import enter, home_of
from webapp.views.draft_page import (
    answered,
    choice_words,
    fields_of,
    later_words,
    marked,
    starts_words,
)
from webapp.views.forms import form_again
from webapp.views.identity import signed_in
from webapp.views.packed_draft import LONGEST, pack_words, unpack, unpack_words
from webapp.views.policy import PUBLIC, policy
from webapp.views.zones import zone_choices
from webapp.words import gettext as _

blueprint = APIBlueprint("front", __name__, enable_openapi=False)

# A request line may hold 4,094 bytes, the address of the page included.
LONGEST_IN_ADDRESS = 3600

START_FIELDS = {
    "organisation": N_("Write the name of the organisation."),
    "location": N_("Write the name of the first location."),
    "time_zone": N_("Choose the time zone of the location."),
    "name": N_("Write your name."),
    "email": N_("You sign in with it, so it is needed."),
}


@blueprint.get("/")
@policy(PUBLIC)
def index() -> ResponseReturnValue:
    """Explain Baton to a visitor; take somebody who works here to their day."""
    if person := signed_in():
        return redirect(home_of(person))
    return _front()


@blueprint.post("/draft")
@policy(PUBLIC)
@limiter.limit("30 per minute;300 per hour")
def draft() -> ResponseReturnValue:
    """Lead to the drafts of what was typed, with the answers given so far; nothing is kept.

    The words travel in the address, so that Back and reload find the page again; those that do
    not fit are answered at once.
    """
    sentence = answered(request.form)
    packed = pack_words(sentence)
    if len(sentence) > LONGEST_SENTENCE or len(packed) > LONGEST:
        return _drafts(sentence)
    return redirect(url_for("front.drafts", words=packed, _anchor="draft"), 303)


@blueprint.get("/draft", endpoint="drafts")
@policy(PUBLIC)
@limiter.limit("60 per minute;600 per hour")
def show_drafts() -> ResponseReturnValue:
    """Show the drafts of the words in the address; nothing of it is kept."""
    sentence = unpack_words(request.args.get("words", ""))
    return redirect(url_for("front.index")) if sentence is None else _drafts(sentence)


def _drafts(sentence: str) -> ResponseReturnValue:
    try:
        found = capture(sentence)
        return _front(sentence=sentence, draft=found, words=marked(sentence, found))
    except CaptureError as error:
        problem = Problem(
            "not_valid", N_("There is no draft yet."), fields={"sentence": str(error)}
        )
        return _front(problem, sentence=sentence)


@blueprint.get("/start", endpoint="start")
@policy(PUBLIC)
def show_start() -> ResponseReturnValue:
    """Show the page that begins an organisation."""
    return _start_form()


@blueprint.post("/start")
@policy(PUBLIC)
@limiter.limit("30 per hour")
def do_start() -> ResponseReturnValue:
    """Begin an organisation and sign its owner in; what was kept becomes its first processes."""
    if "organisation" not in request.form:
        return _moved_in() or _start_form()
    form = {field: request.form.get(field, "") for field in START_FIELDS}
    try:
        owner = _begin(form, request.form.get("password", ""))
        has_moved_in = kept_drafts.take_in(owner)
        moving_in.bring_along(session(), owner, _named(), now())
    except Problem as problem:
        form |= {"sentence": _sentence(), "draft": _packed()}
        return form_again("front/start.html", problem, _coming_along, form=form)
    enter(owner)
    if has_moved_in:
        return _to_the_processes()
    return redirect(_first_process() or home_of(owner), 303)


def _moved_in() -> ResponseReturnValue | None:
    """Take what this browser has kept into the organisation of the owner who is signed in."""
    person = signed_in()
    if person is None or person.role != "owner" or _first_process():
        return None
    if not kept_drafts.take_in(person):
        return None
    session().commit()
    return _to_the_processes()


def _to_the_processes() -> ResponseReturnValue:
    way = _first_process() or url_for("processes.processes")
    return visitor.put_away(redirect(way, 303))  # type: ignore[arg-type]


@blueprint.post("/demo", endpoint="demo")
@policy(PUBLIC)
@limiter.limit("30 per hour")
def open_demo() -> ResponseReturnValue:
    """Open the demo daycare as its owner."""
    owner = demo.open_demo(session(), now(), settings().blob_dir)
    enter(owner)
    return redirect(home_of(owner), 303)


def _front(problem: Problem | None = None, **context: object) -> ResponseReturnValue:
    page = render_template(
        "front/index.html",
        problem=problem and problem.document(),
        has_organisations=organisations.any_exist(session()),
        fields_of=fields_of,
        has_sandbox=visitor.is_known(),
        choice_words=choice_words,
        later_words=later_words,
        starts_words=starts_words,
        **context,
    )
    return page, problem.status if problem else 200


def _start_form() -> ResponseReturnValue:
    person = signed_in()
    if person and person.role != "staff":
        return redirect(_first_process() or home_of(person), 303)
    coming = _coming_along()
    form = {"sentence": _sentence(), "draft": _packed()}
    form |= {"time_zone": coming["zone"], "name": coming["owner"]}
    return render_template("front/start.html", form=form, **coming)


def _coming_along() -> dict[str, Any]:
    """What moves in when the organisation begins: drafts, whom they name, and what is known."""
    try:
        sandbox = visitor.mine()
    except Problem:
        sandbox = None
    answers = visitor.answers_of(sandbox)
    return {
        "zones": zone_choices(),
        "zone": sandbox.content["zone"] if sandbox else "",
        "owner": answers["owner"],
        "drafts": [each["form"]["name"] for each in sandboxes.drafts(sandbox)] if sandbox else [],
        "names": list(dict.fromkeys([*(visitor.names_in(sandbox) if sandbox else []), *_named()])),
        "has_read": bool(answers["tasks"]),
    }


def _begin(form: dict[str, str], password: str) -> Person:
    missing = {field: why for field, why in START_FIELDS.items() if not form[field].strip()}
    if not password:
        missing["password"] = Problem("password_too_short").title
    if missing:
        raise Problem("not_valid", _("Something is missing yet."), fields=missing)
    return organisations.create(
        session(),
        form["organisation"],
        form["location"],
        form["time_zone"],
        form["name"],
        form["email"],
        password,
        now(),
        words.language(),
    )


def _sentence() -> str:
    return answered(request.values, alone=True)


def _packed() -> str:
    """The draft of an export that comes along, as the form of a process reads it."""
    return request.values.get("draft", "")[:LONGEST]


def _named() -> list[str]:
    """Whom the draft that comes along names, of an export or typed; a group is nobody."""
    sentence, packed = _sentence(), _packed()
    try:
        draft = unpack(packed) if packed else first_draft(sentence) if sentence else None
    except CaptureError:
        return []
    names = (draft["responsible"], draft["backup"], draft["fallback"]) if draft else ()
    return [name for name in names if name and not visitor.is_group(name)]


def _first_process() -> str | None:
    if packed := _packed():
        return f"/processes/new?{urlencode({'draft': packed})}"
    sentence = _sentence()[:LONGEST_SENTENCE]
    while len(quote_plus(sentence)) > LONGEST_IN_ADDRESS:
        sentence = sentence[: len(sentence) * 9 // 10]
    return f"/processes/new?{urlencode({'sentence': sentence})}" if sentence else None
