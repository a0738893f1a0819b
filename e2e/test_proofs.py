"""A step closes only with its proof: each kind in a real browser, against the real server."""

import json
import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect
from sqlalchemy import select

from e2e.daycare import NOTE, NUMBER, PASSWORD, PHOTO, TIMED, Daycare
from webapp.models import Blob, Proof, StepRun
from webapp.services import pictures
from webapp.services.blobs import stored_path

SIGNATURE = "{title: Handed to the night shift, proof: signature}"
FILE = "{title: Delivery note, proof: file}"
SCAN = "{title: Gate latch, proof: scan, scan_code: GATE 7}"
# What the camera sees: a grey wall, and on it the code that `self.aim` chose.
SEES_A_CODE = """(() => {
  const wall = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const pen = wall.getContext("2d");
  let code = null;
  self.aim = async (text) => {
    const { encodeQR } = await import("/static/vendor/qr/index.js");
    code = encodeQR(text, "raw", { border: 4, scale: 8 });
  };
  setInterval(() => {
    pen.fillStyle = "#8a8a80";
    pen.fillRect(0, 0, 1280, 720);
    pen.fillStyle = "#fff";
    if (code) pen.fillRect(400, 100, code.length, code.length);
    pen.fillStyle = "#111";
    const dot = (dark, x, y) => dark && pen.fillRect(400 + x, 100 + y, 1, 1);
    code?.forEach((row, y) => row.forEach((dark, x) => dot(dark, x, y)));
  }, 100);
  navigator.mediaDevices.getUserMedia = async () => wall.captureStream(10);
})();"""


