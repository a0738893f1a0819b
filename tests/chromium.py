"""The Chromium of all browser tests: the one on the PATH, else Playwright's own.

What `launch` takes: WHOLE is the browser as people have it. QUICK is the same without windows; it
starts five times as fast, keeps and runs whatever pages ask for, and shows no notifications.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Playwright, sync_playwright

CHROMIUM = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium")
WHOLE: dict[str, Any] = {"executable_path": CHROMIUM} if CHROMIUM else {"channel": "chromium"}
SHELL = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium-headless-shell")
QUICK: dict[str, Any] = {"executable_path": SHELL} if SHELL else WHOLE
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
