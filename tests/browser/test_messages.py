"""Messages in a real service worker: every push is shown, and its buttons act on what was seen."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Worker, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.device import until_true
from tests.browser.facts import BEN, iso
from tests.browser.fake_server import FakeServer

pytestmark = [pytest.mark.e2e, pytest.mark.notifications]

LOOK_EVERY_MS = 20

# getNotifications while one is being shown makes Chromium forget it, so the worker keeps a list.
REMEMBER = """() => {
  const show = self.registration.showNotification.bind(self.registration);
  self.shown = [];
  self.registration.showNotification = async (title, options) => {
    await show(title, options);
    self.shown.push({ title, ...options });
  };
}"""
PRESS = """([action, data]) => {
  const press = new Event("notificationclick");
  const notification = { data, close() {} };
  self.dispatchEvent(Object.assign(press, { action, notification, waitUntil() {} }));
}"""
MESSAGE = """{"id": "M1", "kind": "review", "title": "Front room ready", "body": "Ben, 07:09",
 "url": "/approve/S1", "tag": "S1", "image": null, "step_run": "S1", "seen": "e1",
 "actions": [{"action": "approve", "title": "Approve"},
             {"action": "send_back", "title": "Send back"}]}"""

TIME_FLIES = """() => {
  const real = self.setTimeout;
  self.setTimeout = (work) => real(work, 0);
}"""

Deliver = Callable[[str], None]
Shown = Callable[[int], list[dict[str, Any]]]


@pytest.fixture
def deliver(page: Page, phone: BrowserContext, server: FakeServer) -> Deliver:
    """Hands a push to the service worker, as the browser would."""
    page.goto("/today")
    expect(page.locator("[data-run=R1]")).to_be_visible()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    worker_of(phone).evaluate(REMEMBER)
    cdp = phone.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    registered = "ServiceWorker.workerRegistrationUpdated"
    cdp.on(registered, lambda e: found.extend(e["registrations"]))
    cdp.send("ServiceWorker.enable")
    expect(page.locator("#light")).to_contain_text("Safe")

    def push(data: str) -> None:
        registration = wait_for(page, lambda: found, "a service worker is there")[-1]
        target = {"origin": server.url, "registrationId": registration["registrationId"]}
        cdp.send("ServiceWorker.deliverPushMessage", target | {"data": data})

    return push


@pytest.fixture
def shown(page: Page, phone: BrowserContext) -> Shown:
    """Waits until so many notifications were shown, and returns them."""

    def all_shown() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = worker_of(phone).evaluate("() => self.shown")
        return found

    def wait(count: int) -> list[dict[str, Any]]:
        wait_for(page, lambda: len(all_shown()) >= count, f"{count} notifications are shown")
        return all_shown()

    return wait


def wait_for(page: Page, condition: Callable[[], Any], what: str) -> Any:
    """What the condition gives, as soon as it gives something."""
    for _ in range(PATIENCE_MS // LOOK_EVERY_MS):
        if given := condition():
            return given
        page.wait_for_timeout(LOOK_EVERY_MS)
    raise AssertionError(f"{what}: it did not happen")


def worker_of(phone: BrowserContext) -> Worker:
    return phone.service_workers[0]


def wait_for_post(page: Page, server: FakeServer, path: str) -> Any:
    def posted() -> list[Any]:
        return [data for where, data in server.posts if where == path]

    return wait_for(page, posted, f"something is posted to {path}")[-1]


def test_a_push_is_shown_and_its_arrival_reported(
    page: Page, server: FakeServer, deliver: Deliver, shown: Shown
) -> None:
    deliver(MESSAGE)
    [said] = shown(1)
    assert (said["title"], said["body"], said["tag"]) == ("Front room ready", "Ben, 07:09", "S1")
    assert [each["action"] for each in said["actions"]] == ["approve", "send_back"]
    receipt = wait_for_post(page, server, "receipts")
    assert (receipt["message"], receipt["event"]) == ("M1", "reached")
    assert receipt["device"] == page.evaluate(
        'async () => (await import("/static/js/ids.js")).deviceId()'
    )


@pytest.mark.parametrize("data", ["", "not json", '{"kind": "handoff"}'])
def test_a_push_that_cannot_be_read_still_shows(deliver: Deliver, shown: Shown, data: str) -> None:
    deliver(data)
    [said] = shown(1)
    assert (said["title"], said["body"]) == ("Baton", "Open to see what is yours.")


PHOTO = "/api/v1/blobs/abc?size=page"


def with_photo() -> str:
    return json.dumps(json.loads(MESSAGE) | {"image": PHOTO})


def test_a_push_with_a_photo_shows_it(server: FakeServer, deliver: Deliver, shown: Shown) -> None:
    server.blobs["abc"] = b"a picture"
    deliver(with_photo())
    [said] = shown(1)
    assert said["image"] == PHOTO


@pytest.mark.parametrize("way", ["stalled", "down", "signed_out"])
def test_a_photo_that_does_not_come_holds_no_push_back(
    phone: BrowserContext, server: FakeServer, deliver: Deliver, shown: Shown, way: str
) -> None:
    worker_of(phone).evaluate(TIME_FLIES)
    server.way = way
    deliver(with_photo())
    [said] = shown(1)
    assert (said["title"], said.get("image")) == ("Front room ready", None)


def test_approve_on_the_notification_names_the_proof_that_was_seen(
    page: Page, phone: BrowserContext, server: FakeServer, deliver: Deliver, shown: Shown
) -> None:
    server.review = {"step_run": "S1"}
    deliver(MESSAGE)
    [said] = shown(1)
    worker_of(phone).evaluate(PRESS, ["approve", said["data"]])
    decision = wait_for_post(page, server, "reviews/S1")
    assert decision == {"decision": "approve", "seen": "e1", "reason": None}
    approved = shown(2)[1]
    assert approved["title"] == "Approved."
    assert [each["action"] for each in approved["actions"]] == ["undo"]
    worker_of(phone).evaluate(PRESS, ["undo", approved["data"]])
    assert shown(3)[2]["title"] == "Taken back. Open to decide."


def test_approve_on_a_stale_notification_says_that_the_photo_was_replaced(
    page: Page, phone: BrowserContext, server: FakeServer, deliver: Deliver, shown: Shown
) -> None:
    server.review_problem = {"code": "proof_replaced", "detail": "Look at the new one."}
    deliver(MESSAGE)
    [said] = shown(1)
    worker_of(phone).evaluate(PRESS, ["approve", said["data"]])
    wait_for_post(page, server, "reviews/S1")
    replaced = shown(2)[1]
    assert replaced["title"] == "The photo was replaced. Look again."
    assert replaced["data"]["url"] == "/approve/S1"


def review(**more: Any) -> dict[str, Any]:
    captured = {"device": iso(-5), "estimated": iso(-5), "received": iso(-5), "trust": "live"}
    proof = {"kind": "note", "evidence": "e1", "sha256": None, "value": None, "text": "All clear"}
    plain = {
        "step_run": "S1", "run": "R1", "title": "Front room ready", "process": "Opening check",
        "location": "Downtown", "time_zone": "Europe/Paris", "requirement": {}, "attempt": 1,
        "state": "in_review", "by": BEN, "took_over_from": None, "next": "S2", "decided": None,
        "proof": proof | {"captured": captured, "notes": []}, "position": 1, "of": 2,
    }  # fmt: skip
    return plain | more


def test_the_page_approves_exactly_the_proof_on_the_screen(page: Page, server: FakeServer) -> None:
    server.review = review()
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("All clear")
    expect(page.locator("#over")).to_have_text("Proof to review, 1 of 2")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#app")).to_contain_text("Approved by Mara")
    expect(page.get_by_role("link", name="Next proof")).to_have_attribute("href", "/approve/S2")
    [(_, decision)] = [post for post in server.posts if post[0] == "reviews/S1"]
    assert decision == {"decision": "approve", "seen": "e1", "reason": None}


def test_sending_back_from_the_notification_asks_for_a_reason(
    page: Page, server: FakeServer
) -> None:
    server.review = review()
    page.goto("/approve/S1?do=send_back")
    page.get_by_role("button", name="Send back").click()
    expect(page.locator("#app")).to_contain_text("Write a reason, so that it can be done right.")
    page.get_by_label("What should Ben do again?").fill("The floor is not in it")
    page.get_by_role("button", name="Send back").click()
    expect(page.locator("#app")).to_contain_text("Sent back by Mara")
    posted = wait_for_post(page, server, "reviews/S1")
    assert posted["reason"] == "The floor is not in it"


def test_what_was_decided_on_the_page_can_be_taken_back(page: Page, server: FakeServer) -> None:
    server.review = review()
    page.goto("/approve/S1")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#app")).to_contain_text("Approved by")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#app")).to_contain_text("Taken back. The proof waits for you again.")
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_after_a_reload_a_decision_can_still_be_taken_back(page: Page, server: FakeServer) -> None:
    server.review = review()
    page.goto("/approve/S1")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.reload()
    expect(page.locator("#app")).to_contain_text("Approved by")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#app")).to_contain_text("Taken back. The proof waits for you again.")
    expect(page.locator("#over")).to_have_text("Proof to review, 1 of 2")


def test_a_decision_is_offered_for_exactly_as_long_as_the_server_says(
    page: Page, server: FakeServer
) -> None:
    page.clock.install()
    server.review = review()
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("All clear")
    server.undo_until = iso(1)
    page.get_by_role("button", name="Approve").click()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    page.clock.run_for(40_000)
    expect(undo).to_be_visible()
    page.clock.run_for(25_000)
    expect(undo).to_have_count(0)


def test_of_who_may_not_take_it_back_nothing_is_asked(page: Page, server: FakeServer) -> None:
    server.review, server.undo_until = review(), None
    page.goto("/approve/S1")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#app")).to_contain_text("Approved by")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_what_is_decided_is_not_headed_as_still_to_review(page: Page, server: FakeServer) -> None:
    server.review = review()
    page.goto("/approve/S1")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#app")).to_contain_text("Approved by")
    expect(page.locator("#over")).to_be_hidden()


def test_a_proof_that_is_not_in_the_queue_has_no_position(page: Page, server: FakeServer) -> None:
    server.review = review(position=0)
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("All clear")
    expect(page.locator("#over")).to_have_text("Proof to review")


def test_a_replaced_proof_is_shown_anew_and_not_approved(page: Page, server: FakeServer) -> None:
    server.review = review()
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("All clear")
    server.review = review(proof=server.review["proof"] | {"evidence": "e2", "text": "Look again"})
    server.review_problem = {"code": "proof_replaced", "detail": "Look at the new one."}
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#app")).to_contain_text("The proof was replaced meanwhile.")
    expect(page.locator("#app")).to_contain_text("Look again")
    server.review_problem = None
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#app")).to_contain_text("Approved by Mara")
    assert [d["seen"] for p, d in server.posts if p == "reviews/S1"] == ["e1", "e2"]


def test_a_photo_that_did_not_load_cannot_be_approved(page: Page, server: FakeServer) -> None:
    photo = {"kind": "photo", "sha256": "a" * 64, "evidence": "e1", "captured": {}, "notes": []}
    server.review = review(proof=photo)
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("The photo could not be loaded.")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("good", "For Ana, staff at Little Oaks."),
        ("old", "This invitation was used or has expired. Ask for a new one."),
        ("", "Open the link of your invitation again: its last part is missing."),
    ],
)
def test_an_invitation_leaves_the_address_bar_at_once(page: Page, secret: str, words: str) -> None:
    page.goto(f"/join#{secret}")
    expect(page.locator("#join-words")).to_have_text(words)
    assert page.url.endswith("/join")
    assert page.locator("#join-secret").input_value() == secret


@pytest.fixture
def in_spanish(page: Page, server: FakeServer) -> None:
    """This phone speaks Spanish from its first page on."""
    server.words = {"es": {"Open to see what is yours.": "Abre para ver lo tuyo."}}
    cookie = {"name": "baton-language", "value": "es", "url": server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


LANGUAGE = """async () => {
  const { read } = await import("/static/js/store.js");
  return (await read("meta", "language")) === "es";
}"""


@pytest.mark.usefixtures("in_spanish")
def test_what_the_worker_says_by_itself_is_said_in_the_language_of_its_pages(
    page: Page, deliver: Deliver, shown: Shown
) -> None:
    until_true(page, LANGUAGE)
    deliver("not json")
    [said] = shown(1)
    assert (said["title"], said["body"]) == ("Baton", "Abre para ver lo tuyo.")
