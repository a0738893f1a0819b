"""Which kiosk is asking: by the cookie of a paired tablet, never by a person's session."""

from datetime import timedelta

from flask import Response, request

from webapp.context import session, settings
from webapp.models import Kiosk
from webapp.problems import Problem
from webapp.services import kiosks

KEPT_FOR = timedelta(days=400)  # the longest that browsers keep a cookie (RFC 6265bis)


def this_kiosk() -> Kiosk:
    """Return the kiosk of the request's cookie, or raise "kiosk_unknown" or "kiosk_revoked"."""
    token = request.cookies.get(_cookie_name())
    if not token:
        raise Problem("kiosk_unknown")
    return kiosks.of_token(session(), token)


def give_token(response: Response, token: str) -> Response:
    """Let the browser keep the token where no script reads it, and renew it at each use."""
    response.set_cookie(
        _cookie_name(),
        token,
        max_age=KEPT_FOR,
        secure=settings().is_secure,
        httponly=True,
        samesite="Strict",
        path="/",
    )
    return response


def renew_token(response: Response) -> Response:
    """Keep the token that the request came with for as long again."""
    return give_token(response, request.cookies[_cookie_name()])


def _cookie_name() -> str:
    return "__Host-baton-kiosk" if settings().is_secure else "baton-kiosk"
