"""The API's document: complete, consistent, and about this application and no other."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from webapp.problems import CATALOGUE

KIOSKS = {f"/api/v1/kiosk{part}" for part in ("", "/turns", "/sync", "/away")}
METHODS = {"get", "head", "post", "put", "patch", "delete"}


@pytest.fixture
def document(client) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json


def operations(document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, found in document["paths"].items():
        for method in METHODS & set(found):
            yield path, method, found[method]


def every(node: Any, name: str) -> Iterator[Any]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == name:
                yield value
            yield from every(value, name)
    elif isinstance(node, list):
        for each in node:
            yield from every(each, name)


def test_it_is_an_openapi_document_with_all_that_one_must_have(document):
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"] == "Baton"
    assert document["info"]["version"]
    assert document["paths"]


def test_it_lists_every_route_of_the_api_and_nothing_else(app, document):
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint != "openapi.spec"
        for method in rule.methods - {"OPTIONS"}
    }
    listed = {(path, method) for path, method, _ in operations(document)}
    implied = {(path, "head") for path, method in served if method == "get"}
    assert served - listed - implied == set()
    assert listed - served == set()


def test_every_reference_leads_somewhere(document):
    for reference in every(document, "$ref"):
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]


def test_every_operation_says_what_it_does_and_where_it_belongs(document):
    known = {tag["name"] for tag in document["tags"]}
    for path, method, operation in operations(document):
        assert operation["summary"].strip(), (path, method)
        assert set(operation["tags"]) <= known, (path, method)
        assert len(operation["tags"]) == 1, (path, method)


def test_every_operation_says_how_it_answers_and_how_it_fails(document):
    for path, method, operation in operations(document):
        responses = operation["responses"]
        assert any(status.startswith("2") for status in responses), (path, method)
        assert all(response["description"] for response in responses.values())
        for status in ("default", *(s for s in responses if s.startswith(("4", "5")))):
            content = responses[status]["content"]
            assert list(content) == ["application/problem+json"], (path, method, status)


def test_every_parameter_of_a_path_is_declared_and_no_other(document):
    for path, method, operation in operations(document):
        named = set(re.findall(r"{(\w+)}", path))
        declared = [each for each in operation.get("parameters", []) if each["in"] == "path"]
        assert {each["name"] for each in declared} == named, (path, method)
        assert all(each["required"] for each in declared), (path, method)


def test_unsafe_operations_with_a_body_say_what_it_is(document):
    bodiless = {"/retire", "/restore", "/invitations", "/test-messages", "/noted"}
    for path, method, operation in operations(document):
        if method in ("post", "put", "patch") and not path.endswith(tuple(bodiless)):
            assert operation["requestBody"]["content"], (path, method)


def test_it_says_who_may_call(document):
    assert document["security"] == [{"session": []}, {"token": []}]
    assert set(document["components"]["securitySchemes"]) == {"session", "token", "kiosk"}
    public = [
        path for path, _, operation in operations(document) if operation.get("security") == []
    ]
    assert public == [
        "/api/v1/invitations/peek",
        "/api/v1/kiosk/pairings",
        "/api/v1/kiosk/pairings/poll",
    ]
    for path, method, operation in operations(document):
        kiosks = {"kiosk": []} in operation.get("security", ())
        assert kiosks == (path == "/api/v1/blobs/{sha256}" or path in KIOSKS), (path, method)


def test_it_lists_every_code_that_a_problem_can_have(document):
    problem = document["components"]["schemas"]["Problem"]
    assert problem["properties"]["code"]["enum"] == sorted(CATALOGUE)


def test_nobody_need_sign_in_to_read_it(client):
    assert client.get("/api/v1/openapi.json").status_code == 200
