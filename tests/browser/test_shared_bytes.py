"""The same photo for two steps lies on the phone once: what befalls one claim spares the other."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.facts import opening_check, step
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import QUEUE, WAKE, ready

pytestmark = pytest.mark.e2e

CLAIM = """async ([step_run, person]) => {
  const { enqueue } = await import("/static/js/queue.js");
  const { sha256, uuid } = await import("/static/js/ids.js");
  const bytes = new Uint8Array(1000).fill(7).buffer;
  const hash = await sha256(bytes);
  const proof = { kind: "photo", sha256: hash, bytes: 1000, media_type: "image/jpeg",
    taken_at: new Date().toISOString() };
  const step = { person, run: "R1", step_run, attempt: 1 };
  const command = { id: uuid(), ...step, kind: "complete_step", proof };
  await enqueue(command, { bytes, media_type: "image/jpeg" });
  return hash;
}"""
ENTRIES = """async (person) => {
  const { waiting } = await import("/static/js/queue.js");
  return (await waiting(person)).blobs.map((b) => [b.step_run, b.trouble || null]);
}"""
SPOIL = """async (hash) => {
  const { annotateBlob } = await import("/static/js/settle.js");
  await annotateBlob(hash, { trouble: "Too large for an earlier version." });
}"""
OLD_ROW = """async (hash) => {
  const { read, remove, write } = await import("/static/js/store.js");
  const { claims, ...old } = await read("blobs", hash);
  await write("blobs", old);
  await remove("claims", hash);
}"""


@pytest.fixture
def two_photos(page: Page, server: FakeServer) -> Page:
    opening = opening_check()
    opening["steps"].append(step("S6", 6, "Back room ready", "photo"))
    server.runs = [opening]
    ready(page)
    server.way = "down"
    return page


def claim(page: Page, step_run: str, person: str = "P2") -> Any:
    return page.evaluate(CLAIM, [step_run, person])


@pytest.mark.parametrize("order", [("S1", "S6"), ("S6", "S1")])
def test_a_refused_claim_does_not_stop_the_bytes_of_the_other(
    two_photos: Page, server: FakeServer, order: tuple[str, str]
) -> None:
    hashes = {claim(two_photos, each) for each in order}
    server.reject, server.way = {"S1": "Somebody else did it."}, "ok"
    two_photos.evaluate(WAKE)
    assert list(server.blobs) == list(hashes)
    assert server.step_of("S6")["state"] == "in_review"
    two_photos.goto("/run/R1")
    expect(two_photos.locator("[data-step=S1]")).to_contain_text("Somebody else did it.")
    expect(two_photos.locator("[data-step=S6]")).to_contain_text("Waiting for approval")


def test_a_claim_that_cannot_be_sent_yet_does_not_hold_the_bytes_of_the_other(
    two_photos: Page, server: FakeServer
) -> None:
    claim(two_photos, "S1")
    claim(two_photos, "S6")
    server.poison, server.way = {"S1"}, "ok"
    two_photos.evaluate(WAKE)
    assert two_photos.evaluate(QUEUE) == ["S1"]
    assert server.step_of("S6")["state"] == "in_review"


def test_a_refused_claim_keeps_its_bytes_marked(two_photos: Page, server: FakeServer) -> None:
    claim(two_photos, "S1")
    server.reject, server.way = {"S1": "Somebody else did it."}, "ok"
    two_photos.evaluate(WAKE)
    assert server.puts == []
    assert two_photos.evaluate(ENTRIES, "P2") == [["S1", "Somebody else did it."]]


def test_bytes_that_the_server_says_are_missing_are_sent_again(
    two_photos: Page, server: FakeServer
) -> None:
    sha256 = claim(two_photos, "S1")
    two_photos.evaluate(SPOIL, sha256)
    server.way = "ok"
    two_photos.evaluate(WAKE)
    assert server.step_of("S1")["state"] == "in_review"
    assert two_photos.evaluate(ENTRIES, "P2") == []


def test_another_persons_claim_keeps_the_bytes_here(two_photos: Page, server: FakeServer) -> None:
    claim(two_photos, "S6", "P1")
    claim(two_photos, "S1")
    server.way = "ok"
    two_photos.evaluate(WAKE)
    assert server.step_of("S1")["state"] == "in_review"
    assert two_photos.evaluate(ENTRIES, "P2") == []
    assert two_photos.evaluate(ENTRIES, "P1") == [["S6", None]]


def test_bytes_that_an_earlier_version_kept_are_sent(two_photos: Page, server: FakeServer) -> None:
    sha256 = claim(two_photos, "S1")
    two_photos.evaluate(OLD_ROW, sha256)
    server.way = "ok"
    two_photos.evaluate(WAKE)
    assert server.step_of("S1")["state"] == "in_review"
    assert two_photos.evaluate(ENTRIES, "P2") == []


def test_a_photo_begun_with_another_length_is_sent_from_its_start(
    two_photos: Page, server: FakeServer
) -> None:
    sha256 = claim(two_photos, "S1")
    server.blobs[sha256], server.lengths[sha256] = b"x", 999_999
    server.way = "ok"
    two_photos.evaluate(WAKE)
    assert server.puts == [(0, 1000)]
    assert server.step_of("S1")["state"] == "in_review"
