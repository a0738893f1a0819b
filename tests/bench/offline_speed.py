"""How fast the offline screens are in a real browser, slowed down where it says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from PIL import Image
from playwright.sync_api import CDPSession, Page, Playwright

from tests.bench import offline_scripts as scripts
from tests.bench.row import Row, percentile
from tests.offline.house import House, World
from tests.offline.phone import Phone

SLOW_DOWN = 4
COLD_STARTS, TAPS, SAVES, SHRINKS = 7, 15, 20, 5
COMMANDS, PHOTOS = 300, 60
STEPS_IN_THE_LIST = 200
TWELVE_MEGAPIXELS = (4000, 3000)


@dataclass(frozen=True)
class Bench:
    """Where phones are made."""

    house: House
    playwright: Playwright
    directory: Path

    def phone(self, name: str, kinds: list[str]) -> Phone:
        """A new organisation's phone, open and in charge of its page."""
        world: World = self.house.world(name, kinds)
        profile = self.directory / name
        phone = Phone(self.playwright, self.house.stack.url, profile, world, lambda _told: None)
        phone.open()
        phone.wake()
        return phone


def rows(bench: Bench) -> Iterator[Row]:
    """Each figure beside its goal."""
    yield cold_start(bench)
    yield tap_to_paint(bench)
    yield from saved(bench)
    yield shrinking(bench)
    yield draining(bench)


def slowed(phone: Phone) -> CDPSession:
    """The page on a processor that is so many times slower."""
    cdp = phone.context.new_cdp_session(phone.page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
    return cdp


def cold_start(bench: Bench) -> Row:
    """A browser process that has just started, without a connection: until the list is there."""
    phone = bench.phone("Cold", ["note"] * 20 + ["photo"] * 4)
    phone.close()
    taken = [_one_cold_start(phone) for _ in range(COLD_STARTS)]
    return Row(
        f"cold start in the dark to a usable list, CPU {SLOW_DOWN}x slower",
        f"{median(taken):.0f} ms",
        f"worst of {COLD_STARTS}: {max(taken):.0f} ms",
        "",
        "<= 800 ms",
    )


def _one_cold_start(phone: Phone) -> float:
    phone.launch(offline=True)
    phone.context.add_init_script(scripts.NOTE_LIST)
    slowed(phone)
    phone.page.goto("/today")
    phone.page.wait_for_function("() => self.listed")
    taken = float(phone.page.evaluate("() => self.listed"))
    phone.close()
    return taken


def tap_to_paint(bench: Bench) -> Row:
    """A press on one of 200 steps, until the next paint, and until the step is open."""
    phone = bench.phone("List", ["note"] * STEPS_IN_THE_LIST)
    phone.context.set_offline(True)
    phone.page.goto(f"/run/{phone.world.run}")
    phone.page.wait_for_selector("ol.steps a")
    phone.page.evaluate(scripts.WATCH_PAINTS)
    slowed(phone)
    opened = [_tap(phone.page, 10 + 9 * n) for n in range(TAPS)]
    painted = phone.page.evaluate("() => self.paints")
    phone.close()
    return Row(
        f"tap to paint on a list of {STEPS_IN_THE_LIST} steps, CPU {SLOW_DOWN}x slower, p95",
        f"{percentile(painted, 0.95):.0f} ms",
        f"until the other step is open and painted: median {median(opened):.0f} ms",
        "",
        "<= 50 ms",
    )


def _tap(page: Page, number: int) -> float:
    page.evaluate(scripts.NOTE_OPENED)
    page.locator("ol.steps a").nth(number).click()
    page.wait_for_function("() => self.opened")
    return float(page.evaluate("() => self.opened"))


def saved(bench: Bench) -> Iterator[Row]:
    """A press on "Use this photo" until the page says that it lies safely on this phone."""
    phone = bench.phone("Saved", ["photo"] * (SAVES + 1))
    phone.context.set_offline(True)
    phone.page.goto(f"/run/{phone.world.run}")
    phone.page.evaluate(scripts.NO_CAMERA)
    picture = camera_picture()
    taken = [_save(phone.page, picture) for _ in range(SAVES)]
    phone.close()
    yield Row(
        '"Saved" after the tap, 12 MP photo shrunk before, p95',
        f"{percentile(taken, 0.95):.0f} ms",
        f"median {median(taken):.0f} ms",
        "",
        "<= 100 ms",
    )


def _save(page: Page, picture: bytes) -> float:
    page.locator("#thumb").get_by_role("button", name="Take the photo").click()
    chosen: Any = {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.locator("#thumb input[type=file]").set_input_files(chosen)
    use = page.locator("#thumb").get_by_role("button", name="Use this photo")
    use.wait_for()
    page.evaluate(scripts.NOTE_SAVED)
    use.click()
    page.wait_for_function("() => self.saved")
    return float(page.evaluate("() => self.saved"))


def shrinking(bench: Bench) -> Row:
    """The longest time in which the page could not have answered a tap, while 12 MP are shrunk."""
    phone = bench.phone("Shrink", ["photo"])
    page, picture = phone.page, camera_picture()
    quiet = float(page.evaluate(scripts.LONGEST_GAP, None))
    page.evaluate(scripts.PLACE_FOR_A_FILE)
    chosen: Any = {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.locator("#bench-file").set_input_files(chosen)
    gaps = [float(page.evaluate(scripts.LONGEST_GAP, "#bench-file")) for _ in range(SHRINKS)]
    phone.close()
    return Row(
        "longest wait of a tap while 12 MP are shrunk, worst",
        f"{max(gaps):.0f} ms",
        f"median of {SHRINKS}: {median(gaps):.0f} ms; as long without any work: {quiet:.0f} ms",
        "",
        "<= 50 ms",
    )


def draining(bench: Bench) -> Row:
    """A shift's work that goes to the server at once."""
    kinds = ["photo"] * PHOTOS + ["note"] * (COMMANDS - PHOTOS)
    phone = bench.phone("Drain", kinds)
    phone.context.set_offline(True)
    steps = [[step.id, step.kind] for step in phone.world.steps]
    phone.page.evaluate(scripts.FILL, [steps, phone.world.person, phone.world.run])
    phone.context.set_offline(False)
    came = phone.page.evaluate(scripts.DRAIN)
    left = phone.lies()
    phone.close()
    assert not any(left.values()), f"{len(left['commands'])} commands did not go"
    return Row(
        f"draining {COMMANDS} commands and {PHOTOS} photos on loopback",
        f"{came['ms'] / 1000:.1f} s",
        f"commands away after {came['commands'] / 1000:.1f} s, {came['batches']} batches for them",
        "",
        "<= 5 s",
        f"{came['requests']} requests in all; photos of {came['bytes'] // PHOTOS // 1000} KB each",
    )


def camera_picture() -> bytes:
    """A JPEG of 12 megapixels, with as much in it as a camera gives."""
    random = Random(12)
    small = Image.frombytes("RGB", (500, 375), random.randbytes(500 * 375 * 3))
    picture = BytesIO()
    small.resize(TWELVE_MEGAPIXELS, Image.Resampling.BICUBIC).save(picture, "JPEG", quality=90)
    return picture.getvalue()
