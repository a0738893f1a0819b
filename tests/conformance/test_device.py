"""What the device does with a push, in a real browser's service worker."""

from typing import Any

import pytest

from tests.browser.conftest import open_browser, page, phone, server  # noqa: F401
from tests.browser.test_messages import deliver, shown  # noqa: F401
from tests.conformance.table import rule

pytestmark = pytest.mark.e2e

BROKEN = ["null", "5", '"Front room ready"', "[]", '{"title": 5}', '{"title": {"de": "x"}}']


@rule(
    "8.4",
    "Apple: three silent pushes cost the subscription",
    "JSON that is no message shows something too: not one push of many stays silent.",
)
def test_json_that_is_no_message_still_shows(deliver: Any, shown: Any) -> None:  # noqa: F811
    for count, data in enumerate(BROKEN, start=1):
        deliver(data)
        said = shown(count)[-1]
        assert (said["title"], said["body"]) == ("Baton", "Open to see what is yours.")
