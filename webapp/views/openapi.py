"""What the API's document says beyond its models: problems, security, and bytes in and out."""

import re
from typing import Any

from apiflask import APIFlask
from flask import current_app

from webapp.problems import CATALOGUE
from webapp.views.policy import Policy, declared_policy

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457); `code` is stable, `detail` is for people.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(CATALOGUE)},
        "detail": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
ANSWERED_WITH_PROBLEM = {
    "description": "A problem document",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
SECURITY_SCHEMES = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "baton-session",
        "description": "A browser that is signed in; unsafe requests carry Baton-Client: 1.",
    },
    "token": {"type": "http", "scheme": "bearer"},
    "kiosk": {
        "type": "apiKey",
        "in": "cookie",
        "name": "baton-kiosk",
        "description": "A tablet that is paired with a location; requests carry Baton-Kiosk: 1.",
    },
}
PEOPLE: list[dict[str, list[str]]] = [{"session": []}, {"token": []}]
BLOB = "/api/v1/blobs/{sha256}"
OCTETS = {"schema": {"type": "string", "format": "binary"}}
METHODS = ("get", "head", "post", "put", "patch", "delete")


def register(app: APIFlask) -> None:
    """Complete the document whenever it is made."""
    app.spec_processor(complete)


def complete(document: dict[str, Any] | str) -> dict[str, Any] | str:
    """Say of every operation how it fails and who may call it; describe the blobs' bytes."""
    assert isinstance(document, dict), "only YAML comes as text"
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = SECURITY_SCHEMES
    document["security"] = PEOPLE
    _describe_blobs(document["paths"][BLOB])
    for operations in document["paths"].values():
        for method in METHODS:
            if method in operations:
                _fail_with_problems(operations[method])
    _say_who_else_may_call(document["paths"])
    return document


def _fail_with_problems(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status in [status for status in responses if status >= "400"]:
        responses[status] = ANSWERED_WITH_PROBLEM
    responses["default"] = ANSWERED_WITH_PROBLEM


def _describe_blobs(operations: dict[str, Any]) -> None:
    operations["put"]["requestBody"] = {
        "required": True,
        "content": {"application/octet-stream": OCTETS},
    }
    operations["put"]["parameters"] += [_header("Upload-Offset"), _header("Upload-Length")]
    operations["get"]["responses"]["200"]["content"] = {"image/jpeg": OCTETS}
    told = ("Upload-Offset", "Upload-Length", "Upload-Complete")
    operations["head"] = {
        "summary": "How far an upload has come",
        "tags": operations["get"]["tags"],
        "parameters": [each for each in operations["get"]["parameters"] if each["in"] == "path"],
        "responses": {
            "200": {
                "description": "Where to go on",
                "headers": {name: {"schema": {"type": "string"}} for name in told},
            }
        },
    }


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "integer"}}


def _say_who_else_may_call(paths: dict[str, Any]) -> None:
    """Say of each operation that is not for people alone whom it is for."""
    for rule in current_app.url_map.iter_rules():
        declared = declared_policy(rule.endpoint)
        if declared is None or not (declared.public or declared.kiosk):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in rule.methods or ():
            if operation := paths.get(path, {}).get(method.lower()):
                operation["security"] = _security(declared)


def _security(declared: Policy) -> list[dict[str, list[str]]]:
    if declared.public:
        return []
    return [*(PEOPLE if declared.roles else ()), {"kiosk": []}]
