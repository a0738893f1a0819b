"""Every state of the tablet on the wall, to be looked at and measured on three sizes of glass.

One tablet is paired with the demo daycare. What its server seldom says is put into its answers.
"""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from e2e.later_steps import in_a_row, one_left
from e2e.shot import Shot, sign_in
from webapp.services.demo.processes import PIN

GLASS = {"7-inch": (600, 1024), "10-inch": (1280, 800), "22-inch": (1920, 1080)}
TABLET, BARE = "a paired tablet", "a bare tablet"
BOARD = "**/api/v1/kiosk"
TURNS = "**/api/v1/kiosk/turns"
HIS = "Gate latch"
NAMES = ("Ada", "Bo", "Chidi", "Dilnoza", "Elif", "Florentina", "Guðrún", "Hildegard", "Ines", "Jo")


def open_tablet(browser: Browser, url: str, *, paired: bool) -> Page:
    """Opens a browser on the wall in which nobody is signed in."""
    context = browser.new_context(
        base_url=url, has_touch=True, reduced_motion="reduce", service_workers="block"
    )
    page = context.new_page()
    if paired:
        _pair(browser, url, page)
    return page


def _pair(browser: Browser, url: str, tablet: Page) -> None:
    """The owner confirms the code that the tablet shows, on a page of their own."""
    tablet.goto("/kiosk")
    code = tablet.locator(".code").inner_text().split()[-1]
    context: BrowserContext = browser.new_context(base_url=url)
    owner = context.new_page()
    sign_in(owner, "olivia")
    owner.goto(f"/kiosks/pair#{code}")
    owner.get_by_label("Downtown").check()
    owner.get_by_label("What you call it").fill("Kitchen tablet")
    owner.get_by_role("button", name="Pair it").click()
    expect(tablet.locator(".tile").first).to_be_visible(timeout=30_000)
    context.close()


def _fresh(page: Page) -> None:
    """The board as it is, whatever the state before had put in the way."""
    page.unroute_all(behavior="wait")
    page.goto("/kiosk")
    expect(page.locator(".tile").first).to_be_visible()


def _told(change: Callable[[dict[str, Any]], None]) -> Callable[[Page], None]:
    """The board with something changed in what the server says of the place."""

    def changed(route: Route) -> None:
        answer = route.fetch()
        board = answer.json()
        change(board)
        route.fulfill(response=answer, body=json.dumps(board))

    def show(page: Page) -> None:
        _fresh(page)
        page.route(BOARD, changed)
        page.evaluate("import('/static/js/sync.js').then((sync) => sync.wake())")

    return show


def _refused(status: int, code: str, **more: Any) -> Callable[[Route], None]:
    body = json.dumps({"code": code, "detail": code} | more)
    kind = "application/problem+json"
    return lambda route: route.fulfill(status=status, body=body, content_type=kind)


def _tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).tap()


def _types(page: Page, name: str) -> None:
    _tap(page, name)
    page.get_by_label("Your PIN").fill(PIN)


def _comes(page: Page, name: str) -> None:
    _types(page, name)
    expect(page.get_by_role("button", name="Done here")).to_be_visible()


def _unpaired(page: Page) -> None:
    expect(page.locator(".code")).to_be_visible()


def _no_runs(board: dict[str, Any]) -> None:
    board["runs"] = []


def _empty(page: Page) -> None:
    _told(_no_runs)(page)
    expect(page.get_by_text("Nothing is planned here")).to_be_visible()


def _many(board: dict[str, Any]) -> None:
    made = [
        {"id": name, "name": name, "initials": name[0], "has_pin": True, "away": name == "Bo"}
        for name in NAMES
    ]
    board["people"] = [*board["people"], *made]


def _names(page: Page) -> None:
    _told(_many)(page)
    page.get_by_role("button", name="More").tap()
    expect(page.get_by_role("button", name="Jo", exact=True)).to_be_visible()


def _wish(page: Page) -> None:
    """Somebody pressed a row, and has not said yet who they are."""
    _fresh(page)
    page.get_by_role("button", name="Do it").first.tap()
    expect(page.get_by_role("heading", name="who are you?")).to_be_focused()


def _pin(page: Page) -> None:
    _fresh(page)
    _tap(page, "Ben")


def _wrong(page: Page) -> None:
    _fresh(page)
    page.route(TURNS, _refused(401, "pin_wrong", tries_left=3, until=None))
    _types(page, "Ben")
    expect(page.get_by_role("alert")).to_contain_text("3 more tries")


def _locked(page: Page) -> None:
    _fresh(page)
    page.route(TURNS, _refused(429, "pin_locked", until="2026-11-23T13:26:00+00:00"))
    _types(page, "Ben")
    expect(page.get_by_role("alert")).to_contain_text("Too many wrong PINs")


def _no_pin(page: Page) -> None:
    _fresh(page)
    _tap(page, "Fay")


def _turn(page: Page) -> None:
    _fresh(page)
    _comes(page, "Ben")


