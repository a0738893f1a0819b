"""The visitor's own sandbox: whose it is, by a signed cookie, and whom and where it names."""

from collections.abc import Iterable
from typing import Any

from flask import Response, request
from itsdangerous import BadSignature, Signer

from webapp.context import now, session, settings
from webapp.models import Location, Person, Sandbox
from webapp.problems import Problem
from webapp.rules.capture.settle import SEVERAL
from webapp.rules.scan import answers as said
from webapp.rules.scan.answers import Answers
from webapp.rules.sentences import N_, say
from webapp.services import sandboxes
from webapp.services.definitions import Around, ProcessDraft, faults_among
from webapp.views.process_form import Form
from webapp.views.workplace import Workplace
from webapp.words import gettext as _

HERE = "here"
NAMED = ("responsible", "backup", "fallback")


def is_known() -> bool:
    """Whether this browser says that something is kept for it."""
    return bool(request.cookies.get(_cookie_name()))


def mine(*, lock: bool = False) -> Sandbox | None:
    """Return this browser's sandbox, None when it never had one.

    Raises "sandbox_gone" for a cookie that is forged, or whose sandbox has ended.
    """
    token = request.cookies.get(_cookie_name())
    if not token:
        return None
    try:
        sandbox_id = _signer().unsign(token).decode()
    except (BadSignature, UnicodeError) as error:
        raise Problem("sandbox_gone") from error
    return sandboxes.of_visitor(session(), sandbox_id, now(), lock=lock)


def mine_or_new() -> Sandbox:
    """Return this browser's sandbox to write into, a fresh one when it has none any more."""
    try:
        return mine(lock=True) or sandboxes.begin(session(), now())
    except Problem as problem:
        if problem.code != "sandbox_gone":
            raise
        return sandboxes.begin(session(), now())


def surely_mine(*, lock: bool = False) -> Sandbox:
    """Return this browser's sandbox; raises "sandbox_gone" when there is none."""
    sandbox = mine(lock=lock)
    if sandbox is None:
        raise Problem("sandbox_gone")
    return sandbox


def hand_out(response: Response, sandbox: Sandbox) -> Response:
    """Let this browser open the sandbox until it expires; no script reads the cookie."""
    left = int((sandbox.expires_at - now()).total_seconds()) if sandbox.expires_at else 0
    token = _signer().sign(sandbox.id).decode()
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=left,
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def put_away(response: Response) -> Response:
    """Let this browser forget its sandbox."""
    response.delete_cookie(
        _cookie_name(), path="/", secure=settings().is_secure, httponly=True, samesite="Lax"
    )
    return response


def workplace_of(sandbox: Sandbox) -> Workplace:
    """Everybody whom the drafts name, and the one place where everything is done."""
    names = names_in(sandbox)
    zone = sandbox.content["zone"]
    place = Location(id=HERE, name=here(), time_zone=zone, closures=[])
    return Workplace([_person(name) for name in names], [place] if zone else [], typed=True)


def answers_of(sandbox: Sandbox | None) -> Answers:
    """What was answered so far."""
    return said.nothing() | (sandbox.content["answers"] if sandbox else {})  # type: ignore[return-value]


def owner_of(answers: Answers) -> str:
    """What the owner is called."""
    return answers["owner"] or _("The owner")


def here() -> str:
    """What the one place is called."""
    return _("Your place")


def names_in(sandbox: Sandbox, besides: str = "") -> list[str]:
    """Whom the scan and the drafts name, but the draft `besides`; once each, however written."""
    drafts = [kept["form"] for kept in sandboxes.drafts(sandbox) if kept["id"] != besides]
    typed = [form.get(part, "") for form in drafts for part in NAMED]
    return sorted(_once([*answers_of(sandbox)["people"], *typed]).values())


def tidied(form: Form, sandbox: Sandbox, draft_id: str = "") -> Form:
    """The form with its one place, and each name as it is written elsewhere in the sandbox."""
    names = {part: " ".join(str(form[part]).split()) for part in NAMED}
    as_written = _once([*names_in(sandbox, besides=draft_id), *names.values()])
    same = {part: as_written.get(name.casefold(), "") for part, name in names.items()}
    return form | same | {"location": [HERE] if sandbox.content["zone"] else []}


def faults(draft: ProcessDraft, workplace: Workplace) -> dict[str, str]:
    """What keeps a visitor's draft from being a process, by field of the draft."""
    names = {level.person_id: level.role for level in draft.chain if level.person_id}
    people = {name: _person(name) for name in names}
    places = {place.id: place for place in workplace.places}
    found = faults_among(Around(places, people), draft, now())
    if not places:
        found["locations"] = N_("Choose the time zone of your place.")
    several = {f"chain.{role}": _not_one(name) for name, role in names.items() if is_group(name)}
    return found | several


def _once(names: Iterable[Any]) -> dict[str, str]:
    """The names as they are written first, by how they sound."""
    first: dict[str, str] = {}
    for name in filter(None, names):
        first.setdefault(str(name).casefold(), str(name))
    return first


def _person(name: str) -> Person:
    return Person(id=name, name=name, role="staff")


def is_group(name: str) -> bool:
    """Whether what is written for a person means several, or nobody in particular."""
    return bool(SEVERAL.search(name))


def _not_one(name: str) -> str:
    return say("“%(name)s” is not one person. Name one person.", name=name)


def _signer() -> Signer:
    return Signer(settings().secret_key, salt="sandbox")


def _cookie_name() -> str:
    return "__Host-baton-sandbox" if settings().is_secure else "baton-sandbox"
