"""A photo as proof: in the page, from the phone's camera app, and over the end of the page."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import NO_CAMERA, drafts, killed, open_step, sent, until_draft
from tests.stack import until

pytestmark = pytest.mark.e2e
Open = Callable[[], BrowserContext]

ME = """async () => {
  const { me } = await import("/static/js/day.js");
  return (await me())?.person.id;
}"""
CAMERAS = """() => {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  window.opened = 0;
  mediaDevices.getUserMedia = (wanted) => ((window.opened += 1), open(wanted));
}"""
TORCH = """(() => {
  const { prototype } = MediaStreamTrack;
  prototype.getCapabilities = () => ({ torch: true });
  window.asked = [];
  prototype.applyConstraints = async (wanted) => { window.asked.push(wanted.advanced[0].torch); };
})();"""


def camera_app_photo(width: int = 1200, height: int = 900) -> bytes:
    """A picture as a phone's camera app writes it: with time, offset and place."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    tags = Image.Exif()
    tags.get_ifd(0x8769).update({0x9003: "2026:11:23 06:12:07", 0x9011: "+01:00"})
    tags.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 7.0)})
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=tags, quality=90)
    assert Image.open(io.BytesIO(file.getvalue())).getexif().get_ifd(0x8825)
    return file.getvalue()


def jpeg(content: bytes) -> FilePayload:
    return {"name": "IMG_0042.jpg", "mimeType": "image/jpeg", "buffer": content}


def test_a_photo_that_was_taken_and_not_used_outlives_the_page(
    open_browser: Open, server: FakeServer, tmp_path: Path
) -> None:
    page = open_browser().pages[0]
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("button", name="Use this photo")).to_be_visible()
    until_draft(page, "d.length > 1000")
    [kept] = drafts(page)

    page = killed(open_browser, tmp_path)
    page.goto("/today")
    notice = page.get_by_text(re.compile(r"^The photo of \d\d:\d\d for Front room ready is not"))
    notice.get_by_role("link", name="Go on with it").click()
    expect(page.get_by_role("status").filter(has_text="Taken at")).to_have_text(
        re.compile(r"^Taken at \d\d:\d\d\. Use it or take it again\.$")
    )
    assert server.received == []
    page.get_by_role("button", name="Use this photo").click()
    proof, content = sent(server, page, "S1")
    assert (proof["sha256"], proof["taken_at"]) == (kept["sha256"], kept["taken_at"])
    assert max(Image.open(io.BytesIO(content)).size) <= 1600
    assert drafts(page) == []


def test_a_photo_can_be_taken_again(page: Page, server: FakeServer) -> None:
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Take it").click()
    until_draft(page, "d.sha256")
    [first] = drafts(page)
    page.get_by_role("button", name="Take it again").click()
    page.get_by_role("button", name="Take it", exact=True).click()
    page.get_by_role("button", name="Use this photo").click()
    proof, _ = sent(server, page, "S1")
    # Not by its content: a camera begun anew may show the same picture at the same moment.
    assert proof["taken_at"] > first["taken_at"]


def test_a_photo_taken_again_with_two_presses_opens_one_camera(page: Page) -> None:
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Take it").click()
    page.evaluate(CAMERAS)
    page.get_by_role("button", name="Take it again").dblclick()
    expect(page.locator("video")).to_be_visible()
    assert page.evaluate("window.opened") == 1


def test_the_light_is_offered_only_where_the_camera_has_one(page: Page) -> None:
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    expect(page.locator("video")).to_be_visible()
    expect(page.get_by_role("button", name="Light")).to_have_count(0)
    page.get_by_role("button", name="Close the camera").click()

    page.evaluate(TORCH)
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Light on").click()
    page.get_by_role("button", name="Light off").click()
    expect(page.get_by_role("button", name="Light on")).to_be_visible()
    assert page.evaluate("window.asked") == [True, False]