def _later_turn(page: Page) -> None:
    _told(in_a_row)(page)
    page.wait_for_load_state("networkidle")
    _comes(page, "Ben")
    page.get_by_role("link", name="Front room ready").first.tap()
    expect(page.get_by_text("Only if").first).to_be_visible()


def _proof(**proof: Any) -> Callable[[Page], None]:
    """Ben's step as if it wanted another kind of proof."""

    def change(board: dict[str, Any]) -> None:
        for step in (each for run in board["runs"] for each in run["steps"]):
            if step["title"] == HIS and step["holder"] and step["holder"]["name"] == "Ben":
                step["proof"] = step["proof"] | proof

    def show(page: Page) -> None:
        _told(change)(page)
        page.wait_for_load_state("networkidle")
        _comes(page, "Ben")
        page.get_by_role("link", name=HIS).first.tap()
        expect(page.locator(".thumb .button.big:not(.quiet)").first).to_be_visible()

    return show


def _offline(page: Page) -> None:
    _fresh(page)
    page.route("**/api/v1/**", lambda route: route.abort())
    _types(page, "Ben")
    expect(page.get_by_text("Unverified until")).to_be_visible(timeout=10_000)


def _undo(page: Page) -> None:
    """What was just done, and whoever did it has gone already; nothing of it is sent."""
    _proof(min_seconds=0)(page)
    page.route("**/api/v1/kiosk/sync", lambda route: route.abort())
    page.get_by_role("button", name="Done", exact=True).tap()
    _tap(page, "Done here")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def _undone(page: Page) -> None:
    """The step stays open for whoever looks next."""
    page.evaluate(
        """() => import("/static/js/store.js").then(({ transact }) =>
          transact(["commands"], "readwrite", async ({ commands }) => commands.clear()))"""
    )


def _away(page: Page) -> None:
    _turn(page)
    page.get_by_role("link", name="I am not here today").tap()
    expect(page.get_by_role("button", name="I am away today")).to_be_visible()


def _idle(page: Page) -> None:
    """Nobody has touched it for a while."""
    page.clock.install()
    _turn(page)
    page.clock.fast_forward(105_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()


def _this_tablet(page: Page) -> None:
    _fresh(page)
    _tap(page, "This tablet")
    expect(page.get_by_text("Version of the app")).to_be_visible()


def _signed_off(page: Page) -> None:
    _fresh(page)
    page.route(BOARD, _refused(401, "kiosk_revoked"))
    page.evaluate("import('/static/js/sync.js').then((sync) => sync.wake())")
    expect(page.get_by_text("This tablet was signed off.")).to_be_visible()
    expect(page.locator(".code")).to_be_visible()


STATES = (
    Shot("kiosk-code", "/kiosk", BARE, _unpaired),
    Shot("kiosk-board", "/kiosk", TABLET, _fresh),
    Shot("kiosk-empty-day", "/kiosk", TABLET, _empty),
    Shot("kiosk-many-names", "/kiosk", TABLET, _names),
    Shot("kiosk-wish", "/kiosk", TABLET, _wish),
    Shot("kiosk-pin", "/kiosk", TABLET, _pin),
    Shot("kiosk-pin-wrong", "/kiosk", TABLET, _wrong),
    Shot("kiosk-pin-locked", "/kiosk", TABLET, _locked),
    Shot("kiosk-no-pin", "/kiosk", TABLET, _no_pin),
    Shot("kiosk-turn", "/kiosk", TABLET, _turn),
    Shot("kiosk-later", "/kiosk", TABLET, _told(one_left)),
    Shot("kiosk-later-turn", "/kiosk", TABLET, _later_turn),
    Shot("kiosk-tap", "/kiosk", TABLET, _proof(min_seconds=0)),
    Shot("kiosk-timed", "/kiosk", TABLET, _proof()),
    Shot("kiosk-photo", "/kiosk", TABLET, _proof(kind="photo")),
    Shot("kiosk-note", "/kiosk", TABLET, _proof(kind="note")),
    Shot("kiosk-signature", "/kiosk", TABLET, _proof(kind="signature")),
    Shot("kiosk-number", "/kiosk", TABLET, _proof(kind="number", unit="°F", min="33", max="41")),
    Shot("kiosk-away", "/kiosk", TABLET, _away),
    Shot("kiosk-offline", "/kiosk", TABLET, _offline),
    Shot("kiosk-tablet", "/kiosk", TABLET, _this_tablet),
    Shot("kiosk-signed-off", "/kiosk", TABLET, _signed_off),
    Shot("kiosk-undo", "/kiosk", TABLET, _undo, _undone),
    Shot("kiosk-idle", "/kiosk", TABLET, _idle),
    Shot("kiosk-signed-in", "/kiosk", "olivia"),
)
# What the pictures of the documentation show of them.
PICTURED = {"kiosk-board", "kiosk-pin", "kiosk-turn", "kiosk-number"}
