"""A device keeps what its screens need without a connection, and fetches nothing else for it."""

import json
import re

import pytest
from flask.testing import FlaskClient

from webapp.joined import FILES, SCRIPT, joined
from webapp.kept_files import needed
from webapp.views.pwa import SCRIPTS, SHELLS

IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\.\.?/[^"']+)""")
PAGE = '<script type="module" src="/static/js/page.js"></script>'


@pytest.mark.parametrize(
    "line",
    [
        'import { one } from "./other.js";',
        'export { one } from "./other.js";',
        "import{one as o}from'./other.js';",
        'import "./other.js";',
        'const one = await import("./other.js");',
        'const worker = new Worker(new URL("./other.js", import.meta.url), { type: "module" });',
        'const address = "/static/js/other.js";',
        "const again = `/static/js/other.js`;",
    ],
)
def test_what_a_script_names_is_kept(line: str) -> None:
    assert needed([PAGE], {"js/page.js": line}.get) == ["js/other.js", "js/page.js"]


def test_names_are_followed_from_where_they_are_written_and_in_circles() -> None:
    texts = {
        "js/page.js": 'import { deep } from "./parts/deep.js";',
        "js/parts/deep.js": 'import { page } from "../page.js"; import("../../vendor/reader.js");',
    }
    kept = ["js/page.js", "js/parts/deep.js", "vendor/reader.js"]
    assert needed([PAGE], texts.get) == kept


def test_what_is_made_up_at_run_time_is_no_name() -> None:
    assert needed([PAGE], {"js/page.js": "fetch(`/static/words/${lang}.json`);"}.get) == [
        "js/page.js"
    ]


def _kept(client: FlaskClient) -> list[str]:
    text = client.get("/sw/precache.js").text
    listed: list[str] = json.loads(text.partition("FILES = ")[2].removesuffix(";\n"))
    return listed


def test_every_kept_file_is_there_and_named_once(client: FlaskClient) -> None:
    listed = _kept(client)
    assert len(listed) == len(set(listed))
    for address in listed:
        path = f"{address}some-id" if address.endswith("/") else address
        with client.get(path) as reply:
            assert reply.status_code == 200, address


def test_every_module_that_a_kept_script_imports_is_kept(client: FlaskClient) -> None:
    listed = set(_kept(client))
    scripts = [name for name in listed if name.endswith(".js")]
    assert scripts
    for name in scripts:
        for other in IMPORTED.findall(_text(client, name)):
            assert _beside(name, other) in listed, f"{name} needs {other}"


def test_every_script_and_sheet_of_a_screen_is_kept(client: FlaskClient) -> None:
    listed = set(_kept(client))
    for path in SHELLS:
        page = _text(client, f"{path}some-id" if path.endswith("/") else path)
        wanted = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
        assert wanted <= listed, path
    worker = "".join(path.read_text() for path in SCRIPTS.glob("*.js"))
    assert set(re.findall(r'"(/static/[^"]+)"', worker)) <= listed


def test_what_only_managers_pages_use_and_what_is_joined_is_not_fetched(
    client: FlaskClient,
) -> None:
    listed = _kept(client)
    assert not [name for name in listed if "/pages/builder" in name or "/pages.css" in name]
    assert f"/static/{SCRIPT}" in listed
    assert "/static/js/dom.js" not in listed
    static = SCRIPTS.parent / "webapp" / "static"
    parts = [path for name in FILES for path in joined(static, name)]
    assert sum(f"/static/{path}" in listed for path in parts) < len(parts) / 4


def _text(client: FlaskClient, path: str) -> str:
    with client.get(path) as reply:
        return reply.text


def _beside(name: str, other: str) -> str:
    parts = name.split("/")[:-1]
    for part in other.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