def test_a_closed_camera_is_let_go(page: Page) -> None:
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    track = page.locator("video").evaluate_handle("(v) => v.srcObject.getTracks()[0]")
    assert track.evaluate("(t) => t.readyState") == "live"
    page.get_by_role("button", name="Close the camera").click()
    assert track.evaluate("(t) => t.readyState") == "ended"


def test_the_camera_apps_photo_keeps_its_time_and_loses_its_place(
    page: Page, server: FakeServer
) -> None:
    page.add_init_script(NO_CAMERA)
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    expect(page.get_by_text("The camera of this device opens instead.")).to_be_visible()
    page.locator("input[capture=environment]").set_input_files(jpeg(camera_app_photo(4032, 3024)))
    page.get_by_role("button", name="Use this photo").click()
    proof, content = sent(server, page, "S1")
    assert datetime.fromisoformat(proof["taken_at"]) == datetime(2026, 11, 23, 5, 12, 7, tzinfo=UTC)
    picture = Image.open(io.BytesIO(content))
    assert picture.size == (1600, 1200)
    assert not picture.getexif()
    assert b"Exif" not in content


def test_the_camera_app_opens_only_after_it_is_written_down_and_a_dead_page_leads_back(
    open_browser: Open, server: FakeServer, tmp_path: Path
) -> None:
    page = open_browser().pages[0]
    page.add_init_script(NO_CAMERA)
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    expect(page.locator("input[capture]")).to_be_attached()
    [kept] = drafts(page)
    assert (kept["run"], kept["step_run"], kept["kind"]) == ("R1", "S1", "photo")
    assert kept["camera_at"]

    page = killed(open_browser, tmp_path)
    page.add_init_script(NO_CAMERA)
    page.goto("/today")  # where the installed app opens
    page.wait_for_url("**/run/R1#S1")
    expect(page.get_by_role("alert")).to_have_text(
        re.compile(
            r"^The camera was opened at \d\d:\d\d, and its photo did not arrive\. "
            r"Take the photo again\.$"
        )
    )
    page.locator("input[capture]").set_input_files(jpeg(camera_app_photo()))
    page.get_by_role("button", name="Use this photo").click()
    sent(server, page, "S1")
    page.goto("/today")
    expect(page.locator("[data-run=R1]").first).to_be_visible()
    assert page.url.endswith("/today")


def test_a_photo_that_comes_back_to_another_step_is_kept_for_its_own(page: Page) -> None:
    page.add_init_script(NO_CAMERA)
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    page.locator("input[capture]").evaluate("(input) => { window.camera = input; }")
    page.evaluate("location.hash = 'S3'")
    expect(page.get_by_label("Note")).to_be_visible()
    page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 30 });
          canvas.getContext("2d");
          const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
          const given = new DataTransfer();
          given.items.add(new File([blob], "late.jpg", { type: "image/jpeg" }));
          window.camera.files = given.files;
          window.camera.dispatchEvent(new Event("change"));
        }"""
    )
    until_draft(page, "d.step_run === 'S1' && d.length > 0")
    expect(page.get_by_label("Note")).to_be_visible()
    page.evaluate("location.hash = 'S1'")
    expect(page.get_by_text("Use it or take it again.")).to_be_visible()


def test_nobody_is_shown_what_another_person_began(page: Page, server: FakeServer) -> None:
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Take it").click()
    until_draft(page, "d.person === 'P2' && d.length > 1000")
    server.person = {"id": "P1", "name": "Ana", "role": "staff"}
    open_step(page, "S1")
    until(lambda: page.evaluate(ME) == "P1", "Ana is signed in")
    page.reload()
    expect(page.get_by_role("button", name="Take the photo")).to_be_visible()
    expect(page.get_by_text("Taken at")).to_have_count(0)


def test_a_file_that_is_no_picture_is_said_at_once(page: Page) -> None:
    page.add_init_script(NO_CAMERA)
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    page.locator("input[capture]").set_input_files(jpeg(b"this is no picture"))
    expect(page.get_by_role("alert")).to_have_text(
        "This picture cannot be read here. Take it with the camera."
    )
    expect(page.get_by_role("button", name="Take the photo")).to_be_visible()
