"""Scripts and styles leave the server without what only their authors read, and compressed."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

STATIC = Path(__file__).parents[2] / "webapp" / "static"


def test_a_script_keeps_its_exports_and_loses_its_comments(client: FlaskClient) -> None:
    sent = client.get("/static/js/shrink.js").text
    assert "export" in sent
    assert "@ts-check" not in sent
    assert len(sent) < len((STATIC / "js" / "shrink.js").read_text())


def test_a_script_is_asked_for_again_by_its_tag(client: FlaskClient) -> None:
    tag = client.get("/static/js/shrink.js").headers["ETag"]
    again = client.get("/static/js/shrink.js", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "no-cache"


def test_a_style_and_the_service_worker_are_lean_too(client: FlaskClient) -> None:
    assert "/*" not in client.get("/static/css/tokens.css").text
    assert "@ts-check" not in client.get("/sw.js").text


@pytest.mark.parametrize("path", ["/static/../config.py", "/static/js/none.js", "/static/js/"])
def test_what_is_no_static_file_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_picture_leaves_as_it_lies_on_the_disk(client: FlaskClient) -> None:
    with client.get("/static/icons/icon-192.png") as reply:
        assert reply.data == (STATIC / "icons" / "icon-192.png").read_bytes()


def test_a_browser_that_takes_gzip_gets_it(client: FlaskClient) -> None:
    plain = client.get("/static/js/offline.js")
    packed = client.get("/static/js/offline.js", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data


def test_a_packed_script_is_asked_for_again_by_its_tag(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "gzip"}
    tag = client.get("/static/js/offline.js", headers=packed).headers["ETag"]
    again = client.get("/static/js/offline.js", headers=packed | {"If-None-Match": tag})
    assert again.status_code == 304
