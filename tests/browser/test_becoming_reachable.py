"""How a device comes to be told: what each kind shows, when it is asked, the test message."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.facts import ANA, BEN, iso
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import ready
from tests.browser.test_told_here import PUSHES
from tests.chromium import ARGS, WHOLE

pytestmark = [pytest.mark.e2e, pytest.mark.notifications]

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) {} Mobile/15E148 Safari/604.1"
)
SAFARI = IPHONE.format("18_5", "Version/18.5")
CHROME_ON_IOS = IPHONE.format("18_5", "CriOS/137.0")
OLD_SAFARI = IPHONE.format("15_8", "Version/15.6")
ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; {}) AppleWebKit/537.36 (KHTML, like Gecko) {} "
    "Chrome/140.0.0.0 {}Safari/537.36"
)
KIOSK = ANDROID.format("SM-X200; wv", "Version/4.0", "")
PIXEL = ANDROID.format("Pixel 9", "", "Mobile ")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"

NO_PUSH = "delete self.PushManager; delete self.Notification;"
INSTALLED = "Object.defineProperty(navigator, 'standalone', { value: true });"
DENIED = "Object.defineProperty(Notification, 'permission', { get: () => 'denied' });"
# A browser that nobody has asked yet, whose push service gives an address when it is asked.
UNASKED = """(() => {
  let answer = "default", current = null;
  const endpoint = "https://push.example/1";
  const subscription = { endpoint, options: {}, unsubscribe: async () => true,
                         toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }) };
  Object.defineProperty(Notification, "permission", { get: () => answer });
  Notification.requestPermission = async () => (answer = "granted");
  self.answers = (given) => (answer = given);
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = async () => (current = subscription);
})();"""
NEVER = """() => {
  PushManager.prototype.subscribe = () => new Promise(() => { self.waits = true; });
}"""
PRESS = "Tell me when something becomes mine"
ASKED = "Be told when something becomes yours"
WEEK_LATER = """(() => {
  const Real = Date;
  const moved = () => Number(localStorage.getItem("moved") || 0);
  self.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + moved()); }
    static now() { return Real.now() + moved(); }
  };
})();"""


@pytest.fixture
def handed(server: FakeServer) -> None:
    server.step_of("S3")["handed_over"] = {"from": ANA, "at": iso(-3), "reason": "missed"}


def opened(browser: Browser, server: FakeServer, ua: str, *scripts: str) -> Page:
    context: BrowserContext = browser.new_context(
        base_url=server.url, user_agent=ua, viewport={"width": 390, "height": 844}
    )
    for script in scripts:
        context.add_init_script(script)
    page = context.new_page()
    page.goto("/today")
    return page


@pytest.mark.parametrize(
    ("ua", "scripts", "words"),
    [
        (SAFARI, [NO_PUSH], ["Press Share, the square", "Add to Home Screen", "its new icon"]),
        (CHROME_ON_IOS, [NO_PUSH], ["Open this page in Safari.", "Add to Home Screen"]),
        (OLD_SAFARI, [NO_PUSH], ["iOS 16.4 or later", "Software Update"]),
        (SAFARI, [INSTALLED, DENIED], ["Open Settings, then Notifications, then Baton."]),
        (PIXEL, [DENIED], ["blocked on this phone", "Press Permissions, then Notifications"]),
        (
            FIREFOX,
            [DENIED],
            ["blocked on this computer", "Press the padlock"],
        ),
    ],
    ids=["iphone", "chrome on ios", "old ios", "ios denied", "android denied", "firefox denied"],
)
def test_the_press_shows_the_way_of_this_very_browser(
    browser: Browser, server: FakeServer, ua: str, scripts: list[str], words: list[str]
) -> None:
    page = opened(browser, server, ua, *scripts)
    page.get_by_role("button", name=PRESS).click()
    for each in words:
        expect(page.locator("#app")).to_contain_text(each)
    page.context.close()


def test_a_kiosk_browser_without_messages_says_so_and_asks_nothing(
    browser: Browser, server: FakeServer, handed: None
) -> None:
    page = opened(browser, server, KIOSK, NO_PUSH)
    words = "This tablet shows messages only while Baton is open."
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name=PRESS)).to_have_count(0)
    expect(page.get_by_text(ASKED)).to_have_count(0)
    page.context.close()


def test_nothing_is_asked_before_there_is_a_reason(page: Page, server: FakeServer) -> None:
    page.add_init_script(UNASKED)
    page.goto("/today")
    expect(page.get_by_role("button", name=PRESS)).to_be_visible()
    expect(page.get_by_text(ASKED)).to_have_count(0)


def test_it_is_asked_after_the_first_step(page: Page, server: FakeServer) -> None:
    page.add_init_script(UNASKED)
    server.step_of("S4").update(state="done", closed={"by": BEN, "at": iso(-1), "words": None})
    page.goto("/today")
    expect(page.get_by_text("Your first step is done.")).to_be_visible()


def test_not_now_is_not_now_for_a_week(page: Page, server: FakeServer, handed: None) -> None:
    page.add_init_script(UNASKED)
    page.add_init_script(WEEK_LATER)
    page.goto("/today")
    expect(page.get_by_text("“Playground walk” came to you from Ana.")).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_text(ASKED)).to_have_count(0)
    expect(page.get_by_role("button", name=PRESS)).to_be_visible()
    page.evaluate("localStorage.setItem('moved', 6 * 86400e3)")
    page.reload()
    expect(page.get_by_role("button", name=PRESS)).to_be_visible()
    expect(page.get_by_text(ASKED)).to_have_count(0)
    page.evaluate("localStorage.setItem('moved', 7.1 * 86400e3)")
    page.reload()
    expect(page.get_by_text(ASKED)).to_be_visible()


def test_the_test_message_is_waited_for_until_this_device_has_it(
    page: Page, server: FakeServer, handed: None
) -> None:
    page.add_init_script(UNASKED)
    server.subscriptions = [{"id": "U1", "refused": False, "confirmed_at": None}] * 3
    page.goto("/today")
    page.get_by_role("button", name=PRESS).click()
    expect(page.get_by_text("A test message is on its way to this device.")).to_be_visible()
    server.test_message = {"state": "reached", "reached_on": ["another"]}
    expect(page.get_by_text("A test message is on its way to this device.")).to_be_visible()
    device = next(d["device"] for where, d in server.posts if where == "push-subscriptions")
    server.test_message = {"state": "reached", "reached_on": ["another", device]}
    expect(page.get_by_text("The test message came. This computer is told.")).to_be_visible()
    page.get_by_role("button", name="Close this").click()
    expect(page.get_by_text(ASKED)).to_have_count(0)
    expect(page.get_by_text("This device is told when something becomes yours.")).to_be_visible()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("queued", "the server has not sent it yet"),
        ("accepted", "This computer has a connection"),
        ("refused", "the push service takes no messages for this device"),
    ],
)
def test_a_test_message_that_does_not_come_says_what_to_check(
    page: Page, server: FakeServer, state: str, words: str
) -> None:
    page.add_init_script(PUSHES)
    page.add_init_script(WEEK_LATER)
    server.subscriptions = [{"id": "U1", "refused": False, "confirmed_at": None}]
    server.test_message = {"state": state, "reached_on": []}
    page.goto("/today")
    page.get_by_role("button", name="Send a test message here").click()
    if state != "refused":
        expect(page.get_by_text("A test message is on its way to this device.")).to_be_visible()
        page.evaluate("localStorage.setItem('moved', 61e3)")
    expect(page.locator("#app")).to_contain_text(words)


def test_who_refuses_reads_how_to_allow_it_and_is_asked_again_by_a_press(
    page: Page, server: FakeServer
) -> None:
    page.add_init_script(UNASKED)
    server.subscriptions = [{"id": "U1", "refused": False, "confirmed_at": None}]
    page.goto("/today")
    page.evaluate("() => { Notification.requestPermission = async () => answers('denied'); }")
    page.get_by_role("button", name=PRESS).click()
    app = page.locator("#app")
    expect(app).to_contain_text("Messages from Baton are blocked on this computer.")
    expect(app).to_contain_text("Press the sign left of the address.")
    expect(app).to_contain_text("A private window stays blocked")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_text("Messages are still blocked here.")
    page.evaluate(
        "() => { answers('granted'); Notification.requestPermission = async () => 'granted'; }"
    )
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("A test message is on its way to this device.")).to_be_visible()
    expect(page.get_by_text("blocked")).to_have_count(0)


@pytest.mark.parametrize(
    ("error", "why", "words"),
    [
        ("NotAllowedError", "no", "Messages from Baton are blocked on this computer."),
        ("AbortError", "Registration failed - permission denied", "A private window stays blocked"),
        ("AbortError", "push service error", "This browser's own push service did not answer."),
    ],
    ids=["blocked", "a private window of Chromium", "no push service"],
)
def test_a_browser_that_allows_it_and_gives_no_address_says_what_is_so(
    page: Page, server: FakeServer, error: str, why: str, words: str
) -> None:
    page.add_init_script(UNASKED)
    page.goto("/today")
    page.evaluate(
        """([name, why]) => { PushManager.prototype.subscribe = async () => {
          throw new DOMException(why, name); }; }""",
        [error, why],
    )
    page.get_by_role("button", name=PRESS).click()
    expect(page.locator("#app")).to_contain_text(words)
    expect(page.get_by_text("Try again with a connection")).to_have_count(0)


def test_a_push_service_that_never_answers_does_not_hold_the_button_for_ever(
    page: Page, server: FakeServer
) -> None:
    page.add_init_script(UNASKED)
    page.clock.install()
    ready(page)
    page.evaluate(NEVER)
    page.get_by_role("button", name=PRESS).click()
    page.wait_for_function("() => self.waits")
    page.clock.run_for(21_000)
    expect(page.get_by_text("This browser's own push service did not answer.")).to_be_visible()
    expect(page.get_by_role("button", name=PRESS)).to_be_visible()


def test_a_real_browser_in_which_nobody_allows_it_says_so(
    playwright: Playwright, server: FakeServer, tmp_path: Path
) -> None:
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "refusing", **WHOLE, args=ARGS, headless=True, base_url=server.url
    )
    page = context.pages[0]
    page.goto("/today")
    page.get_by_role("button", name=PRESS).click()
    expect(page.get_by_text("Messages from Baton are blocked on this computer.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    context.close()


def test_a_real_private_window_says_that_it_stays_blocked(
    playwright: Playwright, server: FakeServer
) -> None:
    browser = playwright.chromium.launch(**WHOLE, args=ARGS)
    page = browser.new_context(base_url=server.url, permissions=["notifications"]).new_page()
    ready(page)
    page.get_by_role("button", name=PRESS).click()
    expect(page.get_by_text("A private window stays blocked")).to_be_visible()
    browser.close()


def test_without_a_connection_it_says_so_until_somebody_looks_again(
    page: Page, server: FakeServer
) -> None:
    page.add_init_script(UNASKED)
    ready(page)
    server.way = "down"
    page.get_by_role("button", name=PRESS).click()
    words = page.get_by_text("It did not work now. Try again with a connection.")
    expect(words).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(words).to_have_count(0)
    expect(page.get_by_role("button", name=PRESS)).to_be_visible()


def test_the_browsers_offer_to_install_is_kept_for_a_press(page: Page, server: FakeServer) -> None:
    page.add_init_script(UNASKED)
    page.goto("/today")
    expect(page.get_by_role("button", name=PRESS)).to_be_visible()
    expect(page.get_by_role("button", name="Install Baton")).to_have_count(0)
    page.evaluate("""() => {
      const offer = new Event("beforeinstallprompt", { cancelable: true });
      offer.prompt = async () => { self.prompted = true; };
      offer.userChoice = Promise.resolve({ outcome: "accepted" });
      self.dispatchEvent(offer);
      self.kept = offer.defaultPrevented;
    }""")
    page.get_by_role("button", name="Install Baton").click()
    page.wait_for_function("() => self.prompted && self.kept")
    expect(page.get_by_role("button", name="Install Baton")).to_have_count(0)


def test_this_device_says_how_it_is_told(page: Page, server: FakeServer) -> None:
    page.add_init_script(UNASKED)
    page.goto("/device")
    section = page.get_by_role("region", name="Messages on this device")
    expect(section.get_by_role("button", name=PRESS)).to_be_visible()
