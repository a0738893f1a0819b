"""The offline screens: what they weigh, how fast they are, and what the queue loses."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import offline_peer, offline_speed
from tests.bench.row import Row
from tests.offline import sizes
from tests.offline.house import House


def measure(directory: Path) -> Iterator[Row]:
    """Every row; on SQLite, in the browser of the tests."""
    directory.mkdir()
    published = offline_peer.fetch(directory / "npm")
    with sync_playwright() as playwright, House(directory / "house") as house:
        with house.app.app_context():
            yield from _weights(sizes.measure(house.app))
        yield from offline_speed.rows(offline_speed.Bench(house, playwright, directory))
        beside = offline_peer.Bench(house, playwright, directory, published)
        yield from offline_peer.rows(beside)


def _weights(found: sizes.Sizes) -> Iterator[Row]:
    first, lazy, vendored, worker = (
        sum(each.values()) for each in (found.first, found.lazy, found.vendored, found.worker)
    )
    yield Row(
        "own JavaScript of the offline screens, gzipped",
        _kilobytes(first),
        f"{len(found.first)} modules of today and run; {_kilobytes(lazy)} more when it is needed",
        "",
        "<= 25 KB",
        f"the QR reader, where the browser has none: {_kilobytes(vendored)} more",
    )
    yield Row("service worker, gzipped", _kilobytes(worker), "", "", "<= 6 KB")


def _kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} KB"
