"""The Chromium of all browser tests: the one on the PATH, else Playwright's own."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

CHROMIUM = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium")
ARGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Drives browsers; one for the whole session."""
    with sync_playwright() as started:
        yield started
