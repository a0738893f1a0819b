"""Signing in and out, joining by invitation, changing one's password.

Tries are counted before any password is hashed, per address and per account. The counts are kept
in the memory of each web process: several processes allow as many times more.
"""

import hashlib
from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address
from flask_login import current_user

from webapp import words
from webapp.context import now, session
from webapp.extensions import limiter
from webapp.models import Person
from webapp.problems import Problem
from webapp.services import invitations, languages, sign_in
from webapp.views.forms import form_again
from webapp.views.identity import close_session, open_session, signed_in, somebody
from webapp.views.policy import PUBLIC, SIGNED_IN, policy

blueprint = APIBlueprint("auth", __name__, enable_openapi=False)

PER_ADDRESS = "30 per minute;300 per hour"
PER_ACCOUNT = "10 per minute;50 per hour"


def home_of(person: Person) -> str:
    """Return the page where this person's day begins."""
    return "/today" if person.role == "staff" else "/inbox"


def local_path(text: str | None) -> str | None:
    """Return `text` if it is a path on this site, else None.

    Browsers read a backslash as a slash and skip control characters, so both are refused.
    """
    if not text or not text.startswith("/") or text.startswith("//"):
        return None
    if "\\" in text or any(ord(character) < 32 or ord(character) == 127 for character in text):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc else text


def enter(person: Person) -> None:
    """Sign the person in on this browser; a session that it had before is ended."""
    if signed_in():
        close_session()
    open_session(person)
    session().commit()


def _typed_account() -> str:
    email = request.form.get("email", "").strip().lower()
    return hashlib.sha256(email.encode()).hexdigest()


def _own_account() -> str:
    person = signed_in()
    return person.id if person else get_remote_address()


@blueprint.get("/sign-in", endpoint="sign_in")
@policy(PUBLIC)
def show_sign_in() -> ResponseReturnValue:
    """Show the sign-in page."""
    way = local_path(request.args.get("next"))
    if person := signed_in():
        return redirect(way or home_of(person))
    return render_template("auth/sign_in.html", form={}, next=way)


@blueprint.post("/sign-in")
@policy(PUBLIC)
@limiter.limit(PER_ADDRESS)
@limiter.limit(PER_ACCOUNT, key_func=_typed_account)
def do_sign_in() -> ResponseReturnValue:
    """Sign in with e-mail address and password."""
    email, way = request.form.get("email", ""), local_path(request.form.get("next"))
    try:
        person = sign_in.check_password(session(), email, request.form.get("password", ""), now())
    except Problem as problem:
        return form_again("auth/sign_in.html", problem, form={"email": email}, next=way)
    enter(person)
    return redirect(way or home_of(person), 303)


@blueprint.post("/sign-out")
@policy(SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End this browser's session. What waits on the device to be sent stays there."""
    close_session()
    session().commit()
    return redirect(url_for("front.index"), 303)


@blueprint.get("/join", endpoint="join")
@policy(PUBLIC)
def show_join() -> ResponseReturnValue:
    """Show the page of an invitation; only the browser can read the secret in the fragment."""
    return render_template("auth/join.html", form={})


@blueprint.post("/join")
@policy(PUBLIC)
@limiter.limit(PER_ADDRESS)
def do_join() -> ResponseReturnValue:
    """Use an invitation once: keep the new password and sign in."""
    secret = request.form.get("secret", "")
    try:
        person = invitations.accept(session(), secret, request.form.get("password", ""), now())
    except Problem as problem:
        return form_again("auth/join.html", problem, form={"secret": secret})
    if words.language() != languages.of(person):
        languages.choose(session(), person, words.language(), now())
    enter(person)
    return redirect(home_of(person), 303)


@blueprint.get("/password", endpoint="password")
@policy(SIGNED_IN)
def show_password() -> ResponseReturnValue:
    """Show the page to change one's password."""
    return render_template("auth/password.html", form={}, saved="saved" in request.args)


@blueprint.post("/password")
@policy(SIGNED_IN)
@limiter.limit(PER_ACCOUNT, key_func=_own_account)
def change_password() -> ResponseReturnValue:
    """Change one's password; every other browser must sign in again."""
    current, new = request.form.get("current", ""), request.form.get("password", "")
    kept = current_user.get_id()
    try:
        sign_in.change_password(session(), somebody(), current, new, now(), kept)
    except Problem as problem:
        return form_again("auth/password.html", problem, form={})
    session().commit()
    return redirect(url_for("auth.password", saved=1), 303)
