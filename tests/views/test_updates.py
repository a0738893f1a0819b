"""Each version of the app is a new service worker, down to its first script."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from webapp.joined import served
from webapp.views import pwa


def test_the_service_worker_is_another_script_in_each_version(client: FlaskClient) -> None:
    """Chromium cannot start an update in which only an imported module has changed."""
    listed = client.get("/sw/precache.js").text
    [version] = re.findall(r'VERSION = "(5\.[0-9a-f]{16})"', listed)
    assert client.get("/sw.js").text.endswith(f'\nself.version = "{version}";\n')


def test_another_way_to_shorten_the_same_scripts_is_another_version(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Devices keep the scripts as they are served, so a mended shortening must reach them."""
    before = client.get("/sw.js").text.splitlines()[-1]

    def longer(static: Path, name: str) -> str | None:
        text = served(static, name)
        return None if text is None else f"{text}\n"

    monkeypatch.setattr(pwa, "served", longer)
    pwa._version.cache_clear()
    after = client.get("/sw.js").text.splitlines()[-1]
    pwa._version.cache_clear()
    assert before.startswith("self.version = ")
    assert after != before


def test_this_device_opens_without_a_connection(client: FlaskClient) -> None:
    assert '"/device"' in client.get("/sw/precache.js").text
    page = client.get("/device")
    assert page.status_code == 200
    assert "js/pages/device.js" in page.text


def test_what_is_not_kept_has_a_page_of_ours_without_a_connection(client: FlaskClient) -> None:
    assert '"/offline"' in client.get("/sw/precache.js").text
    page = client.get("/offline").text
    assert "This page needs a connection" in page
    assert 'href="/today"' in page
