"""A photo that looks like an earlier one is judged with both on the screen."""

from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser.facts import BEN, iso
from tests.browser.fake_server import FakeServer
from tests.browser.test_messages import review
from tests.likeness.shots import by_hand, handed_in_again

LIKE = {
    "kind": "alike", "rotated": False, "at": "2026-11-21T06:10:00Z", "location": "Kitchen",
    "time_zone": "Europe/Paris", "step_run": "S0", "title": "Fridge clean",
    "process": "Opening check", "by": BEN, "sha256": "a" * 64,
}  # fmt: skip
WORDS = "Looks like the photo of 07:10 on 21 November, Kitchen, by Ben. Look at both."

# At one moment: what loads above may move both.
BOXES = "(all) => all.map((each) => each.getBoundingClientRect())"


def alike(server: FakeServer, **more: Any) -> None:
    """The server has two photos, and a review that is about both."""
    server.blobs |= {"a" * 64: by_hand(0), "b" * 64: handed_in_again("cut by 10 %")}
    plain = review(title="Fridge clean", location="Kitchen")
    plain["proof"] |= {"kind": "photo", "text": None, "sha256": "b" * 64, "state": "current"}
    plain["proof"]["notes"] = ["photo_like_before"]
    server.review = plain | {"like": LIKE | more}


def test_both_photos_are_side_by_side_with_what_is_to_be_done(
    page: Page, server: FakeServer
) -> None:
    alike(server)
    page.clock.set_fixed_time("2026-11-30T08:00:00Z")
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text(WORDS)
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()
    now, earlier = page.locator(".pair .photo").evaluate_all(BOXES)
    assert (now["y"], now["width"]) == (earlier["y"], earlier["width"])
    assert now["x"] + now["width"] <= earlier["x"]
    assert "has proved another" not in page.locator("#app").inner_text()


def test_nothing_is_approved_before_both_photos_are_there(page: Page, server: FakeServer) -> None:
    alike(server)
    waiting: list[Route] = []
    page.route(f"**/{'a' * 64}*", lambda route: waiting.append(route))
    page.goto("/approve/S1")
    expect(page.locator(".pair img").first).to_have_js_property("complete", True)
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    waiting[0].continue_()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_an_earlier_photo_that_cannot_be_loaded_is_said(page: Page, server: FakeServer) -> None:
    alike(server)
    page.route(f"**/{'a' * 64}*", lambda route: route.abort())
    page.goto("/approve/S1")
    expect(page.get_by_text("The earlier photo could not be loaded.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_a_photo_can_be_looked_at_larger(page: Page, server: FakeServer) -> None:
    alike(server)
    page.goto("/approve/S1")
    earlier = page.locator(".pair .photo").nth(1)
    before = earlier.bounding_box()
    earlier.get_by_role("button", name="Larger").click()
    after = earlier.bounding_box()
    assert before
    assert after
    assert after["width"] > 1.8 * before["width"]


def test_the_same_photo_and_a_turned_one_are_called_so(page: Page, server: FakeServer) -> None:
    alike(server, kind="same", rotated=True, at=iso(-5))
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("The same photo as that of")
    expect(page.locator("#app")).to_contain_text("One of them is turned or mirrored.")


def test_the_picture_of_how_it_should_look_is_called_so(page: Page, server: FakeServer) -> None:
    alike(server)
    server.review["proof"]["notes"] = ["photo_of_reference"]
    server.review["like"] = None
    page.goto("/approve/S1")
    words = "This is the picture of how it should look, not a photo of today."
    expect(page.locator("#app")).to_contain_text(words)
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_a_photo_of_a_place_that_is_not_mine_is_left_to_the_owner(
    page: Page, server: FakeServer
) -> None:
    hidden = dict.fromkeys(("step_run", "title", "process", "by", "sha256"))
    alike(server, **hidden)
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("Ask the owner to look at both.")
    expect(page.locator(".pair")).to_have_count(0)
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


SENT_BACK = {
    "by": {"id": "P9", "name": "Mara"}, "at": "2026-11-30T07:25:00Z",
    "reason": "Chairs are missing.", "kind": "photo", "captured_at": "2026-11-30T07:20:00Z",
    "sha256": "a" * 64,
}  # fmt: skip


def test_a_photo_that_was_sent_back_stands_beside_the_new_one_with_the_reason(
    page: Page, server: FakeServer
) -> None:
    alike(server)
    assert server.review
    server.review |= {"like": None, "sent_back": SENT_BACK}
    server.review["proof"]["notes"] = []
    page.clock.set_fixed_time("2026-11-30T08:00:00Z")
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("Sent back by Mara, 08:25. “Chairs are missing.”")
    _new, old = page.locator(".pair .photo").all()
    expect(old).to_contain_text("Earlier: 08:20")
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_words_that_were_sent_back_are_judged_with_the_reason(
    page: Page, server: FakeServer
) -> None:
    server.review = review(sent_back=SENT_BACK | {"kind": "note", "sha256": None})
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("“Chairs are missing.”")
    expect(page.locator("#app")).to_contain_text("All clear")
    expect(page.locator(".pair")).to_have_count(0)
