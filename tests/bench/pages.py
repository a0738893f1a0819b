"""What Lighthouse says of the six main pages on its phone: the median of three runs of each."""

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from e2e.kiosk_states import TABLET
from e2e.screenshots import SHOTS, People, demo
from tests.bench.row import Row
from tests.chromium import ARGS, CHROMIUM

PACKAGE = "lighthouse@13"
TRIES = 3
ATTEMPTS = 3  # its Chromium ends at times before it has answered
GOALS = {"performance": 99, "accessibility": 100, "best-practices": 100}
PAGES = ("front", "today", "run", "inbox", "process")


def measure(directory: Path) -> Iterator[Row]:
    """A row for each page and each of Lighthouse's marks; one that says why there are none."""
    lighthouse = _installed(directory)
    if lighthouse is None:
        yield Row("Lighthouse, mobile", "-", "not measured: no npm", "", "99")
        return
    with demo() as stack:
        for name, url, cookies in list(_opened(stack.url)):
            tries = [_marks(lighthouse, url, cookies) for _ in range(TRIES)]
            for mark, goal in GOALS.items():
                median = statistics.median(each[mark] for each in tries)
                yield Row(f"Lighthouse, mobile, {name}: {mark}", f"{median:.0f}", "", "", str(goal))


def _installed(directory: Path) -> Path | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    directory.mkdir()
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", PACKAGE]
    if subprocess.run(install, cwd=directory, check=False).returncode:
        return None
    return directory / "node_modules/.bin/lighthouse"


def _opened(url: str) -> Iterator[tuple[str, str, str]]:
    """The name and address of each page, and the cookies of who sees it."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        people = People(browser, url)
        for shot in (shot for shot in SHOTS if shot.name in PAGES):
            page = people.page(shot.person)
            page.goto(shot.path)
            shot.before(page)
            yield shot.name, page.url, _cookies(page.context)
        yield "kiosk", f"{url}/kiosk", _cookies(people.page(TABLET).context)
        people.close()
        browser.close()


def _cookies(context: BrowserContext) -> str:
    return "; ".join(f"{each.get('name')}={each.get('value')}" for each in context.cookies())


def _marks(lighthouse: Path, url: str, cookies: str) -> dict[str, float]:
    command = [
        str(lighthouse),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(GOALS)}",
        f"--extra-headers={json.dumps({'Cookie': cookies})}",
        f"--chrome-flags=--headless=new {' '.join(ARGS)}",
    ]
    chrome = {"CHROME_PATH": CHROMIUM} if CHROMIUM else {}
    environment = os.environ | chrome
    for _ in range(ATTEMPTS):
        done = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
        if not done.returncode:
            break
    done.check_returncode()
    said = json.loads(done.stdout)["categories"]
    return {mark: 100 * said[mark]["score"] for mark in GOALS}
