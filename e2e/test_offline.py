"""Work done in the dark: kept through a closed browser, sent once, counted once."""

import re
from pathlib import Path

from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from e2e.daycare import PHOTO, Daycare
from e2e.test_proofs import take_photo
from webapp.models import Command, Proof


def test_a_step_done_offline_survives_a_closed_browser_and_is_synced_exactly_once(
    daycare: Daycare, playwright: Playwright, tmp_path: Path
) -> None:
    daycare.define(PHOTO)
    ana = daycare.own_phone("Ana", playwright.chromium, tmp_path / "phone")
    daycare.lets_in(ana)
    page = ana.open("/today")
    expect(page.get_by_role("link", name="Opening check")).to_be_visible()
    ana.is_ready()

    ana.context.set_offline(True)
    page.get_by_role("link", name=re.compile("Take the photo")).click()
    take_photo(page)
    step = page.locator("[data-step]", has_text="Front room ready")
    expect(step).to_contain_text("Saved on this phone")
    ana.context.close()

    ana = daycare.own_phone("Ana", playwright.chromium, tmp_path / "phone", offline=True)
    # A page that has just opened may be quicker than what takes its connection away.
    ana.context.route("**/api/**", lambda route: route.abort())
    page = ana.open("/today")
    expect(page.locator("#light")).to_contain_text("1 on this phone, oldest")
    expect(page.locator("[data-run]", has_text="Opening check")).to_contain_text("Saved on this")
    assert daycare.step("Front room ready").state == "open"

    ana.context.unroute_all()
    ana.context.set_offline(False)
    expect(page.locator("#light")).to_contain_text("Safe on the server")
    step_run = daycare.until_step("Front room ready", "in_review")

    page.reload()
    expect(page.locator("#app")).to_contain_text("Waiting for approval")
    with daycare.stack.database() as session:
        commands = select(Command).where(Command.org_id == step_run.org_id)
        assert [each.status for each in session.scalars(commands)] == ["applied"]
        proofs = select(Proof).where(Proof.step_run_id == step_run.id)
        assert [each.state for each in session.scalars(proofs)] == ["current"]
    ana.context.close()
