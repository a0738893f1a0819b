"""One person's Firefox: its pages, and the alerts that real pushes bring up on its screen."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.marionette import (
    NOT_YET,
    By,
    Marionette,
    MarionetteException,
    NoSuchWindowException,
    WebElement,
)
from tests.stack import PATIENCE, until

FIREFOX = os.environ.get("BATON_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
ARGUMENTS = ("--marionette", "--remote-allow-system-access", "--headless", "--no-remote")

# Firefox is driven with preferences of its own that keep it quiet; these are what a test adds.
PREFERENCES: dict[str, Any] = {
    "marionette.port": 0,
    "dom.push.testing.allowInsecureServerURL": True,
    "permissions.default.desktop-notification": 1,
    # Firefox draws the alerts itself: no desktop is there to do it.
    "alerts.useSystemBackend": False,
}
ALERTS = """
const part = (alert, id) => alert.document.getElementById(id);
return [...Services.wm.getEnumerator("alert:alert")].filter((alert) => alert.gIsActive)
  .map((alert) => ({ title: part(alert, "alertTitleLabel").getAttribute("value"),
     body: part(alert, "alertTextLabel").textContent }));
"""
# What its menu does. A signal would end Firefox before it has written the cookies of the last
# seconds to the disk.
QUIT = """
const quit = () => Services.startup.quit(Ci.nsIAppStartup.eAttemptQuit);
Services.tm.dispatchToMainThread(quit);
"""
TITLE = "return document.getElementById('alertTitleLabel')?.getAttribute('value')"
TEXT = "return document.querySelector(arguments[0])?.textContent || ''"


@dataclass(frozen=True)
class Alert:
    """A message as Firefox shows it in a corner of the screen."""

    title: str
    body: str


class Firefox:
    """A Firefox with a profile of its own; it keeps what it has when it is closed and opened again.

    `pushes` is the address of the push service's WebSocket.
    """

    def __init__(self, directory: Path, origin: str, pushes: str) -> None:
        self.origin = origin
        self._home = directory
        self._profile = directory / "profile"
        self._profile.mkdir()
        self._log = directory / "firefox.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._driver: Any = None
        wanted = PREFERENCES | {"dom.push.serverURL": pushes}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in wanted.items()]
        (self._profile / "user.js").write_text("".join(lines))

    def start(self) -> None:
        """Opens Firefox, with an empty page."""
        assert FIREFOX, "Firefox is not here: .ci/setup.sh browser installs it, or says how"
        self._port_file.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [FIREFOX, *ARGUMENTS, "--profile", self._profile],
                env={"PATH": os.environ["PATH"], "HOME": str(self._home)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(self._listens, "Firefox starts")
        self._driver = Marionette(port=int(self._port_file.read_text()))
        self._driver.start_session()
        self._driver.set_pref("dom.push.connection.enabled", True)  # off in a driven Firefox

    def close(self) -> None:
        """Closes Firefox as a person does; what it keeps is on the disk then."""
        if self._process is None:
            return
        try:
            self._quit()
            self._process.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = self._driver = None

    def open(self, path: str) -> None:
        """Goes to this path of the product."""
        self._driver.navigate(f"{self.origin}{path}")

    def forget_session(self) -> None:
        """Loses the cookies of the product, as browsers do that clear them.

        No page of it is open by then: an answer that is on its way would bring the cookie again.
        """
        self.open("/static/icons/icon.svg")
        self._driver.delete_all_cookies()

    def leave(self) -> None:
        """Leaves the product: none of its pages is open any more."""
        self._driver.navigate("about:blank")

    def write(self, label: str, text: str) -> None:
        """Writes into the field with this label."""
        field = f"//input[@id = //label[normalize-space() = {label!r}]/@for]"
        self._at(field, lambda element: element.send_keys(text))

    def press_button(self, name: str) -> None:
        """Presses the button with this name."""
        self._at(f"//button[normalize-space() = {name!r}]", WebElement.click)

    def follow(self, name: str) -> None:
        """Follows the link with this name."""
        self._at(f"//a[normalize-space() = {name!r}]", WebElement.click)

    def until_says(self, words: str, part: str = "#app") -> None:
        """Waits until this part of the page says so."""
        until(lambda: words in self._driver.execute_script(TEXT, [part]), f"{words!r} is said")

    def until_at(self, path: str) -> None:
        """Waits until the page is at this path."""
        until(lambda: self._driver.get_url() == f"{self.origin}{path}", f"{path} is open")

    def alerts(self) -> list[Alert]:
        """All alerts on the screen."""
        with self._driver.using_context("chrome"):
            return [Alert(**each) for each in self._driver.execute_script(ALERTS)]

    def shows(self, title: str) -> Alert:
        """The alert with this title, as soon as it is shown."""
        found: list[Alert] = []

        def look() -> list[Alert]:
            found.extend(each for each in self.alerts() if each.title == title)
            return found

        until(look, f"{title!r} is shown")
        return found[0]

    def press(self, alert: Alert) -> None:
        """Clicks on the alert, with the mouse."""
        page = self._driver.current_chrome_window_handle
        with self._driver.using_context("chrome"):
            self._to_window_of(alert)
            self._driver.find_element(By.ID, "alertTitleLabel").click()
            self._driver.switch_to_window(page, focus=False)

    def opened(self) -> str:
        """Goes to the page of the product that a press has opened; its address."""
        until(self._on_a_page_of_the_product, "a page is opened")
        return str(self._driver.get_url()).removeprefix(self.origin)

    def screen(self) -> str:
        """What is on the page and beside it, for who reads of a failure."""
        if self._driver is None:
            return "Firefox is closed."
        try:
            words = self._driver.execute_script(TEXT, ["body"])
            return f"{self._driver.get_url()}\n{words}\n{self.alerts()}"
        except (OSError, MarionetteException) as error:
            return str(error)

    @property
    def _port_file(self) -> Path:
        return self._profile / "MarionetteActivePort"

    def _listens(self) -> bool:
        ended = self._process is None or self._process.poll() is not None
        assert not ended, f"Firefox has ended:\n{self._log.read_text()}"
        return self._port_file.exists() and bool(self._port_file.read_text())

    def _quit(self) -> None:
        """Asks Firefox to end; it does so in its own time."""
        assert self._process
        if self._driver is None:  # it did not come up
            return self._process.terminate()
        with self._driver.using_context("chrome"):
            self._driver.execute_script(QUIT)
        self._driver.delete_session(send_request=False)
        return None

    def _at(self, path: str, act: Callable[[WebElement], object]) -> None:
        """Does this to the element as soon as it is there and lets it be done."""

        def tried() -> bool:
            with suppress(*NOT_YET):
                act(self._driver.find_element(By.XPATH, path))
                return True
            return False

        until(tried, f"{path} is there")

    def _to_window_of(self, alert: Alert) -> None:
        """Turns to the alert's own window; chrome context."""
        for window in self._driver.chrome_window_handles:
            self._driver.switch_to_window(window, focus=False)
            if self._driver.execute_script(TITLE) == alert.title:
                return
        raise AssertionError(f"{alert} is no longer on the screen")

    def _on_a_page_of_the_product(self) -> bool:
        for window in self._driver.window_handles:
            with suppress(NoSuchWindowException):
                self._driver.switch_to_window(window)
                if self._driver.get_url().startswith(f"{self.origin}/"):
                    return True
        return False