class Gate:
    """Holds back what the page sends to the server until it is opened."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] = []
        self._is_open = False
        page.route("**/api/v1/sync", self._arrives)

    def open(self) -> None:
        self._is_open = True
        while self._held:
            self._held.pop().continue_()

    def _arrives(self, route: Route) -> None:
        if self._is_open:
            route.continue_()
        else:
            self._held.append(route)


def stored_picture(daycare: Daycare, step: StepRun) -> tuple[Blob, bytes]:
    """What the server keeps of the photo that proves the step."""
    with daycare.stack.database() as session:
        proof = session.get_one(Proof, step.proof_id)
        blob = session.get_one(Blob, (step.org_id, proof.blob_sha256))
    assert blob.stored_sha256 is not None
    kept = stored_path(daycare.stack.settings.blob_dir, blob)
    return blob, pictures.sized(kept, "page").read_bytes()


def take_photo(page: Page, after: float = 0) -> None:
    """Takes what the camera shows after so many seconds: its picture moves."""
    page.get_by_role("button", name="Take the photo").click()
    page.wait_for_function("s => document.querySelector('video')?.currentTime >= s", arg=after)
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Use this photo").click()


def test_an_owner_joins_by_the_link_of_the_command_and_a_photo_step_goes_to_review(
    daycare: Daycare,
) -> None:
    olivia = daycare.stranger("Olivia").page
    olivia.goto(daycare.owner_link)
    expect(olivia.locator("#join-words")).to_have_text(f"For Olivia, owner at {daycare.name}.")
    assert olivia.url == f"{daycare.stack.url}/join"
    olivia.get_by_label("New password").fill(PASSWORD)
    olivia.get_by_role("button", name="Join").click()
    expect(olivia.get_by_role("heading", name="Nothing needs you.")).to_be_visible()

    daycare.define(PHOTO)
    ana = daycare.phone("Ana").open("/today")
    closed_gate = Gate(ana)
    ana.get_by_role("link", name=re.compile("Take the photo")).click()
    take_photo(ana)
    step = ana.locator("[data-step]", has_text="Front room ready")
    expect(step).to_contain_text("Saved on this phone")
    assert daycare.step("Front room ready").state == "open"

    closed_gate.open()
    expect(step).to_contain_text("Received. Waiting for approval.")
    expect(ana.locator("#light")).to_contain_text("Safe on the server")

    reviewed = daycare.until_step("Front room ready", "in_review")
    blob, stored = stored_picture(daycare, reviewed)
    picture = Image.open(BytesIO(stored))
    assert (picture.format, blob.problem) == ("JPEG", None)
    assert max(picture.size) <= 1600
    assert blob.stored_sha256 != blob.sha256
    assert not picture.getexif()
    olivia.goto("/inbox")
    olivia.get_by_role("link", name=re.compile("^Review")).click()
    expect(olivia.get_by_role("img", name="Photo of Front room ready")).to_be_visible()


def test_a_reading_a_note_and_a_timed_check_close_the_run(daycare: Daycare) -> None:
    daycare.define(NUMBER, NOTE, TIMED)
    ana = daycare.phone("Ana").open("/today")
    ana.get_by_role("link", name=re.compile("Enter the number")).click()

    ana.get_by_label("Reading").fill("45,5")
    expect(ana.locator("#app")).to_contain_text("Move the food and call the repair line")
    ana.get_by_role("button", name="Save the reading").click()
    expect(ana.locator("#app")).to_contain_text("Say what was done about it.")
    ana.get_by_label("What was done?").fill("Moved to the other fridge")
    ana.get_by_role("button", name="Save the reading").click()
    expect(ana.locator("[data-step]", has_text="Fridge temperature")).to_contain_text("Received")

    ana.get_by_label("Note").fill("Latched and dry")
    ana.get_by_role("button", name="Save the note").click()
    expect(ana.locator("[data-step]", has_text="Gate checked")).to_contain_text("Received")
    ana.get_by_role("button", name="Done").click()
    expect(ana.locator("[data-step]", has_text="Doors walked")).to_contain_text("Received")

    daycare.until_step("Doors walked", "done")
    assert daycare.run().state == "closed"
    with daycare.stack.database() as session:
        fridge = session.get_one(Proof, daycare.step("Fridge temperature").proof_id)
    assert fridge.content["value"] == "45.5"
    assert fridge.content["corrective"] == "Moved to the other fridge"


def test_a_signature_a_file_and_a_scan_close_their_steps(daycare: Daycare) -> None:
    daycare.define(SIGNATURE, FILE, SCAN, review="none")
    ana = daycare.phone("Ana").open("/today")
    ana.add_init_script(SEES_A_CODE)
    ana.get_by_role("link", name=re.compile("^Sign")).click()

    ana.locator("canvas").hover(position={"x": 40, "y": 60})
    ana.mouse.down()
    ana.locator("canvas").hover(position={"x": 200, "y": 100})
    ana.mouse.up()
    ana.get_by_role("button", name="Save the signature").click()
    signed = daycare.until_step("Handed to the night shift", "done")
    _, stored = stored_picture(daycare, signed)
    shades = Image.open(BytesIO(stored)).convert("L").histogram()
    assert sum(shades[:60]) > 100
    assert sum(shades[240:]) > sum(shades) * 0.9

    content = b"%PDF-1.7\n" + bytes(range(256)) * 900
    paper: FilePayload = {"name": "note.pdf", "mimeType": "application/pdf", "buffer": content}
    ana.locator("input[type=file]").set_input_files(paper)
    ana.get_by_role("button", name="Use this file").click()
    delivered = daycare.until_step("Delivery note", "done")
    with daycare.stack.database() as session:
        given = session.get_one(Proof, delivered.proof_id)
        kept = stored_path(
            daycare.stack.settings.blob_dir,
            session.get_one(Blob, (delivered.org_id, given.blob_sha256)),
        )
    assert given.content["name"] == "note.pdf"
    assert kept.read_bytes() == content

    ana.get_by_role("button", name="Scan the code").click()
    ana.evaluate("() => aim('CELLAR 1')")
    expect(ana.get_by_text("This is another spot's code.")).to_be_visible()
    assert daycare.step("Gate latch").state == "open"
    ana.evaluate("() => aim('GATE 7')")
    daycare.until_step("Gate latch", "done")
    assert daycare.run().state == "closed"


def test_a_tick_without_its_proof_does_not_close_a_step_whoever_asks(daycare: Daycare) -> None:
    daycare.define(NUMBER, NOTE)
    ana = daycare.phone("Ana")
    page = ana.open("/today")
    page.get_by_role("link", name=re.compile("Enter the number")).click()
    page.get_by_role("button", name="Save the reading").click()
    expect(page.locator("#app")).to_contain_text("Write the reading as a number")

    for title, proof in (
        ("Gate checked", None),
        ("Gate checked", {"kind": "note", "text": "  "}),
        ("Fridge temperature", {"kind": "note", "text": "cold enough"}),
        ("Fridge temperature", {"kind": "number", "value": "45"}),
    ):
        result = tick(daycare, title, proof)
        assert result["status"] == "rejected", (title, proof, result)
        assert daycare.step(title).state == "open"
    with daycare.stack.database() as session:
        current = select(Proof).where(Proof.state == "current")
        assert not [p for p in session.scalars(current) if p.org_id == daycare.run().org_id]


def tick(daycare: Daycare, title: str, proof: dict[str, str] | None) -> dict[str, str]:
    """Asks the server to complete the step with this proof; its answer."""
    now = daycare.morning.isoformat()
    command = {
        "id": f"{title}-{json.dumps(proof)}"[:64],
        "seq": 1,
        "kind": "complete_step",
        "step_run": daycare.step(title).id,
        "attempt": 1,
        "captured_at": now,
        "skew_ms": 0,
        "proof": proof,
    }
    answer = daycare.phone("Ana").context.request.post(
        "/api/v1/sync",
        data={"batch": "b1", "device": "d1", "sent_at": now, "commands": [command]},
        headers={"Baton-Client": "1"},
    )
    assert answer.ok, answer.text()
    [result] = answer.json()["results"]
    return dict(result)
