"""Every failure becomes a problem document for the API, and a page for people."""

from typing import Any

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, jsonify, make_response, render_template
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from webapp.context import session
from webapp.problems import Problem
from webapp.views.identity import is_api

log = structlog.get_logger()

CODE_OF_STATUS = {
    400: "bad_request",
    401: "sign_in_required",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    422: "not_valid",
    429: "too_many_requests",
    503: "unavailable",
}


def register(app: APIFlask) -> None:
    """Answer every failure, expected or not, in one form."""
    app.error_processor(_from_apiflask)
    app.register_error_handler(Problem, answer)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(OperationalError, _from_database)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _unexpected)


def answer(problem: Problem) -> Response:
    """Return the problem as a document or a page, with nothing half-done left behind."""
    session().rollback()
    if is_api():
        response = jsonify(problem.document())
        response.content_type = "application/problem+json"
    else:
        response = make_response(render_template("errors/problem.html", problem=problem.document()))
    response.status_code = problem.status
    if problem.status == 401 and is_api():
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _from_apiflask(error: HTTPError) -> Response:
    detail: Any = error.detail
    located = detail.values() if isinstance(detail, dict) else []
    fields = {
        str(name): "; ".join(map(str, words)) if isinstance(words, list) else str(words)
        for location in located
        if isinstance(location, dict)
        for name, words in location.items()
    }
    return answer(Problem(CODE_OF_STATUS.get(error.status_code, "bad_request"), fields=fields))


def _from_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()  # type: ignore[return-value]
    response = answer(Problem(CODE_OF_STATUS.get(error.code or 500, "unexpected")))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _from_database(error: OperationalError) -> Response:
    log.warning("database unavailable", error=str(error.orig))
    response = answer(Problem("unavailable"))
    response.headers["Retry-After"] = "2"
    return response


def _unstorable(_error: DataError) -> Response:
    """Text that no database row can hold (a NUL, a number out of range) names nothing here."""
    return answer(Problem("not_found"))


def _too_deep(_error: RecursionError) -> Response:
    """JSON that is nested without end is nobody's honest request."""
    return answer(Problem("bad_request"))


def _unexpected(error: Exception) -> Response:
    log.error("unexpected failure", exc_info=error)
    return answer(Problem("unexpected"))
