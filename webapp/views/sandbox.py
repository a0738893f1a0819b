"""A visitor's own sandbox: drafts and the builder, without an account, for a week."""

from dataclasses import replace
from typing import Any

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.extensions import limiter
from webapp.formats import day
from webapp.models import Sandbox
from webapp.problems import Problem
from webapp.rules.capture import CaptureError, Draft, capture, first_draft
from webapp.services import places, sandboxes
from webapp.services.sandboxes import KeptDraft
from webapp.views import (
    errors,
    process_form,
    process_form_page,
    visitor,
    visitor_findings,
    visitor_meanwhile,
    visitor_rehearsal,
)
from webapp.views.draft_page import answered, is_two
from webapp.views.identity import signed_in
from webapp.views.packed_draft import unpack
from webapp.views.policy import PUBLIC, policy
from webapp.views.process_form import Form
from webapp.views.process_form_names import in_order
from webapp.views.process_form_reading import FormReader
from webapp.views.visitor_meanwhile import Joined
from webapp.views.workplace import Workplace
from webapp.views.zones import zone_choices
from webapp.words import translated

blueprint = APIBlueprint("sandbox", __name__, url_prefix="/sandbox", enable_openapi=False)

LIMITS = "60 per minute;600 per hour"
FORM_PAGE = "front/sandbox_form.html"


@blueprint.errorhandler(Problem)
def gone(problem: Problem) -> Response:
    """Say kindly that nothing is kept here any more, and where to begin again."""
    if problem.code != "sandbox_gone":
        return errors.answer(problem)
    session().rollback()
    page = make_response(render_template("front/sandbox_gone.html"), problem.status)
    return visitor.put_away(page)


@blueprint.get("", endpoint="sandbox")
@policy(PUBLIC)
def show() -> ResponseReturnValue:
    """List what is kept for this browser, and until when."""
    sandbox = visitor.mine()
    kept = visitor_findings.rows(sandbox) if sandbox else []
    return render_template("front/sandbox.html", drafts=kept, **until(sandbox))


@blueprint.post("/drafts")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def keep() -> ResponseReturnValue:
    """Keep a draft of typed words or of an export, and open it in the builder."""
    drafts = _all_of(answered(request.form, alone=True)) if is_two(request.form) else [_chosen()]
    sandbox = visitor.mine_or_new()
    first, *_others = [kept_in(sandbox, draft) for draft in drafts]
    session().commit()
    return visitor.hand_out(_to(first["id"]), sandbox)


@blueprint.post("/drafts/all")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def keep_all() -> ResponseReturnValue:
    """Keep every draft of typed words but those that are kept by their name already."""
    drafts = _all_of(answered(request.form))
    sandbox = visitor.mine_or_new()
    there = {kept["form"]["name"].casefold() for kept in sandboxes.drafts(sandbox)}
    for draft in drafts:
        name = draft["name"] or ""
        if not name or name.casefold() not in there:
            kept_in(sandbox, draft)
    session().commit()
    way = redirect(url_for("sandbox.sandbox"), 303)
    return visitor.hand_out(way, sandbox)  # type: ignore[arg-type]


@blueprint.get("/drafts/<draft_id>", endpoint="draft")
@policy(PUBLIC)
def show_draft(draft_id: str) -> ResponseReturnValue:
    """Show one draft in the builder."""
    sandbox = visitor.surely_mine()
    kept = sandboxes.draft(sandbox, draft_id)
    return _form_page(visitor_meanwhile.opened(sandbox, kept), sandbox, kept)


@blueprint.post("/drafts/<draft_id>")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def take_draft(draft_id: str) -> ResponseReturnValue:
    """Keep what the builder says, finished or not, and say what a process would still need."""
    sandbox = visitor.surely_mine(lock=True)
    action, kept = request.form.get("action", "save"), sandboxes.draft(sandbox, draft_id)
    typed = visitor_meanwhile.sent(sandbox, kept, action)
    if typed.is_open and action != "save":
        return _form_page(typed, sandbox, kept)
    joined = visitor_meanwhile.join(typed, sandbox, kept)
    if joined.is_open:
        return _form_page(joined, sandbox, kept), 409
    wrong = _take_zone(sandbox, joined.form.pop("time_zone"))
    sandboxes.change(sandbox, draft_id, visitor.tidied(joined.form, sandbox, draft_id))
    session().commit()
    return _kept(joined, sandbox, sandboxes.draft(sandbox, draft_id), action, wrong)


def _kept(
    joined: Joined, sandbox: Sandbox, kept: KeptDraft, action: str, wrong: dict[str, str]
) -> ResponseReturnValue:
    """What follows once the draft is kept: the list of all, or the form with what it lacks."""
    now = replace(visitor_meanwhile.opened(sandbox, kept), told=joined.told)
    if action != "save":
        return _form_page(now, sandbox, kept)
    wrong |= visitor_findings.missing(now.form, visitor.workplace_of(sandbox))
    if not wrong:
        visitor_meanwhile.tell(kept, joined.told)
        return redirect(url_for("sandbox.sandbox", kept=kept["id"]), 303)
    problem = Problem("draft_not_ready", fields=in_order(wrong))
    return _form_page(now, sandbox, kept, problem=problem.document()), 422


