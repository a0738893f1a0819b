"""A scan as proof: read by the phone's own reader or by the one that Baton brings, or typed."""

import hashlib

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import NO_CAMERA, open_step

pytestmark = pytest.mark.e2e

# A camera that sees a code on a grey wall, a little turned; `self.aim` chooses the code.
SEES_A_CODE = """(() => {
  const wall = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const pen = wall.getContext("2d");
  let code = null;
  self.aim = async (text) => {
    const { encodeQR } = await import("/static/vendor/qr/index.js");
    code = encodeQR(text, "raw", { border: 4 });
  };
  const draw = () => {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#8a8a80";
    pen.fillRect(0, 0, 1280, 720);
    if (!code) return;
    const cell = 300 / code.length;
    pen.translate(720, 240);
    pen.rotate(0.2);
    code.forEach((row, y) => row.forEach((dark, x) => {
      pen.fillStyle = dark ? "#222" : "#e8e8e0";
      pen.fillRect(x * cell, y * cell, cell + 1, cell + 1);
    }));
  };
  draw();
  setInterval(draw, 50);
  navigator.mediaDevices.getUserMedia = async () => wall.captureStream(20);
})();"""
OWN_READER = """self.BarcodeDetector = class {
  static async getSupportedFormats() { return %s; }
  async detect(video) { self.looked = video.tagName; %s }
};"""


def scan(page: Page) -> None:
    open_step(page, "S5")
    page.get_by_role("button", name="Scan the code").click()
    expect(page.locator("video")).to_be_visible()


def received(server: FakeServer, page: Page) -> dict[str, str]:
    expect(page.locator("[data-step=S5]")).to_contain_text("Received")
    [command] = server.received
    proof: dict[str, str] = command["proof"]
    return proof


def test_the_code_is_read_by_itself_without_a_reader_of_the_phones_own(
    page: Page, server: FakeServer
) -> None:
    page.add_init_script(SEES_A_CODE)
    scan(page)
    assert page.evaluate("() => 'BarcodeDetector' in self") is False
    page.evaluate("() => aim('baton:spot/gate-north-7')")
    assert received(server, page) == {"kind": "scan", "code": "baton:spot/gate-north-7"}
    expect(page.locator("video")).to_have_count(0)


def test_the_brought_reader_is_there_without_a_connection(page: Page, server: FakeServer) -> None:
    page.add_init_script(SEES_A_CODE)
    page.goto("/today")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    expect(page.locator("[data-run=R1]").first).to_be_visible()
    server.way = "down"
    scan(page)
    page.evaluate("() => aim('GATE 7')")
    expect(page.locator("[data-step=S5]")).to_contain_text("Saved on this phone")
    assert not any("vendor" in line for line in server.log[-5:])


def test_the_phones_own_reader_comes_first(page: Page, server: FakeServer) -> None:
    found = "return [{ rawValue: 'GATE 7' }];"
    page.add_init_script(OWN_READER % ('["ean_13", "qr_code"]', found))
    scan(page)
    assert received(server, page)["code"] == "GATE 7"
    assert page.evaluate("() => self.looked") == "VIDEO"


@pytest.mark.parametrize(
    ("formats", "work"),
    [('["ean_13"]', "return [];"), ('["qr_code"]', "throw new Error('service missing');")],
    ids=["reads no such codes", "fails at the first picture"],
)
def test_a_reader_of_the_phone_that_is_no_use_is_replaced(
    page: Page, server: FakeServer, formats: str, work: str
) -> None:
    page.add_init_script(SEES_A_CODE)
    page.add_init_script(OWN_READER % (formats, work))
    scan(page)
    page.evaluate("() => aim('GATE 7')")
    assert received(server, page)["code"] == "GATE 7"


def test_another_spots_code_is_said_at_once_and_the_right_one_still_taken(
    page: Page, server: FakeServer
) -> None:
    check = hashlib.sha256(b"GATE 7").hexdigest()[:2]
    server.step_of("S5")["proof"]["code_check"] = check
    page.add_init_script(SEES_A_CODE)
    scan(page)
    page.evaluate("() => aim('CELLAR 1')")
    expect(page.get_by_role("alert")).to_have_text(
        "This is another spot's code. Scan the one at this spot."
    )
    assert server.received == []
    page.evaluate("() => aim('GATE 7')")
    assert received(server, page)["code"] == "GATE 7"


def test_the_code_is_typed_where_no_camera_is(page: Page, server: FakeServer) -> None:
    server.step_of("S5")["proof"]["code_check"] = hashlib.sha256(b"GATE 7").hexdigest()[:2]
    page.add_init_script(NO_CAMERA)
    open_step(page, "S5")
    page.get_by_role("button", name="Scan the code").click()
    expect(page.get_by_role("alert")).to_contain_text("Type the code instead.")
    page.get_by_role("button", name="Save the code").click()
    expect(page.locator("#app")).to_contain_text("Type the code that is at the spot.")
    page.get_by_label("The code at the spot").fill("CELLAR 1")
    page.get_by_role("button", name="Save the code").click()
    expect(page.locator("#app")).to_contain_text("This is another spot's code.")
    page.get_by_label("The code at the spot").fill(" GATE 7 ")
    page.get_by_role("button", name="Save the code").click()
    assert received(server, page)["code"] == "GATE 7"


def test_leaving_the_camera_for_the_keyboard_lets_it_go(page: Page) -> None:
    page.add_init_script(SEES_A_CODE)
    scan(page)
    track = page.locator("video").evaluate_handle("(v) => v.srcObject.getTracks()[0]")
    page.get_by_role("button", name="Type the code").click()
    expect(page.get_by_label("The code at the spot")).to_be_focused()
    assert track.evaluate("(t) => t.readyState") == "ended"


def test_a_code_that_is_typed_may_differ_in_capital_letters_and_a_scan_may_not(page: Page) -> None:
    page.goto("/today")
    meant = page.evaluate(
        """async () => {
          const { asMeant, isOther } = await import("/static/js/proofs/scan.js");
          const { sha256 } = await import("/static/js/ids.js");
          const code_check = (await sha256(new TextEncoder().encode("GATE-7"))).slice(0, 2);
          const proof = { code_check };
          return [await asMeant("gate-7", proof), await asMeant("GATE-7", proof),
            await asMeant("gate-8", proof), await isOther("gate-7", proof),
            await asMeant("gate-7", {})];
        }"""
    )
    assert meant == ["GATE-7", "GATE-7", "gate-8", True, "gate-7"]
