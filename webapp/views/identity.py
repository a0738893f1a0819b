"""Who is asking: a browser's session or a bearer token, and from which site."""

from flask import g, request
from flask import session as cookie
from flask_login import UserMixin, current_user, login_user, logout_user

from webapp.context import clock, now, session, settings
from webapp.extensions import SAFE_METHODS, login
from webapp.models import Person, SignIn
from webapp.problems import Problem
from webapp.services import sign_in
from webapp.words import gettext as _

CLIENT_HEADER = "Baton-Client"
KIOSK_HEADER = "Baton-Kiosk"
READ_BY_THEIR_VIEWS = ("rescue.take_in", "imports.take_in")


class SignedIn(UserMixin):
    """A person for Flask-Login; its id is the session's (or token's) own, so it can be ended."""

    def __init__(self, person: Person, session_id: str) -> None:
        self.person = person
        self.session_id = session_id

    def get_id(self) -> str:
        """Return the id that the cookie carries."""
        return self.session_id


@login.user_loader
def load_session(session_id: str) -> SignedIn | None:
    """Return the person of a browser's session, if it is still good.

    A token speaks instead of it, and so does a kiosk: whoever signed in there does not count.
    """
    if bearer() is not None or is_kiosk():
        return None
    found = sign_in.session_of(session(), session_id, now())
    if found and request.method not in SAFE_METHODS:
        sign_in.touch(found, now())
    return SignedIn(found.person, found.id) if found else None


@login.request_loader
def load_token(_request: object) -> SignedIn | None:
    """Return the person of a bearer token; an unknown token is refused, not ignored."""
    token = bearer()
    if token is None or is_kiosk():
        return None
    found = sign_in.person_of_token(session(), token)
    if found is None:
        raise Problem("token_unknown")
    return SignedIn(found, f"token:{found.id}")


def bearer() -> str | None:
    """Return the bearer token of the request, if it carries one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if kind.lower() == "bearer" else None


def is_kiosk() -> bool:
    """Whether the request is made by a page of a kiosk, which no other site can say."""
    return KIOSK_HEADER in request.headers


def signed_in() -> Person | None:
    """Return the person who is asking, or None."""
    person: Person | None = getattr(current_user, "person", None)
    return person


def somebody() -> Person:
    """Return the person who is asking; routes that are not public always have one."""
    person = signed_in()
    if person is None:
        raise Problem("sign_in_required")
    return person


def open_session(person: Person) -> None:
    """Sign the person in on this browser, under a new session id."""
    started = sign_in.start_session(session(), person, now())
    cookie.clear()
    cookie.permanent = True
    login_user(SignedIn(person, started.id))


def close_session() -> None:
    """End this browser's session, here and on the server."""
    row = session().get(SignIn, current_user.get_id())
    if row is not None:
        sign_in.end_session(row, now())
    logout_user()
    cookie.clear()


def remember_device(device_id: str) -> None:
    """Note on which device this session is: signing the device off ends it there."""
    row = session().get(SignIn, current_user.get_id())
    if row is not None and row.device_id != device_id:
        row.device_id = device_id


def is_api() -> bool:
    """Whether the request is for the API, whose errors are problem documents."""
    return request.path.startswith("/api/")


def refuse_cross_site() -> None:
    """Refuse an unsafe request that another site made with this person's cookie.

    Every current browser says where an unsafe request comes from (Fetch Metadata, RFC 6454
    Origin); a caller that says nothing is no browser and holds no cookie by accident. The API
    also wants its own header, which another site cannot send without asking first.
    """
    if request.method in SAFE_METHODS or bearer():
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in (None, "same-origin", "none"):
        raise Problem("cross_site")
    if origin and origin not in (request.host_url.rstrip("/"), settings().public_url):
        raise Problem("cross_site")
    if is_api() and signed_in() and CLIENT_HEADER not in request.headers:
        raise Problem(
            "cross_site",
            _("Send the header %(header)s: 1 with this request.", header=CLIENT_HEADER),
        )


def read_body() -> None:
    """Read what the request carries before anything asks the database.

    A phone that loses its signal in the midst of an upload would otherwise keep a transaction
    open, and on SQLite that is everybody's. A rescue file is too large to be taken from just
    anybody: its view reads it, once it is known who asks.
    """
    if request.endpoint in READ_BY_THEIR_VIEWS:
        return
    request.get_data(parse_form_data=True)


def remember_request_time() -> None:
    """Fix the moment of this request, so that all it does happens at one time."""
    g.now = clock().now()
