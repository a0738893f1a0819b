"""What the device does with a push, in a real browser's service worker."""

from typing import Any

import pytest

from tests.browser.conftest import open_browser, page, phone, server  # noqa: F401
from tests.browser.test_messages import deliver, shown  # noqa: F401
from tests.conformance.table import rule

pytestmark = [pytest.mark.e2e, pytest.mark.notifications]

HALF_BUTTONS = ["null", '"approve"', "[5]", '[{"action": "approve"}]', '[{"title": "Approve"}]']
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


@rule(
    "8.5",
    "Notifications API section 2.6: an action has a name and a title",
    "A message with half a button shows without it: a rejected one would be a silent push.",
)
def test_a_message_with_broken_buttons_shows_without_them(deliver: Any, shown: Any) -> None:  # noqa: F811
    for count, actions in enumerate(HALF_BUTTONS, start=1):
        deliver(f'{{"title": "Now yours: {count}", "actions": {actions}}}')
        assert shown(count)[-1]["title"] == f"Now yours: {count}"
