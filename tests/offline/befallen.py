"""What befalls the phone itself while somebody works on it. Each returns how often it did."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Thread, Timer
from time import sleep
from typing import TYPE_CHECKING

from playwright.sync_api import Error

from tests.offline import page_scripts as scripts
from tests.offline.house import OPEN
from tests.offline.plan import Scene
from tests.stack import until

if TYPE_CHECKING:
    from tests.offline.play import Player

# A page without scripts, of the same site.
BLANK = "/static/css/tokens.css"
LONGEST_BEFORE_A_KILL = 1.5
CRASHES_WITHIN_MS = 5_000
# After a kill Chromium may keep a version waiting until a page is opened anew.
TAKES_OVER_WITHIN, PAGES_FOR_AN_UPDATE = 20.0, 3
SHIFT = timedelta(hours=9)


def _until_gone(player: "Player") -> None:
    """Lets the browser talk until it is gone; then it is opened again."""
    with suppress(Error):
        while player.phone.pids():
            player.phone.page.wait_for_timeout(20)
    player.phone.bury()
    player.phone.open()


def kill(player: "Player", scene: Scene) -> int:
    """kill -9 at any moment of the work or of the sending."""
    player.begin(scene.jobs)
    killer = Timer(scene.moment * LONGEST_BEFORE_A_KILL, player.phone.kill)
    killer.start()
    _until_gone(player)
    killer.join()
    player.look("after kill -9")
    player.go_on(scene)
    return 1


def kill_in_an_upload(player: "Player", scene: Scene) -> int:
    """kill -9 while bytes are on their way."""
    player.house.proxy.uploading.clear()
    player.begin(scene.jobs)

    def at_the_upload() -> None:
        player.house.proxy.uploading.wait(30)
        sleep(scene.moment / 10)
        player.phone.kill()

    killer = Thread(target=at_the_upload)
    killer.start()
    _until_gone(player)
    killer.join()
    player.look("after kill -9 in an upload")
    player.go_on(scene)
    return 1


def tab_crash(player: "Player", scene: Scene) -> int:
    """The page ends in the middle of its work, and another one is opened."""
    player.begin(scene.jobs)
    phone = player.phone
    phone.page.wait_for_timeout(scene.moment * 300)
    fresh = phone.context.new_page()
    with suppress(Error):  # nobody is left who could answer
        phone.page.goto("chrome://crash", timeout=CRASHES_WITHIN_MS)
    phone.page = fresh
    phone.show("/today")
    player.look("after a crash of the page")
    player.go_on(scene)
    return 1


def worker_update(player: "Player", scene: Scene) -> int:
    """Another version of the app takes over while work waits."""
    proxy, page = player.house.proxy, player.phone.page
    before = page.evaluate(scripts.APP_VERSION)
    player.begin(scene.jobs)
    proxy.version = f"seed{player.plan.seed}n{scene.jobs[0].number}"
    _look_for_update(player)
    player.finish()
    _until_another(player, before)
    player.phone.show("/today")
    player.go_on(scene)
    return 1


def _look_for_update(player: "Player") -> None:
    """A worker that was killed while Chromium wrote it down cannot start: it is fetched anew."""
    for _ in range(3):
        try:
            player.phone.page.evaluate(scripts.LOOK_FOR_UPDATE)
            break
        except Error:
            player.played.figures["workers that Chromium lost in a kill"] += 1
            player.phone.show("/today")


def worker_update_new_major(player: "Player", scene: Scene) -> int:
    """A version that waits until everything is sent."""
    player.house.proxy.major = str(int(player.house.proxy.major or 1) + 1)
    return worker_update(player, scene)


def _until_another(player: "Player", before: str) -> None:
    page = player.phone.page

    def other() -> bool:
        player.phone.wake()
        installing, waiting, _ = page.evaluate(scripts.WORKERS)
        if not installing and not waiting and page.evaluate(scripts.APP_VERSION) == before:
            _look_for_update(player)  # a file did not come, and the version before stayed
        return bool(page.evaluate(scripts.APP_VERSION) != before)

    for _ in range(PAGES_FOR_AN_UPDATE):
        with suppress(AssertionError):
            return until(other, "the other version takes over", within=TAKES_OVER_WITHIN)
        player.played.figures["updates that needed a new page"] += 1
        player.phone.show("/today")
    stands = page.evaluate(scripts.WORKERS)
    raise AssertionError(f"no other version: {stands}, on the phone {player.phone.lies()}")


def schema_bump(player: "Player", scene: Scene) -> int:
    """Another page of a later version changes the database under the work."""
    player.begin(scene.jobs)
    other = player.phone.another_page(BLANK)
    other.evaluate(scripts.BUMP, other.evaluate(scripts.VERSION) + 1)
    other.close()
    player.finish()
    return 1


def schema_rollback(player: "Player", scene: Scene) -> int:
    """The database is of a later version than the app that opens it; the page is loaded again."""
    half = len(scene.jobs) // 2
    other = player.phone.another_page(BLANK)
    player.phone.context.set_offline(True)
    player.work(scene.jobs[:half])
    other.evaluate(scripts.BUMP, other.evaluate(scripts.VERSION) + 5)
    other.close()
    player.phone.context.set_offline(False)
    player.phone.show("/today")
    player.work(scene.jobs[half:])
    return 1


def quota(player: "Player", scene: Scene) -> int:
    """No room: what cannot be saved is refused in words, and done again when there is room."""
    page, before = player.phone.page, len(player.ledger.refused)
    half = max(1, len(scene.jobs) // 2)
    player.phone.context.set_offline(True)
    player.work(scene.jobs[:half])
    page.evaluate(scripts.NO_ROOM)
    player.ledger.had_no_room = True
    player.work(scene.jobs[half:])
    refused = len(player.ledger.refused) - before
    player.phone.context.set_offline(False)
    player.phone.wake()
    player.look("while the phone is full")
    page.evaluate(scripts.ROOM)
    return refused


def dead_handle(player: "Player", scene: Scene) -> int:
    """The handle on the database is closed under the page, again and again."""
    player.begin(scene.jobs)
    for _ in range(5):
        player.phone.page.evaluate(scripts.CLOSE_HANDLES)
        player.phone.page.wait_for_timeout(scene.moment * 100)
    player.finish()
    return 5


def connection_lost(player: "Player", scene: Scene) -> int:
    """What WebKit says when its storage process was ended."""
    player.begin(scene.jobs)
    for _ in range(3):
        player.phone.page.evaluate(scripts.LOSE_CONNECTION)
        player.phone.page.wait_for_timeout(scene.moment * 100)
    player.finish()
    return 3


def two_tabs(player: "Player", scene: Scene) -> int:
    """Two pages work and send at the same time."""
    other = player.phone.another_page()
    half = len(scene.jobs) // 2
    player.begin(scene.jobs[:half])
    other.evaluate(scripts.WORK, player.arguments(scene.jobs[half:]))
    player.finish()
    other.close()
    return 1


def airplane(player: "Player", scene: Scene) -> int:
    """A whole shift without a connection, and a cold start in the dark."""
    phone = player.phone
    phone.context.set_offline(True)
    player.work(scene.jobs)
    phone.close()
    phone.open(offline=True)
    phone.context.clock.install()
    phone.context.clock.fast_forward(SHIFT.seconds * 1000)
    player.house.set_clock(OPEN + SHIFT)
    player.look("after nine hours in the dark")
    phone.context.set_offline(False)
    phone.sign_in()
    phone.wake()
    return 1


BEFALLEN: dict[str, Callable[["Player", Scene], int]] = {
    "kill": kill,
    "kill in an upload": kill_in_an_upload,
    "tab crash": tab_crash,
    "worker update": worker_update,
    "worker update, new major": worker_update_new_major,
    "schema bump": schema_bump,
    "schema rollback": schema_rollback,
    "quota": quota,
    "dead handle": dead_handle,
    "connection lost": connection_lost,
    "two tabs": two_tabs,
    "airplane": airplane,
}