@blueprint.post("/drafts/<draft_id>/live", endpoint="live")
@policy(PUBLIC)
@limiter.limit("120 per minute")
def follow(draft_id: str) -> ResponseReturnValue:
    """Show what follows from what is being typed, as parts of the form's page; nothing is kept."""
    sandbox = visitor.surely_mine()
    _take_zone(sandbox, request.form.get("time_zone", ""))
    form = visitor.tidied(process_form.typed(request.form), sandbox, draft_id)
    follows = _follows(form, visitor.workplace_of(sandbox))
    session().rollback()
    return render_template("manage/process_form_live.html", form=form, **follows)


@blueprint.get("/drafts/<draft_id>/rehearsal", endpoint="rehearsal")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def show_rehearsal(draft_id: str) -> ResponseReturnValue:
    """Play the next days of one draft as if nobody did it; what it lacks is asked for first."""
    sandbox = visitor.surely_mine()
    form = process_form.kept(sandboxes.draft(sandbox, draft_id)["form"])
    if visitor_findings.missing(form, visitor.workplace_of(sandbox)):
        return redirect(url_for("sandbox.draft", draft_id=draft_id))
    played = visitor_rehearsal.page(FormReader(form).draft(), sandbox)
    return render_template(
        "front/sandbox_rehearsal.html", draft_id=draft_id, name=form["name"], **played
    )


@blueprint.post("/drafts/<draft_id>/remove")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def remove(draft_id: str) -> ResponseReturnValue:
    """Take one draft out."""
    sandboxes.remove(session(), visitor.surely_mine(lock=True), draft_id)
    session().commit()
    return redirect(url_for("sandbox.sandbox"), 303)


@blueprint.post("/forget")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def forget() -> ResponseReturnValue:
    """Delete everything that is kept for this browser, now."""
    sandboxes.forget(session(), visitor.surely_mine(lock=True))
    session().commit()
    return visitor.put_away(redirect(url_for("front.index"), 303))  # type: ignore[arg-type]


def _chosen() -> Draft:
    """The draft that the page before this one sent along; raises "not_valid" for none."""
    if draft := unpack(request.form.get("draft", "")):
        return draft
    try:
        return first_draft(answered(request.form, alone=True))
    except CaptureError as error:
        raise Problem("not_valid", str(error)) from error


def _all_of(sentence: str) -> list[Draft]:
    try:
        return capture(sentence)["drafts"]
    except CaptureError as error:
        raise Problem("not_valid", str(error)) from error


def kept_in(sandbox: Sandbox, draft: Draft) -> KeptDraft:
    """Keep a draft as the form of the builder, with what it leaves open as its visitor reads it."""
    form = process_form.form_of_captured(draft, visitor.workplace_of(sandbox))
    questions = [translated(question) for question in draft["questions"]]
    return sandboxes.keep(sandbox, visitor.tidied(form, sandbox), questions)


def _take_zone(sandbox: Sandbox, zone: str) -> dict[str, str]:
    """Keep the chosen time zone; what is wrong with it, by field."""
    try:
        sandboxes.write(sandbox, zone=places.known_zone(zone) if zone else "")
    except Problem as problem:
        return {"time_zone": problem.detail}
    return {}


def _to(draft_id: str) -> Response:
    return redirect(url_for("sandbox.draft", draft_id=draft_id), 303)  # type: ignore[return-value]


def _form_page(joined: Joined, sandbox: Sandbox, kept: KeptDraft, **more: Any) -> str:
    told, page = visitor_meanwhile.shown(joined), _page(joined.form, sandbox, kept)
    return render_template(FORM_PAGE, form=joined.form, **page | told | more)


def _page(form: Form, sandbox: Sandbox, kept: KeptDraft) -> dict[str, Any]:
    workplace = visitor.workplace_of(sandbox)
    return {
        "process": None,
        "draft_id": kept["id"],
        "questions": kept["questions"],
        "zones": zone_choices(),
        "zone": form.get("time_zone", sandbox.content["zone"]),
        "live": url_for("sandbox.live", draft_id=kept["id"]),
        **until(sandbox),
        **_follows(form, workplace),
    }


def _follows(form: Form, workplace: Workplace) -> dict[str, Any]:
    shown = process_form_page.shown(form, FormReader(form).draft(), workplace)
    return shown | {"findings": visitor_findings.shown(form, workplace)}


def until(sandbox: Sandbox | None) -> dict[str, Any]:
    """Until when it is kept, for its pages."""
    ends = (sandbox.expires_at if sandbox else None) or now() + sandboxes.KEPT_FOR
    return {"until": day(ends.date()), "has_sandbox": sandbox is not None, "member": signed_in()}
