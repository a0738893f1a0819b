"""The same check-offs through the same bad line: Baton's queue beside workbox-background-sync."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

from playwright.sync_api import Error, Playwright

from tests.bench import offline_peer_scripts as scripts
from tests.bench.row import Row
from tests.offline import page_scripts
from tests.offline.checks import facts_of
from tests.offline.house import House
from tests.offline.ledger import Ledger
from tests.offline.phone import Phone
from tests.offline.plan import Job

PACKAGE = "workbox-background-sync@7"
PARTS = ("workbox-core", "workbox-background-sync")
CHECK_OFFS, PHOTOS = 20, 4
KINDS = ["note"] * (CHECK_OFFS - PHOTOS) + ["photo"] * PHOTOS
# What the line does to so many requests in a row as soon as there is a connection again.
STRIKES = {
    "500 before": 8,
    "500 after": 8,
    "401": 8,
    "truncated": 8,
    "captive portal": 8,
    "reset": 3,
}
KILL = "kill -9 while it sends"
ROUNDS = 12
BEFORE_A_KILL = 0.9


@dataclass(frozen=True)
class Bench:
    """Where both are played."""

    house: House
    playwright: Playwright
    directory: Path
    scripts: dict[str, bytes] | None


def fetch(directory: Path) -> dict[str, bytes] | None:
    """The peer's own files as it is published; None where there is no npm or no registry."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    directory.mkdir()
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", PACKAGE]
    if subprocess.run(install, cwd=directory, check=False).returncode:
        return None
    built = {name: directory / f"node_modules/{name}/build/{name}.prod.js" for name in PARTS}
    return {name: path.read_bytes() for name, path in built.items()}


def rows(bench: Bench) -> Iterator[Row]:
    """What each lost, fault by fault, and in all."""
    lost_here = lost_there = 0
    for fault in (*STRIKES, KILL):
        ours = _ours(bench, fault)
        theirs = _theirs(bench, fault) if bench.scripts else 0
        lost_here, lost_there = lost_here + ours, lost_there + theirs
        yield _row(f"lost of {CHECK_OFFS} check-offs, {fault}", ours, theirs, bench)
    total = CHECK_OFFS * (len(STRIKES) + 1)
    yield _row(f"lost of {total} check-offs in all", lost_here, lost_there, bench)


def _row(what: str, ours: int, theirs: int, bench: Bench) -> Row:
    peer = f"workbox-background-sync {theirs}" if bench.scripts else "not measured: no npm"
    return Row(what, str(ours), peer, "", "0")


def _ours(bench: Bench, fault: str) -> int:
    ledger = Ledger()
    phone = _phone(bench, f"Ours{_slug(fault)}", ledger.told)
    jobs = [Job(n, n - 1, kind, f"Words {n}", n, 480, 0) for n, kind in enumerate(KINDS, start=1)]
    world = phone.world
    ledger.expect((job, world.steps[job.step].id) for job in jobs)
    told = [job.told(world.steps[job.step].id) for job in jobs]
    phone.context.set_offline(True)
    phone.page.evaluate(page_scripts.WORK, [told, world.person, world.run])
    _back(bench, phone, fault, phone.wake, lambda: any(phone.lies().values()))
    phone.close()
    saved = {(each.id, each.sha256) for each in ledger.promises.values()}
    return _lost(bench, phone, saved)


def _theirs(bench: Bench, fault: str) -> int:
    phone = _phone(bench, f"Theirs{_slug(fault)}", lambda _told: None)
    scripts.serve(bench.house.proxy, bench.scripts or {})
    phone.page.goto("/peer/")
    phone.page.evaluate(scripts.CONTROLLED)
    phone.context.set_offline(True)
    steps = [[step.id, step.kind] for step in phone.world.steps]
    saved = {(each[0], each[1]) for each in phone.page.evaluate(scripts.WORK, steps)}

    def replay() -> None:
        phone.page.goto("/peer/")
        phone.page.evaluate(scripts.REPLAY)

    def waits() -> bool:
        return bool(phone.page.evaluate(scripts.WAITING))

    _back(bench, phone, fault, replay, waits)
    phone.close()
    return _lost(bench, phone, saved)


def _phone(bench: Bench, name: str, told: Callable[[dict[str, Any]], None]) -> Phone:
    world = bench.house.world(name, KINDS)
    profile = bench.directory / name
    phone = Phone(bench.playwright, bench.house.proxy.url, profile, world, told)
    phone.open()
    return phone


def _slug(fault: str) -> str:
    return hashlib.sha256(fault.encode()).hexdigest()[:6]


def _back(
    bench: Bench, phone: Phone, fault: str, send: Callable[[], None], waits: Callable[[], bool]
) -> None:
    """The connection is there again, and bad; then it is good, until nothing waits any more."""
    proxy = bench.house.proxy
    if fault == KILL:
        proxy.arm("slow line", 100)
        phone.context.set_offline(False)
        _send_and_die(phone, send)
    else:
        proxy.arm(fault, STRIKES[fault])
        phone.context.set_offline(False)
        for _ in range(2 * STRIKES[fault]):
            if proxy.is_armed() and waits():
                send()
    proxy.disarm()
    for _ in range(ROUNDS):
        send()
        if not waits():
            return


def _send_and_die(phone: Phone, send: Callable[[], None]) -> None:
    killer = Timer(BEFORE_A_KILL, phone.kill)
    killer.start()
    with suppress(Error):
        send()
        while phone.pids():
            phone.page.wait_for_timeout(20)
    killer.join()
    phone.bury()
    phone.open()


def _lost(bench: Bench, phone: Phone, saved: set[tuple[str, str | None]]) -> int:
    """Of what was called saved: the check-offs whose words or whose photo are not there."""
    assert len(saved) == CHECK_OFFS, saved
    with bench.house.inside() as session:
        facts = facts_of(session, phone.world.org_id)
    whole = {each for each, blob in facts.blobs.items() if blob.completed_at}
    kept = [1 for each, photo in saved if each in facts.commands and photo in {None, *whole}]
    return CHECK_OFFS - len(kept)
