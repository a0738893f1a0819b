"""Ana's phone: a real Chromium that keeps its storage, and that can be killed like a process."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from tests.chromium import ARGS, CHROMIUM
from tests.offline import page_scripts as scripts
from tests.offline.house import World
from tests.stack import until

PASSWORD = "correct horse battery"
PATIENCE_MS = 60_000
TRIES = 3
SIZE: Any = {"width": 390, "height": 844}

# What the page tells of each job: {job, id, seq, sha256} or {job, refused}.
Told = Callable[[dict[str, Any]], None]


class Phone:
    """Opened, killed and opened again on the same storage. `page` is its first page."""

    def __init__(
        self, playwright: Playwright, url: str, profile: Path, world: World, told: Told
    ) -> None:
        self._playwright = playwright
        self._told = told
        self.url = url
        self.profile = profile
        self.world = world
        self.joined = False
        self._cookies: list[Any] = []
        self.context: BrowserContext
        self.page: Page

    def open(self, *, offline: bool = False) -> None:
        """Starts the browser and opens today's page, signed in when there is a connection."""
        self.launch(offline=offline)
        if not offline:
            self.sign_in()
        self.show("/today")

    def launch(self, *, offline: bool = False) -> None:
        """Starts the browser; its page is empty."""
        self.context = self._playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=ARGS,
            headless=True,
            viewport=SIZE,
            base_url=self.url,
            permissions=["camera", "notifications"],
            offline=offline,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.expose_function("told", self._told)
        self.context.add_init_script(scripts.REMEMBER_HANDLES)
        self.page = self.context.pages[0]

    def sign_in(self) -> None:
        """By the invitation; after a kill with the cookie that the browser had not kept yet."""
        asking = self.context.request
        self.context.add_cookies(self._cookies)
        if asking.get("/api/v1/today").ok:
            return
        form: dict[str, str | float | bool] = {"password": PASSWORD}
        path = "/sign-in" if self.joined else "/join"
        form |= {"email": self.world.email} if self.joined else {"secret": self.world.secret}
        answer = asking.post(path, form=form, max_redirects=0)
        assert answer.status == 303, (path, answer.status, answer.text()[:500])
        self.joined = True
        self._cookies = self.context.cookies()

    def show(self, path: str) -> None:
        """Opens a page of the product, under its service worker as soon as that can start."""
        for _ in range(TRIES):
            self.page.goto(path)
            if self.page.evaluate(scripts.CONTROLLED):
                return

    def another_page(self, path: str = "/today") -> Page:
        """A second tab."""
        page = self.context.new_page()
        page.goto(path)
        return page

    def kill(self) -> None:
        """kill -9 of the browser and of every process of it."""
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def bury(self) -> None:
        """After a kill: until nothing of the browser is left."""
        until(lambda: not self.pids(), "the browser is gone")
        with suppress(Error):
            self.context.close()
        for lock in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.profile / lock).unlink(missing_ok=True)

    def close(self) -> None:
        """Closes the browser as a person does."""
        with suppress(Error):
            self.context.close()
        self.kill()

    def pids(self) -> list[int]:
        """The processes of this browser: those that name its own directory."""
        mine = f"--user-data-dir={self.profile}".encode()
        return [pid for pid in _processes() if mine in _command_line(pid)]

    def lies(self) -> dict[str, list[str]]:
        """The ids of the commands and the hashes of the bytes that lie here now."""
        lying: dict[str, list[str]] = self.page.evaluate(scripts.LIES)
        return lying

    def wake(self) -> None:
        """Sends now, as a press on the light does, and waits until that round is over."""
        self.page.evaluate(scripts.WAKE)


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def _command_line(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
