"""Who may call a route. Every route declares it; one that does not is refused and fails a test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.problems import Problem
from webapp.views.identity import is_api, is_kiosk, signed_in
from webapp.views.kiosk_identity import this_kiosk
from webapp.words import gettext as _

View = TypeVar("View", bound=Callable[..., object])

ALL_ROLES = frozenset({"owner", "manager", "staff"})


@dataclass(frozen=True, slots=True)
class Policy:
    """Roles that may call a route; `public` routes ask nobody who they are.

    `kiosk`: so may a tablet that is paired, for the work of its location.
    """

    roles: frozenset[str]
    public: bool = False
    kiosk: bool = False


PUBLIC = Policy(ALL_ROLES, public=True)
SIGNED_IN = Policy(ALL_ROLES)
MANAGERS = Policy(frozenset({"owner", "manager"}))
OWNERS = Policy(frozenset({"owner"}))
KIOSKS = Policy(frozenset(), kiosk=True)
SIGNED_IN_OR_KIOSK = Policy(ALL_ROLES, kiosk=True)


def policy(declared: Policy) -> Callable[[View], View]:
    """Declare who may call the view."""

    def declare(view: View) -> View:
        view.policy = declared  # type: ignore[attr-defined]
        return view

    return declare


def declared_policy(endpoint: str) -> Policy | None:
    """Return the policy of an endpoint, or None when it declares none."""
    if endpoint in ("static", "openapi.spec"):
        return PUBLIC
    return getattr(current_app.view_functions[endpoint], "policy", None)


def enforce() -> ResponseReturnValue | None:
    """Refuse the request unless its route's policy lets this person in."""
    if request.endpoint is None:
        return None
    declared = declared_policy(request.endpoint)
    if declared is None:
        raise Problem("not_allowed")
    if declared.public:
        return None
    if is_kiosk():
        _enforce_for_kiosk(declared)
        return None
    person = signed_in()
    if person is None:
        if is_api():
            raise Problem("sign_in_required")
        return redirect(url_for("auth.sign_in", next=_way_back()))
    if person.role not in declared.roles:
        raise Problem("not_allowed")
    return None


def _enforce_for_kiosk(declared: Policy) -> None:
    if not declared.kiosk:
        raise Problem("not_allowed", _("This cannot be done at a kiosk."))
    this_kiosk()


def _way_back() -> str:
    """Where to go after signing in: only a page that can be fetched again."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
