"""Today's and the next days' work, kept on a phone that is killed and finds no server any more."""

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from e2e.daycare import HEADERS, Daycare
from e2e.phone import Phone
from tests.browser.proof_steps import killed
from tests.day import photo
from tests.stack import until

ALT = "Chairs down, floor clear"
KEPT = """async () => {
  const { readAll } = await import("/static/js/store.js");
  return (await readAll("pictures")).length;
}"""
SHOWN = "image => image.complete && image.naturalWidth > 0"


def three_days(daycare: Daycare, picture: Path) -> None:
    """Defines a check of this morning and of the next two."""
    days = [daycare.morning + timedelta(days=number) for number in range(3)]
    on = ",".join(str(day.timetuple().tm_yday) for day in days)
    staff = ", ".join(
        f"{{name: {who}, email: {daycare.mail_of(who)}, locations: [Downtown]}}"
        for who in ("Ana", "Ben")
    )
    text = f"""
people: [{staff}]
processes:
  - name: Opening check
    locations: [Downtown]
    cadence: FREQ=YEARLY;BYYEARDAY={on}
    opens: "06:30"
    deadline: "07:15"
    chain: [{{assignee: Ana}}, {{backup: Ben}}]
    steps:
      - title: Front room ready
        proof: photo
        instructions: Look from the door.
        picture: {{file: {picture}, alt: "{ALT}"}}
"""
    daycare.stack.cli("apply", "-", "--organisation", daycare.name, stdin=text)
    until(lambda: daycare.run().state == "open", "the opening check opens")


def note_a_fix(daycare: Daycare, phone: Phone) -> None:
    now = daycare.morning.isoformat()
    command = {
        "id": f"fix-{daycare.number}",
        "seq": 1,
        "kind": "fix_note",
        "step_run": daycare.step("Front room ready").id,
        "captured_at": now,
        "text": "The lamp by the door is new.",
    }
    batch = {"batch": "fix", "device": f"fix-{daycare.number}", "sent_at": now}
    sent = phone.context.request.post(
        "/api/v1/sync", data=batch | {"commands": [command]}, headers=HEADERS
    )
    assert sent.json()["results"][0]["status"] == "applied", sent.text()


def until_the_picture_is_here(page: Page) -> None:
    until(lambda: page.evaluate(KEPT) == 1, "the picture is on the phone")


def test_the_next_days_open_with_pictures_instructions_and_fix_notes_in_the_dark(
    daycare: Daycare, playwright: Playwright, tmp_path: Path
) -> None:
    (tmp_path / "room.png").write_bytes(photo())
    three_days(daycare, tmp_path / "room.png")
    ana = daycare.own_phone("Ana", playwright.chromium, tmp_path / "phone")
    daycare.lets_in(ana)
    note_a_fix(daycare, ana)
    runs = {run["id"]: run["steps"][0]["id"] for run in ana.api("today")["runs"]}
    assert len(runs) == 3
    page = ana.open("/today")
    ana.is_ready()
    until_the_picture_is_here(page)

    def again() -> BrowserContext:
        return daycare.own_phone("Ana", playwright.chromium, tmp_path / "phone").context

    daycare.stack.kill("web")
    try:
        page = killed(again, tmp_path / "phone")
        page.goto("/today")
        for run in runs:
            expect(page.locator(f"[data-run='{run}']")).to_be_visible()
        for run, step in runs.items():
            page.goto(f"/run/{run}#{step}")
            expect(page.locator("#app")).to_contain_text("Look from the door.")
            expect(page.locator("#app")).to_contain_text("The lamp by the door is new.")
            image = page.get_by_role("img", name=ALT)
            expect(image).to_be_visible()
            assert image.evaluate(SHOWN)
        page.context.close()
    finally:
        daycare.stack.start("web")
    retire(daycare)


def retire(daycare: Daycare) -> None:
    """The days after this test's own belong to others."""
    owner = daycare.phone("Olivia")
    [process] = owner.api("processes")["processes"]
    owner.context.request.post(f"/api/v1/processes/{process['id']}/retire", headers=HEADERS)
