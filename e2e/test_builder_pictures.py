"""A picture is chosen for a step in the builder, made small on the way, and seen at once."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import select

from e2e.daycare import NOTE, PHOTO, Daycare
from e2e.phone import Phone
from webapp.models import Blob

ALT = "Chairs down, floor clear"
SHOWN = "image => image.complete && image.naturalWidth > 0"


def large_photo() -> FilePayload:
    """What a phone takes: twelve million pixels."""
    content = BytesIO()
    Image.effect_noise((4000, 3000), 40).convert("RGB").save(content, "JPEG", quality=80)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}


def edit(phone: Phone) -> Page:
    [process] = phone.api("processes")["processes"]
    return phone.open(f"/processes/{process['id']}/edit")


def test_a_picture_is_made_small_seen_kept_and_removed(daycare: Daycare) -> None:
    daycare.define(PHOTO, NOTE)
    olivia = daycare.phone("Olivia")
    page = edit(olivia)
    page.locator(".step-set > summary").nth(0).click()
    page.get_by_text("How it should look").first.click()
    page.locator("#step-1-picture").set_input_files([large_photo()])
    expect(page.get_by_role("status").first).to_contain_text("Chosen,")
    assert page.get_by_alt_text("The picture just chosen").evaluate(SHOWN)
    page.get_by_role("button", name="Move down step 1").click()
    assert page.locator("#step-2-picture_alt").is_visible()
    page.locator("#step-2-picture_alt").fill(ALT)
    page.get_by_role("button", name="Save the process").click()
    shown = page.get_by_role("img", name=f"How it should look: {ALT}")
    expect(shown).to_be_visible()
    assert shown.evaluate(SHOWN)
    [process] = olivia.api("processes")["processes"]
    sha256 = process["steps"][1]["picture"]["sha256"]
    with daycare.stack.database() as session:
        blob = session.scalars(select(Blob).where(Blob.sha256 == sha256)).one()
        assert (blob.width, blob.height) == (1600, 1200)
    page = edit(olivia)
    page.locator(".step-set > summary").nth(1).click()
    page.get_by_role("button", name="Remove the picture of step 2").click()
    page.get_by_role("button", name="Save the process").click()
    expect(shown).to_have_count(0)
