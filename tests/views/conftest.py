"""What holds for every test of a route."""

import pytest
from apiflask import APIFlask
from flask import g


@pytest.fixture(autouse=True)
def each_request_finds_out_who_asks(app: APIFlask) -> None:
    """Forget the person of the request before.

    The application context of a test outlives a request, and Flask-Login keeps the person in it:
    without this, whoever asked first would be asking ever after.
    """

    def forget() -> None:
        g.pop("_login_user", None)

    app.before_request_funcs.setdefault(None, []).insert(0, forget)
