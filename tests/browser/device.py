"""What the tests of the device core do on a phone, and ask of it."""

import json
from typing import Any

from playwright.sync_api import Error, Page

from tests.stack import until

NOTE = """async ([step_run, person, words]) => {
  const { enqueue } = await import("/static/js/queue.js");
  const { announce } = await import("/static/js/sync.js");
  const { uuid } = await import("/static/js/ids.js");
  const step = { id: uuid(), person, run: "R1", step_run, attempt: 1 };
  const proof = { kind: "note", text: words };
  const kept = await enqueue({ ...step, kind: "complete_step", proof }, null);
  announce();
  return kept;
}"""
PHOTO = """async ([step_run, person, size, seed]) => {
  const { enqueue } = await import("/static/js/queue.js");
  const { announce } = await import("/static/js/sync.js");
  const { sha256, uuid } = await import("/static/js/ids.js");
  const bytes = new Uint8Array(size).fill(seed).buffer;
  const hash = await sha256(bytes);
  const proof = { kind: "photo", sha256: hash, bytes: size, media_type: "image/jpeg",
    taken_at: new Date().toISOString() };
  const step = { id: uuid(), person, run: "R1", step_run, attempt: 1 };
  await enqueue({ ...step, kind: "complete_step", proof }, { bytes, media_type: "image/jpeg" });
  announce();
  return hash;
}"""
LIES = """async () => {
  const { everything } = await import("/static/js/kept.js");
  const { commands, blobs } = await everything();
  return [commands.map((c) => c.step_run), blobs.map((b) => b.sha256)];
}"""


def until_true(page: Page, script: str, arg: Any = None) -> None:
    """Waits until the promise of `script` gives true, over every reload of the page.

    `page.wait_for_function` takes a promise itself for a yes, and so waits for nothing.
    """

    def now() -> bool:
        try:
            return page.evaluate(script, arg) is True
        except Error as error:
            if "navigation" not in error.message:
                raise
            return False

    until(now, script)


def note(page: Page, step_run: str = "S3", person: str = "P2", words: str = "All clear") -> Any:
    """Saves a note on the phone, as a press of "Save the note" does; nothing is sent yet."""
    return page.evaluate(NOTE, [step_run, person, words])


def photo(
    page: Page, step_run: str = "S1", person: str = "P2", size: int = 1000, seed: int = 7
) -> Any:
    """Saves a photo of so many bytes on the phone; returns its sha256."""
    return page.evaluate(PHOTO, [step_run, person, size, seed])


def lying(page: Page) -> tuple[list[str], list[str]]:
    """The steps whose commands, and the hashes whose bytes, are on the phone."""
    commands, blobs = page.evaluate(LIES)
    return commands, blobs


def kept(page: Page, store: str) -> Any:
    """Everything in one store."""
    words = json.dumps(store)
    load = 'const { readAll } = await import("/static/js/store.js");'
    return page.evaluate(f"async () => {{ {load} return readAll({words}); }}")
