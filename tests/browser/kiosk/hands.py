"""What hands do at the tablet on the wall, and how the tests know that it came."""

from playwright.sync_api import Page, expect

from tests.browser.fake_kiosk import PINS, FakeKiosk
from tests.stack import until

ANA, BEN = PINS["P1"], PINS["P2"]
CONTROLLED = """async () => {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
}"""


def board(page: Page) -> None:
    """The names are shown."""
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()


def name_and_pin(page: Page, name: str, pin: str) -> int:
    """Taps the name and the digits, and no more; how many taps that were."""
    page.get_by_role("button", name=name, exact=True).tap()
    for digit in pin:
        page.get_by_role("button", name=digit, exact=True).tap()
    expect(page.get_by_role("button", name="Done here")).to_be_visible()
    return 1 + len(pin)


def writes_note(page: Page, words: str, title: str = "Playground walk") -> None:
    page.get_by_role("link", name=title).first.tap()
    page.get_by_label("Note").fill(words)
    page.get_by_role("button", name="Save the note").tap()


def until_sent(server: FakeKiosk, count: int) -> None:
    until(lambda: len(server.received) == count, f"{count} commands came")
