"""One file of the modules that every offline screen needs: theirs, whole, in their order, once."""

import re
from pathlib import Path

import minify
import pytest
from flask.testing import FlaskClient

from webapp.joined import (
    FILES,
    KIOSK,
    PAGES,
    SCRIPT,
    SHEET,
    SHEETS,
    NotJoinable,
    joined,
    module,
    served,
)
from webapp.lean import source_of

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "webapp" / "static"
SCRIPTS = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.glob("js/**/*.js"))
# What shows the work, then what sends it, in one go: it would wait for the other twice.
AHEAD = ("offline", "store", "language", "drain", "sending", "later")
MEMBERS = {path: name for name in FILES for path in joined(STATIC, name)}


def sent(name: str) -> str:
    text = served(STATIC, name)
    assert text is not None
    return text


def site(directory: Path, **scripts: str) -> Path:
    """Scripts of our kind by their names; the page is today's."""
    pages = directory / "js" / "pages"
    pages.mkdir(parents=True)
    for name, text in scripts.items():
        (pages if name == "today" else directory / "js").joinpath(f"{name}.js").write_text(text)
    return directory


@pytest.mark.parametrize("name", MEMBERS)
def test_each_module_is_in_the_file_whole(name: str) -> None:
    own = [
        line
        for line in source_of(STATIC / name).splitlines()
        if not re.match(r"import \{|export \{", line) and 'import("' not in line
    ]
    plain = [re.sub(r"^export (?=async|function|class|const)", "", line) for line in own]
    assert plain
    file = re.sub(r'^.*import\("[^"]+"\).*\n', "", sent(MEMBERS[name]), flags=re.M)
    assert "\n".join(plain) in file


@pytest.mark.parametrize("name", [*SCRIPTS, *FILES])
def test_every_script_is_still_one_to_a_parser(name: str) -> None:
    assert minify.string("text/javascript", sent(name))


@pytest.mark.parametrize("name", MEMBERS)
def test_a_module_under_its_own_address_gives_what_it_gave(name: str) -> None:
    written = re.findall(
        r"^export (?:async function|function|class|const) (\w+)", source_of(STATIC / name), re.M
    )
    given = re.findall(r" as (\w+)", sent(name))
    assert set(written) <= set(given)
    assert sent(name).endswith(f'{Path(MEMBERS[name]).name}";\n')


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_fetches_lazily_is_there(name: str) -> None:
    texts = [(sent(each), STATIC / each) for each in (name, *FILES)]
    for text, here in texts:
        for lazy in re.findall(r'import\("([^"]+)"\)', text):
            assert (here.parent / lazy).resolve().is_file(), lazy


def test_no_module_is_fetched_by_itself_where_it_is_in_the_file() -> None:
    fetched = [
        (STATIC / name).parent.joinpath(given).resolve().relative_to(STATIC).as_posix()
        for name in {*SCRIPTS, *FILES} - set(MEMBERS)
        for given in re.findall(r'^(?:import|export) .* from "([^"]+)";', sent(name), re.M)
    ]
    assert fetched
    assert not set(fetched) & set(MEMBERS)


def test_the_file_of_the_kiosk_has_its_own_modules_only_and_no_phone_needs_it() -> None:
    assert joined(STATIC, KIOSK)
    assert all(name.startswith("js/kiosk/") for name in joined(STATIC, KIOSK))
    phones = [name for name in (*SCRIPTS, SCRIPT) if "kiosk" not in name]
    assert not [name for name in phones if "kiosk.js" in sent(name)]


def test_the_service_worker_shares_only_what_is_apart() -> None:
    shared = {
        name
        for path in (ROOT / "service_worker").glob("*.js")
        for name in re.findall(r'from "/static/([^"]+)"', path.read_text())
    }
    assert shared == {"js/store.js"}
    assert sent("js/store.js") == source_of(STATIC / "js/store.js")


def test_modules_come_after_those_that_they_need(tmp_path: Path) -> None:
    page = 'import { one } from "../one.js";\none();\n'
    one = 'import { two as other } from "./two.js";\nexport const one = () => other();\n'
    static = site(tmp_path, today=page, one=one, two="export function two() {}\n")
    assert list(joined(static)) == ["js/two.js", "js/one.js"]
    text = served(static, SCRIPT)
    assert text is not None
    assert "const other = two$two;\n" in text
    assert served(static, PAGES[0]) == ('import { one$one as one } from "../offline.js";\none();\n')


@pytest.mark.parametrize(
    "line",
    [
        'import one from "./one.js";',
        'import * as one from "./one.js";',
        'import "./one.js";',
        "export default 1;",
        "export let one = 1;",
        "const here = import.meta.url;",
    ],
)
def test_what_the_join_does_not_understand_is_refused(line: str) -> None:
    with pytest.raises(NotJoinable):
        module("js/two.js", f"{line}\n")


def test_modules_that_need_each_other_are_refused(tmp_path: Path) -> None:
    one = 'import { two } from "./two.js";\nexport const one = two;\n'
    two = 'import { one } from "./one.js";\nexport const two = one;\n'
    static = site(tmp_path, today='import { one } from "../one.js";\n', one=one, two=two)
    with pytest.raises(NotJoinable, match="needs itself"):
        joined(static)


def test_a_name_that_nobody_exports_is_refused(tmp_path: Path) -> None:
    one = 'import { none } from "./two.js";\nexport const one = none;\n'
    two = "export const two = 2;\n"
    static = site(tmp_path, today='import { one } from "../one.js";\n', one=one, two=two)
    with pytest.raises(NotJoinable, match="wants none"):
        joined(static)


@pytest.mark.parametrize(("path", "sheet"), [("/today", SHEET), ("/sign-in", "css/pages.css")])
def test_the_one_sheet_is_those_that_pages_link_one_by_one_in_debug_mode(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str, sheet: str
) -> None:
    monkeypatch.setattr(client.application, "debug", True)
    linked = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', client.get(path).text)
    assert linked == [f"css/{name}.css" for name in SHEETS[sheet]]
    assert sent(sheet) == "".join(sent(name) for name in linked)


def test_a_page_of_the_server_asks_for_one_sheet(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', page) == ["/static/css/pages.css"]


@pytest.mark.parametrize("path", ["/today", "/run/", "/device", "/approve/"])
def test_a_screen_asks_for_the_one_file_and_the_one_sheet(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', page) == ["/static/css/offline.css"]
    ahead = re.findall(r'rel="modulepreload" href="([^"]+)"', page)
    assert ahead == [f"/static/js/{name}.js" for name in AHEAD]
    listed = client.get("/sw/precache.js").text
    assert all(f'"{each}"' in listed for each in [*ahead, "/static/css/offline.css"])


def test_the_kiosk_asks_for_its_own_file_too(client: FlaskClient) -> None:
    ahead = re.findall(r'rel="modulepreload" href="([^"]+)"', client.get("/kiosk").text)
    assert ahead == [f"/static/js/{name}.js" for name in (*AHEAD, "kiosk", "kiosk/drain")]
    assert '"/static/js/kiosk.js"' in client.get("/sw/precache.js").text


def test_in_debug_mode_sources_are_read_as_they_are_written(client: FlaskClient) -> None:
    client.application.debug = True
    try:
        page = client.get("/today").text
        assert "offline" not in "".join(re.findall(r"<link[^>]+>", page))
        with client.get("/static/js/dom.js") as reply:
            assert reply.data == (STATIC / "js/dom.js").read_bytes()
        assert client.get("/static/js/offline.js").status_code == 404
        assert "offline.js" not in client.get("/sw/precache.js").text
    finally:
        client.application.debug = False
