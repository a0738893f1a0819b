"""Making a photo small never makes a tap wait, and what its tags say is read without them."""

import io
import json
import struct
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import open_step

pytestmark = pytest.mark.e2e

NO_WORKER = "delete self.OffscreenCanvas;"
DEAD_WORKER = "self.Worker = class { constructor() { throw new Error('refused'); } };"
SHRINK = """async () => {
  const { fromFile } = await import("/static/js/photo.js");
  performance.mark("shrinking");
  const { bytes } = await fromFile(document.querySelector("#big").files[0]);
  const { width, height } = await createImageBitmap(new Blob([bytes]));
  return [width, height];
}"""
TAKEN = """async (bytes) => {
  const { takenAt } = await import("/static/js/exif.js");
  return takenAt(new Uint8Array(bytes).buffer)?.toISOString() ?? null;
}"""


def twelve_megapixels() -> bytes:
    noise = Image.effect_noise((1008, 756), 60).resize((4032, 3024)).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=88)
    return file.getvalue()


def longest_task_ms(trace: bytes) -> float:
    """The most work that the page did in one go, during which a tap would have waited.

    Processor time of the page's main thread: what else the machine is busy with does not count.
    """
    events = json.loads(trace)["traceEvents"]
    [page] = {each["pid"] for each in events if each["name"] == "shrinking"}
    [main] = [
        each["tid"]
        for each in events
        if each["name"] == "thread_name"
        and each["pid"] == page
        and each["args"]["name"] == "CrRendererMain"
    ]
    tasks = [
        each["tdur"] / 1000
        for each in events
        if (each["pid"], each["tid"]) == (page, main)
        and each["name"].endswith("::RunTask")
        and "tdur" in each
    ]
    assert len(tasks) > 10
    return float(max(tasks))


@pytest.mark.parametrize("way", ["", NO_WORKER, DEAD_WORKER], ids=["worker", "page", "refused"])
def test_shrinking_twelve_megapixels_blocks_no_tap(
    browser: Browser, server: FakeServer, way: str
) -> None:
    page = browser.new_page(base_url=server.url)
    page.add_init_script(way)
    open_step(page, "S3")
    page.evaluate(
        """() => document.body.append(
          Object.assign(document.createElement("input"), { type: "file", id: "big" }))"""
    )
    photo: Any = {"name": "big.jpg", "mimeType": "image/jpeg", "buffer": twelve_megapixels()}
    page.locator("#big").set_input_files(photo)
    browser.start_tracing(page=page, categories=["toplevel", "blink.user_timing"])
    size = page.evaluate(SHRINK)
    longest = longest_task_ms(browser.stop_tracing())
    page.close()
    assert size == [1600, 1200]
    assert longest <= 50


def test_a_frame_of_the_camera_is_made_small_in_the_worker_too(page: Page) -> None:
    page.add_init_script(
        """self.jobs = [];
        const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (job, ...rest) {
          self.jobs.push(job.source.constructor.name);
          return postMessage.call(this, job, ...rest);
        };"""
    )
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_role("button", name="Use this photo")).to_be_visible()
    assert page.evaluate("() => self.jobs") == ["ImageBitmap"]


def tagged(order: str, taken: bytes, offset: bytes | None) -> bytes:
    """A JPEG's beginning whose Exif has these times, in this byte order."""
    e = "<" if order == "II" else ">"
    tags = [(0x9003, 2, 20, taken + b"\0")]
    if offset is not None:
        tags.append((0x9011, 2, 7, offset + b"\0"))
    data_at = 26 + 2 + 12 * len(tags) + 4
    directory, data = struct.pack(e + "H", len(tags)), b""
    for tag, kind, count, text in tags:
        directory += struct.pack(e + "HHII", tag, kind, count, data_at + len(data))
        data += text
    tiff = order.encode() + struct.pack(e + "HI", 42, 8)
    tiff += struct.pack(e + "HHHIII", 1, 0x8769, 4, 1, 26, 0) + directory + b"\0" * 4 + data
    body = b"Exif\0\0" + tiff
    filler = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF".ljust(14, b"\0")
    return b"\xff\xd8" + filler + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (tagged("II", b"2026:11:23 06:12:07", b"+01:00"), "2026-11-23T05:12:07.000Z"),
        (tagged("MM", b"2026:11:23 06:12:07", b"-05:30"), "2026-11-23T11:42:07.000Z"),
        (tagged("MM", b"0000:00:00 00:00:00", b"+01:00"), None),
        (tagged("II", b"2026:11:23 06:12:07", b"+01:00")[:60], None),
        (b"\xff\xd8\xff\xdb\0\0", None),
        (b"\x89PNG", None),
        (b"", None),
    ],
    ids=["little", "big", "no time", "cut", "no tags", "no JPEG", "nothing"],
)
def test_the_time_is_read_from_the_tags(page: Page, head: bytes, expected: str | None) -> None:
    page.goto("/today")
    assert page.evaluate(TAKEN, list(head)) == expected


def test_a_time_without_an_offset_is_the_phones_own(page: Page) -> None:
    page.goto("/today")
    taken = page.evaluate(TAKEN, list(tagged("II", b"2026:11:23 06:12:07", None)))
    assert taken == page.evaluate("() => new Date('2026-11-23T06:12:07').toISOString()")
