"""What a device says of itself is what the server knows of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_server import FakeServer

pytestmark = [pytest.mark.e2e, pytest.mark.notifications]

# A browser whose push service makes a new address for each subscription.
PUSHES = """(() => {
  let made = 0, current = null;
  const make = () => {
    const endpoint = `https://push.example/${++made}`;
    return { endpoint, options: {}, toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }),
             unsubscribe: async () => { current = null; return true; } };
  };
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = async () => (current = make());
  current = make();
})();"""


def reported(server: FakeServer) -> list[str]:
    return [data["endpoint"] for where, data in server.posts if where == "push-subscriptions"]


@pytest.fixture
def subscribed(page: Page) -> Page:
    page.add_init_script(PUSHES)
    return page


def test_a_device_that_the_server_knows_says_that_it_is_told(
    subscribed: Page, server: FakeServer
) -> None:
    server.subscriptions = [{"id": "U1", "refused": False, "confirmed_at": None}]
    subscribed.goto("/today")
    words = subscribed.get_by_text("This device is told when something becomes yours.")
    expect(words).to_be_visible()
    assert reported(server) == ["https://push.example/1"]


def test_a_device_that_is_refused_subscribes_anew(subscribed: Page, server: FakeServer) -> None:
    server.subscriptions = [
        {"id": "U1", "refused": True, "confirmed_at": None},
        {"id": "U2", "refused": False, "confirmed_at": None},
    ]
    subscribed.goto("/today")
    expect(subscribed.get_by_text("This device is told")).to_be_visible()
    assert reported(server) == ["https://push.example/1", "https://push.example/2"]


def test_a_device_that_stays_refused_offers_to_try_again(
    subscribed: Page, server: FakeServer
) -> None:
    server.subscriptions = [{"id": "U1", "refused": True, "confirmed_at": None}] * 2
    subscribed.goto("/today")
    button = subscribed.get_by_role("button", name="Tell me when something becomes mine")
    expect(button).to_be_visible()


def test_a_device_that_the_server_did_not_hear_of_promises_nothing(
    subscribed: Page, server: FakeServer
) -> None:
    subscribed.goto("/today")
    words = "Messages are turned on here. Whether they come through shows with a connection."
    expect(subscribed.get_by_text(words)).to_be_visible()
    expect(subscribed.get_by_text("This device is told")).to_have_count(0)
