"""Each version of the app is a new service worker, down to its first script."""

import re

from flask.testing import FlaskClient


def test_the_service_worker_is_another_script_in_each_version(client: FlaskClient) -> None:
    """Chromium cannot start an update in which only an imported module has changed."""
    listed = client.get("/sw/precache.js").text
    [version] = re.findall(r'VERSION = "(1\.[0-9a-f]{16})"', listed)
    assert client.get("/sw.js").text.endswith(f'\nself.version = "{version}";\n')


def test_this_device_opens_without_a_connection(client: FlaskClient) -> None:
    assert '"/device"' in client.get("/sw/precache.js").text
    page = client.get("/device")
    assert page.status_code == 200
    assert "js/pages/device.js" in page.text
