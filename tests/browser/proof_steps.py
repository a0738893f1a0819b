"""What the tests of proofs share: a step open on the page, a page that dies, what was kept."""

import contextlib
import hashlib
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.fake_server import FakeServer
from tests.stack import until

DRAFTS = """async () => {
  const { readAll } = await import("/static/js/store.js");
  const all = await readAll("drafts");
  return all.map(({ bytes, ...rest }) => ({ ...rest, length: bytes?.byteLength }));
}"""
NO_CAMERA = """navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error("refused"));"""


def open_step(page: Page, step: str) -> None:
    """The step is open on the page, and its run is on this phone."""
    page.goto("/today")
    expect(page.locator("[data-run=R1]").first).to_be_visible()
    page.goto(f"/run/R1#{step}")
    expect(page.locator(f"section[data-step={step}]")).to_be_visible()


def drafts(page: Page) -> list[dict[str, Any]]:
    """What was begun on this phone, whoever began it."""
    found: list[dict[str, Any]] = page.evaluate(DRAFTS)
    return found


def until_draft(page: Page, test: str) -> None:
    """Waits until a draft is kept for which this JavaScript expression of `d` is true."""
    found = f"async () => (await ({DRAFTS})()).some((d) => {test})"
    until(lambda: page.evaluate(found), f"a draft with {test}")


def killed(open_browser: Callable[[], BrowserContext], directory: Path) -> Page:
    """Kills the browser of the test, whose directory this is; a page of the one opened next."""
    for process in _browser_of(directory):
        os.kill(process, signal.SIGKILL)
    return open_browser().pages[0]


def _browser_of(directory: Path) -> list[int]:
    """The browser's process, and the shell script that started it where one waits for it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            mine = any(f"--user-data-dir={directory}" in word for word in words)
            if mine and not any(word.startswith("--type=") for word in words):
                found.append(int(process.name))
    assert found, "the browser of this test runs"
    return found


def sent(server: FakeServer, page: Page, step: str) -> tuple[dict[str, Any], bytes]:
    """The one proof that the server has for the step, and its bytes, which are the ones told of."""
    expect(page.locator(f"[data-step={step}]")).to_contain_text("Received", timeout=PATIENCE_MS)
    expect(page.locator("#light")).to_contain_text("Safe on the server", timeout=PATIENCE_MS)
    [proof] = [c["proof"] for c in server.received if c["step_run"] == step]
    content = server.blobs[proof["sha256"]]
    assert hashlib.sha256(content).hexdigest() == proof["sha256"]
    assert proof["bytes"] == len(content)
    return proof, content
