"""A visitor on an empty installation: a draft, an organisation, a process; or the demo daycare."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.daycare import PASSWORD
from e2e.phone import PATIENCE_MS
from tests.stack import Stack

SENTENCE = "Every weekday before 9 Maria follows up with new leads; sometimes James covers"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation in which nobody has begun anything."""
    with Stack(tmp_path_factory.mktemp("empty")) as running:
        running.start()
        yield running


@pytest.fixture
def page(empty: Stack, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=empty.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def begin(page: Page, sentence: str) -> None:
    """From the front page to an organisation of one's own, with the sentence as its first task."""
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recurring work, done with proof")
    page.get_by_label("Type one recurring task").fill(sentence)
    page.get_by_role("button", name="See the draft").click()
    draft = page.locator("#draft")
    expect(draft).to_contain_text("Maria")
    expect(draft).to_contain_text("James")
    expect(draft).to_contain_text("09:00")
    draft.get_by_role("button", name="Make this a process").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Create an organisation")
    page.get_by_label("Name of the organisation").fill("Little Oaks")
    page.get_by_label("First location").fill("Downtown")
    page.get_by_label("Time zone of this location").select_option("America/Chicago")
    page.get_by_label("Your name").fill("Mara")
    page.get_by_label("E-mail").fill("mara@oaks.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the organisation").click()


def at_the_top(page: Page, name: str) -> None:
    """Goes to a page by the navigation."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()


def invite(page: Page, name: str) -> str:
    """The link for somebody whom the draft brought along."""
    page.goto("/people")
    page.get_by_role("button", name=f"Make a link for {name}'s phone").click()
    return page.locator("#link").inner_text()


def test_a_visitor_drafts_a_task_begins_an_organisation_and_makes_it_a_process(
    page: Page, empty: Stack
) -> None:
    begin(page, SENTENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Define a process")
    expect(page.get_by_label("Name of the process")).to_have_value("Follow up with new leads")
    expect(page.get_by_label("Due at")).to_have_value("09:00")

    expect(page.get_by_label("Responsible")).to_have_value(value_of(page, "Maria"))
    expect(page.get_by_label("Backup")).to_have_value(value_of(page, "James"))

    assert invite(page, "Maria").startswith(f"{empty.url}/join#")
    page.goto(f"/processes/new?sentence={SENTENCE}")
    page.get_by_role("button", name="Add a step").click()
    page.get_by_label("What is to be done").nth(1).fill("Write down the numbers")
    page.get_by_label("Its proof").nth(1).select_option("number")
    page.get_by_label("Backup").select_option("Maria")
    page.get_by_role("button", name="Save the process").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Define a process")
    expect(page.locator("main")).to_contain_text("Maria")
    page.get_by_label("Backup").select_option("James")
    page.get_by_role("button", name="Save the process").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Follow up with new leads")
    at_the_top(page, "Processes")
    expect(page.locator("main")).to_contain_text("2 steps")
    at_the_top(page, "Needs you")
    expect(page.get_by_role("heading", name="No phone would tell Maria")).to_be_visible()
    expect(page.locator("main")).to_contain_text("1 run today")
    assert "Follow up with new leads" in empty.cli("dump")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/inbox")
    page.get_by_label("E-mail").fill("mara@oaks.example")
    page.get_by_role("textbox", name="Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Needs you")
    assert page.url == f"{empty.url}/inbox"


def value_of(page: Page, name: str) -> str:
    """The id of the person of this name among those who can be responsible."""
    option = page.get_by_label("Responsible").locator("option", has_text=name)
    return str(option.get_attribute("value"))


def test_the_demo_daycare_opens_with_a_month_behind_it(page: Page, empty: Stack) -> None:
    page.goto("/")
    # A month is played event by event, some ten seconds of work on an idle machine.
    page.get_by_role("button", name="Open the demo daycare").click(timeout=4 * PATIENCE_MS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Needs you")
    at_the_top(page, "Processes")
    expect(page.locator("main .list > li")).to_have_count(7)
    assert empty.cli("record", "verify").count("OK ") >= 1
