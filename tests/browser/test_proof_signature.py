"""A signature as proof: by hand or typed, and never an empty box."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.facts import step
from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import drafts, open_step, sent, until_draft

pytestmark = pytest.mark.e2e


@pytest.fixture
def server(server: FakeServer) -> FakeServer:
    server.runs[0]["steps"].append(step("S6", 6, "Handed to the night shift", "signature"))
    return server


def stroke(page: Page, *points: tuple[float, float]) -> None:
    """One stroke over the pad, by parts of its width."""
    pad = page.locator("canvas")
    width = pad.evaluate("(pad) => pad.getBoundingClientRect().width")
    for number, (x, y) in enumerate(points):
        pad.hover(position={"x": x * width, "y": y * width})  # it waits until the pad stands still
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def ink(content: bytes) -> tuple[int, int, int, int] | None:
    """Where the picture is dark, as left, top, right, bottom."""
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "PNG"
    assert picture.getextrema()[-1] == (255, 255) or picture.mode == "RGB"  # nothing is clear
    return picture.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()


def test_a_signature_by_hand_is_a_dark_picture_on_white(page: Page, server: FakeServer) -> None:
    open_step(page, "S6")
    stroke(page, (0.1, 0.2), (0.5, 0.4), (0.9, 0.2))
    page.get_by_role("button", name="Save the signature").click()
    proof, content = sent(server, page, "S6")
    assert (proof["kind"], proof["media_type"]) == ("signature", "image/png")
    left, top, right, bottom = ink(content) or (0, 0, 0, 0)
    width = Image.open(io.BytesIO(content)).width
    assert abs(left / width - 0.1) < 0.02
    assert abs(right / width - 0.9) < 0.02
    assert abs(top / width - 0.2) < 0.02
    assert 0.3 < bottom / width < 0.42
    assert drafts(page) == []


def test_an_empty_box_or_a_slip_is_no_signature(page: Page, server: FakeServer) -> None:
    open_step(page, "S6")
    for _ in range(2):
        page.get_by_role("button", name="Save the signature").click()
        expect(page.get_by_role("alert")).to_have_text(
            "Sign in the box, or type your name instead."
        )
        stroke(page, (0.5, 0.3), (0.5, 0.301))
    page.get_by_role("button", name="Type the name instead").click()
    page.get_by_role("button", name="Save the signature").click()
    expect(page.locator("#app")).to_contain_text("Type your name.")
    assert server.received == []


def test_strokes_are_taken_back_one_by_one_or_all(page: Page) -> None:
    open_step(page, "S6")
    undo = page.get_by_role("button", name="Undo the last stroke")
    clear = page.get_by_role("button", name="Clear")
    expect(undo).to_be_disabled()
    stroke(page, (0.1, 0.2), (0.3, 0.3))
    stroke(page, (0.4, 0.2), (0.6, 0.3))
    stroke(page, (0.7, 0.2), (0.8, 0.3))
    until_draft(page, "d.strokes?.length === 3")
    undo.click()
    until_draft(page, "d.strokes?.length === 2")
    clear.click()
    until_draft(page, "d.strokes?.length === 0")
    expect(undo).to_be_disabled()
    expect(clear).to_be_disabled()


def test_a_name_is_typed_by_keyboard_alone_and_the_picture_shows_it(
    page: Page, server: FakeServer
) -> None:
    open_step(page, "S6")
    page.get_by_role("button", name="Type the name instead").press("Enter")
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Ben Carter with a name that is longer than the picture is wide")
    page.get_by_role("button", name="Save the signature").press("Enter")
    _, content = sent(server, page, "S6")
    box = ink(content)
    assert box
    picture = Image.open(io.BytesIO(content))
    assert 0.03 < box[0] / picture.width < 0.1
    assert box[2] < picture.width * 0.96
    typed = picture.crop((0, int(picture.height * 0.72), picture.width, picture.height))
    edge = io.BytesIO()
    typed.save(edge, "PNG")
    assert ink(edge.getvalue())  # "typed" stands below the name


def test_a_begun_signature_is_there_when_the_page_opens_again(
    open_browser: Open, server: FakeServer
) -> None:
    phone = open_browser()
    open_step(phone.pages[0], "S6")
    stroke(phone.pages[0], (0.1, 0.2), (0.9, 0.3))
    until_draft(phone.pages[0], "d.strokes?.length === 1")
    phone.close()
    page = open_browser().pages[0]
    open_step(page, "S6")
    expect(page.get_by_role("button", name="Undo the last stroke")).to_be_enabled()
    page.get_by_role("button", name="Save the signature").click()
    sent(server, page, "S6")


def test_the_pad_is_sharp_at_any_pixel_ratio(page: Page) -> None:
    cdp = page.context.new_cdp_session(page)
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 3, "mobile": True}
    cdp.send("Emulation.setDeviceMetricsOverride", metrics)
    open_step(page, "S6")
    page.wait_for_function(
        """() => {
          const pad = document.querySelector("canvas");
          return pad && pad.width === Math.round(pad.clientWidth * 3);
        }"""
    )
