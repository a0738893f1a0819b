"""How a step should look: fetched ahead, shown in the dark, given up when no run needs it."""

import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.device import kept
from tests.browser.device import photo as take
from tests.browser.facts import iso, opening_check, run, step
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE, ready
from tests.browser.test_storage import FULL, FULL_ONCE
from tests.day import photo

pytestmark = pytest.mark.e2e
Open = Callable[[], BrowserContext]

ALT = "Chairs down, floor clear"
SHOWN = "img => img.complete && img.naturalWidth > 0"
HOLDS = """(many) => new Promise((done) => {
  const look = async () => {
    const { readAll } = await import("/static/js/store.js");
    const pictures = await readAll("pictures");
    if (pictures.length === many) done(pictures.map((p) => p.sha256));
    else setTimeout(look, 50);
  };
  look();
})"""

COMES = """(name) => new Promise((done) => {
  const look = async () => {
    const { read } = await import("/static/js/store.js");
    if (await read("pictures", name)) done();
    else setTimeout(look, 50);
  };
  look();
})"""

FETCH = """async () => {
  const { keepPictures } = await import("/static/js/pictures.js");
  await keepPictures().catch(() => undefined);
}"""
NO_ESTIMATE = "navigator.storage.estimate = async () => ({});"


def asked_for(server: FakeServer, sha256: str) -> int:
    return server.log.count(f"GET /api/v1/blobs/{sha256}")


def picture(server: FakeServer, colour: str = "white") -> dict[str, str]:
    content = photo(colour)
    sha256 = hashlib.sha256(content).hexdigest()
    server.blobs[sha256] = content
    return {"sha256": sha256, "alt": ALT}


@pytest.fixture
def shown(server: FakeServer) -> dict[str, str]:
    """The picture of the first step of this morning's run, as today's list names it."""
    first = picture(server)
    server.runs[0]["steps"][0]["picture"] = first
    server.runs[0]["steps"][0]["instructions"] = "From the door."
    return first


def test_the_picture_is_shown_after_a_cold_start_in_the_dark(
    open_browser: Open, server: FakeServer, shown: dict[str, str]
) -> None:
    phone = open_browser()
    ready(phone.pages[0])
    assert phone.pages[0].evaluate(HOLDS, 1) == [shown["sha256"]]
    phone.close()
    server.way = "down"

    page = open_browser().pages[0]
    page.goto("/run/R1#S1")
    expect(page.locator(".instructions")).to_have_text("From the door.")
    image = page.get_by_role("img", name=ALT)
    expect(image).to_be_visible()
    assert image.evaluate(SHOWN)
    assert page.get_by_role("button", name="Show larger").bounding_box()["height"] >= 48


