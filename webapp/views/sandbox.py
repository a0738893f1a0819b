"""A visitor's own sandbox: drafts and the builder, without an account, for a week."""

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
    visitor_rehearsal,
)
from webapp.views.draft_page import answered
from webapp.views.identity import signed_in
from webapp.views.packed_draft import unpack
from webapp.views.policy import PUBLIC, policy
from webapp.views.process_form import Form
from webapp.views.process_form_names import in_order
from webapp.views.process_form_reading import FormReader
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
    kept = [_row(sandbox, each) for each in sandboxes.drafts(sandbox)] if sandbox else []
    return render_template("front/sandbox.html", drafts=kept, **until(sandbox))


@blueprint.post("/drafts")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def keep() -> ResponseReturnValue:
    """Keep a draft of typed words or of an export, and open it in the builder."""
    draft = _chosen()
    sandbox = visitor.mine_or_new()
    kept = kept_in(sandbox, draft)
    session().commit()
    return visitor.hand_out(_to(kept["id"]), sandbox)


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
    form = process_form.kept(kept["form"])
    return render_template(FORM_PAGE, form=form, **_page(form, sandbox, kept))


@blueprint.post("/drafts/<draft_id>")
@policy(PUBLIC)
@limiter.limit(LIMITS)
def take_draft(draft_id: str) -> ResponseReturnValue:
    """Keep what the builder says, finished or not, and say what a process would still need."""
    sandbox = visitor.surely_mine(lock=True)
    action = request.form.get("action", "save")
    form = process_form.rearranged(process_form.typed(request.form), action)
    wrong = _take_zone(sandbox)
    form = visitor.tidied(form, sandbox, draft_id)
    sandboxes.change(sandbox, draft_id, form)
    session().commit()
    kept = sandboxes.draft(sandbox, draft_id)
    if action == "save":
        wrong |= visitor_findings.missing(form, visitor.workplace_of(sandbox))
        if not wrong:
            return redirect(url_for("sandbox.sandbox", kept=draft_id), 303)
        problem = Problem("draft_not_ready", fields=in_order(wrong))
        page = _page(form, sandbox, kept)
        return render_template(FORM_PAGE, problem=problem.document(), form=form, **page), 422
    return render_template(FORM_PAGE, form=form, **_page(form, sandbox, kept))


@blueprint.post("/drafts/<draft_id>/live", endpoint="live")
@policy(PUBLIC)
@limiter.limit("120 per minute")
def follow(draft_id: str) -> ResponseReturnValue:
    """Show what follows from what is being typed, as parts of the form's page; nothing is kept."""
    sandbox = visitor.surely_mine()
    _take_zone(sandbox)
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


def _take_zone(sandbox: Sandbox) -> dict[str, str]:
    """Keep the chosen time zone; what is wrong with it, by field."""
    zone = request.form.get("time_zone", "")
    try:
        sandboxes.write(sandbox, zone=places.known_zone(zone) if zone else "")
    except Problem as problem:
        return {"time_zone": problem.detail}
    return {}


def _to(draft_id: str) -> Response:
    return redirect(url_for("sandbox.draft", draft_id=draft_id), 303)  # type: ignore[return-value]


def _page(form: Form, sandbox: Sandbox, kept: KeptDraft) -> dict[str, Any]:
    workplace = visitor.workplace_of(sandbox)
    return {
        "process": None,
        "draft_id": kept["id"],
        "questions": kept["questions"],
        "zones": zone_choices(),
        "zone": sandbox.content["zone"],
        "live": url_for("sandbox.live", draft_id=kept["id"]),
        **until(sandbox),
        **_follows(form, workplace),
    }


def _follows(form: Form, workplace: Workplace) -> dict[str, Any]:
    shown = process_form_page.shown(form, FormReader(form).draft(), workplace)
    return shown | {"findings": visitor_findings.shown(form, workplace)}


def _row(sandbox: Sandbox, kept: KeptDraft) -> dict[str, Any]:
    form = process_form.kept(kept["form"])
    needs = visitor_findings.missing(form, visitor.workplace_of(sandbox))
    return {
        "id": kept["id"],
        "name": form["name"],
        "deadline": form["deadline"],
        "who": [name for name in (form["responsible"], form["backup"]) if name],
        "steps_count": sum(bool(step["title"].strip()) for step in form["steps"]),
        "missing": list(dict.fromkeys(needs.values())),
        "is_new": request.args.get("kept") == kept["id"],
    }


def until(sandbox: Sandbox | None) -> dict[str, Any]:
    """Until when it is kept, for its pages."""
    ends = (sandbox.expires_at if sandbox else None) or now() + sandboxes.KEPT_FOR
    return {"until": day(ends.date()), "has_sandbox": sandbox is not None, "member": signed_in()}