def test_the_picture_is_shown_larger_and_closed_by_key(
    page: Page, server: FakeServer, shown: dict[str, str]
) -> None:
    ready(page)
    page.goto("/run/R1#S1")
    page.get_by_role("button", name=ALT).focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name=ALT)
    expect(sheet.get_by_role("img", name=ALT)).to_be_visible()
    page.keyboard.press("Enter")
    expect(sheet).to_have_count(0)
    expect(page.get_by_role("button", name=ALT)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_a_picture_that_did_not_come_is_said_and_tried_again(
    page: Page, server: FakeServer, shown: dict[str, str]
) -> None:
    content = server.blobs.pop(shown["sha256"])
    ready(page)
    page.goto("/run/R1#S1")
    place = page.locator(".reference")
    expect(place).to_contain_text(f"How it should look: {ALT}")
    expect(place).to_contain_text("The picture comes with the next connection.")
    server.blobs[shown["sha256"]] = content
    page.evaluate(WAKE)
    expect(page.get_by_role("img", name=ALT)).to_be_visible()


def test_what_is_needed_first_is_fetched_first_and_what_nobody_needs_goes(
    page: Page, server: FakeServer, shown: dict[str, str]
) -> None:
    later = picture(server, "red")
    tomorrow = step("T1", 1, "Front room ready", "photo", run="R2", picture=later)
    server.runs.insert(0, run("R2", "Tomorrow's check", [tomorrow], deadline_at=iso(1500)))
    ready(page)
    page.evaluate(HOLDS, 2)
    fetched = [line for line in server.log if line.startswith("GET /api/v1/blobs/")]
    wanted = [f"GET /api/v1/blobs/{each['sha256']}" for each in (shown, later)]
    assert fetched == wanted
    page.evaluate(WAKE)
    server.runs = [opening_check()]
    page.evaluate(WAKE)
    page.evaluate(HOLDS, 0)
    assert [line for line in server.log if line.startswith("GET /api/v1/blobs/")] == wanted


def test_no_picture_is_fetched_on_a_phone_that_is_nearly_full(
    page: Page, server: FakeServer, shown: dict[str, str]
) -> None:
    page.add_init_script(
        "navigator.storage.estimate = async () => ({ usage: 1e9 - 4e7, quota: 1e9 });"
    )
    ready(page)
    page.goto("/run/R1#S1")
    expect(page.locator(".reference")).to_contain_text("comes with the next connection")
    page.evaluate(WAKE)
    assert kept(page, "pictures") == []
    assert not [line for line in server.log if line.startswith("GET /api/v1/blobs/")]


def test_on_a_full_phone_a_new_picture_drives_out_no_other_and_is_asked_for_once(
    page: Page, server: FakeServer, shown: dict[str, str]
) -> None:
    page.add_init_script(NO_ESTIMATE)
    ready(page)
    page.evaluate(HOLDS, 1)
    page.evaluate(FULL, "pictures")
    later = picture(server, "red")
    tomorrow = step("T1", 1, "Front room ready", "photo", run="R2", picture=later)
    server.runs.append(run("R2", "Tomorrow's check", [tomorrow], deadline_at=iso(1500)))
    for _ in range(3):
        page.evaluate(WAKE)
        page.evaluate(FETCH)
    assert [row["sha256"] for row in kept(page, "pictures")] == [shown["sha256"]]
    assert asked_for(server, later["sha256"]) == 1


def test_pictures_that_made_room_for_work_are_not_fetched_into_it_again(
    page: Page, server: FakeServer, shown: dict[str, str]
) -> None:
    page.add_init_script(NO_ESTIMATE)
    ready(page)
    page.evaluate(HOLDS, 1)
    server.sync_way = "down"
    page.evaluate(FULL_ONCE)
    take(page)
    page.evaluate(HOLDS, 0)
    for _ in range(3):
        page.evaluate(WAKE)
        page.evaluate(FETCH)
    assert kept(page, "pictures") == []
    assert asked_for(server, shown["sha256"]) == 1


def test_what_is_needed_last_gives_way_when_there_are_too_many(
    page: Page, server: FakeServer
) -> None:
    """Sixty megabytes are for pictures: two of these, whichever are needed first."""
    names = []
    for number in range(3):
        content = bytes([number]) * (29 * 1024 * 1024)
        names.append(hashlib.sha256(content).hexdigest())
        server.blobs[names[-1]] = content
        first = step(f"T{number}", 1, "Room", "note", picture={"sha256": names[-1], "alt": ALT})
        server.runs.append(run(f"D{number}", "Check", [first], deadline_at=iso(1000 + number)))
    ready(page)
    assert set(page.evaluate(HOLDS, 2)) == {names[0], names[1]}
    server.runs[-1]["deadline_at"] = iso(900)
    page.evaluate(WAKE)
    page.evaluate(COMES, names[2])
    assert set(page.evaluate(HOLDS, 2)) == {names[0], names[2]}


def test_pictures_go_with_the_sign_out(
    page: Page, server: FakeServer, shown: dict[str, str]
) -> None:
    ready(page)
    page.evaluate(HOLDS, 1)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert kept(page, "pictures") == []
