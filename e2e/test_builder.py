"""The builder on a phone: steps, dates and lint without a page load."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.daycare import NOTE, PHOTO, Daycare
from e2e.phone import Phone
from tests.push_service import RemotePushService
from tests.stack import Stack


@pytest.fixture(scope="module")
def daycare(stack: Stack, quick_browser: Browser, pushes: RemotePushService) -> Iterator[Daycare]:
    """One for all tests here: none of them minds what another left."""
    opened = Daycare(stack, quick_browser, pushes)
    opened.begin()
    opened.define(PHOTO, NOTE)
    yield opened
    opened.close()


@pytest.fixture
def olivia(daycare: Daycare) -> Iterator[Phone]:
    phone = daycare.another_phone("Olivia")
    yield phone
    phone.context.close()


def opened(phone: Phone) -> Page:
    """The form of a new process; whatever is done next may not load a page."""
    page = phone.open("/processes/new")
    page.evaluate("window.stays = true")
    return page


def stays(page: Page) -> bool:
    return bool(page.evaluate("window.stays === true"))


def titles(page: Page) -> list[str]:
    fields = page.locator("#steps [name$='-title']")
    return [field.input_value() for field in fields.all()]


def line(page: Page, number: int) -> Locator:
    return page.locator("#steps .step-item").nth(number - 1).locator("> details > summary")


def type_steps(page: Page, *steps: str) -> None:
    page.locator("#step-1-title").focus()
    for place, step in enumerate(steps):
        if place:
            page.keyboard.press("Enter")
        page.keyboard.type(step)


def until_scripted(page: Page) -> None:
    """Waits for the scripts: before them the buttons send the form, which keeps its words too."""
    page.wait_for_load_state("load")


def test_steps_are_typed_one_after_the_other_and_fold_to_a_line(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Lights on", "Doors open", "Floor clear")
    assert titles(page) == ["Lights on", "Doors open", "Floor clear"]
    expect(page.locator("#step-3-title")).to_be_focused()
    expect(line(page, 1)).to_have_text(re.compile(r"Step 1\s+Lights on\s+A photo"))
    expect(page.locator("#step-1-title")).to_be_hidden()
    line(page, 1).click()
    page.locator("#step-1-proof").select_option("note")
    expect(line(page, 1)).to_contain_text("A note")
    assert stays(page)


def test_a_step_moves_by_button_keyboard_and_pointer_and_says_where_it_is(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Lights on", "Doors open", "Floor clear")
    said = page.locator("#steps-said")
    page.get_by_role("button", name="Move up step 3").click()
    expect(said).to_have_text("Floor clear is step 2 of 3 now.")
    expect(page.get_by_role("button", name="Move up step 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Floor clear is step 1 of 3 now.")
    expect(page.get_by_role("button", name="Move down step 1")).to_be_focused()
    line(page, 1).focus()
    page.keyboard.press("Alt+ArrowDown")
    assert titles(page) == ["Lights on", "Floor clear", "Doors open"]
    expect(line(page, 2)).to_be_focused()
    page.get_by_role("button", name="Change the order").click()
    grip = page.locator(".step-grip")
    grip.nth(2).hover()
    page.mouse.down()
    top = grip.nth(0).bounding_box()
    assert top
    page.mouse.move(top["x"] + 5, top["y"] + 2, steps=6)
    page.mouse.up()
    expect(said).to_have_text("Doors open is step 1 of 3 now.")
    assert titles(page) == ["Doors open", "Lights on", "Floor clear"]
    names = [field.get_attribute("name") for field in page.locator("#steps [name$='-title']").all()]
    assert names == ["step-1-title", "step-2-title", "step-3-title"]
    assert stays(page)


def test_a_removed_step_can_be_taken_back_until_the_next_change_after_eight_seconds(
    olivia: Phone,
) -> None:
    page = olivia.open("/processes/new")
    page.clock.install()
    page.reload()
    type_steps(page, "Lights on", "Doors open")
    page.get_by_role("button", name="Remove step 2").click()
    assert titles(page) == ["Lights on"]
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.clock.fast_forward(60_000)
    undo.click()
    assert titles(page) == ["Lights on", "Doors open"]
    expect(line(page, 2)).to_be_focused()
    page.get_by_role("button", name="Move up step 2").click()
    expect(page.locator("#steps-said")).to_have_text("Doors open is step 1 of 2 now.")
    page.get_by_role("button", name="Remove step 1").click()
    expect(page.locator("#steps-said")).to_have_text("")
    page.get_by_label("Name of the process").fill("Closing")
    expect(undo).to_have_count(1)
    page.clock.fast_forward(8_100)
    expect(undo).to_have_count(1)
    page.get_by_label("Name of the process").fill("Closing up")
    expect(undo).to_have_count(0)
    assert titles(page) == ["Lights on"]


def test_a_removed_step_comes_back_also_after_what_changes_was_looked_at(olivia: Phone) -> None:
    page = olivia.open("/processes/new")
    type_steps(page, "Lights on", "Doors open", "Floor clear")
    page.locator("#step-3-after_step").evaluate("e => e.closest('details').open = true")
    page.locator("#step-3-after_step").select_option(label="2: Doors open")
    page.locator("#step-3-after_wait").fill("2h")
    line(page, 2).click()
    page.locator("#step-2-proof").select_option("number")
    page.locator("#step-2-max").fill("41")
    page.locator("[name='step-2-may_skip']").check()
    page.get_by_role("button", name="Remove step 2").click()
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator(".summary")).to_contain_text("“Floor clear” waits for “Doors open”")
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator(".step-gone")).to_contain_text("Doors open is removed.")
    assert titles(page) == ["Lights on", "Floor clear"]
    page.get_by_role("button", name="Undo").click()
    assert titles(page) == ["Lights on", "Doors open", "Floor clear"]
    expect(line(page, 2)).to_have_text(re.compile(r"Step 2\s+Doors open\s+A number"))
    expect(page.locator("#step-2-max")).to_have_value("41")
    expect(page.locator("[name='step-2-may_skip']")).to_be_checked()
    expect(page.locator("#step-3-after_step option:checked")).to_have_text("2: Doors open")
    line(page, 2).click()
    page.get_by_role("button", name="Remove step 2").click()
    page.get_by_role("button", name="See what changes").click()
    olivia.open("/processes")
    page = olivia.open("/processes/new")
    expect(page.locator(".step-gone")).to_have_count(0)


def test_a_step_that_waits_for_a_removed_one_says_so_until_it_comes_back(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Walk the yard", "Second reading")
    page.get_by_text("When it opens: with its run").last.click()
    waits = page.locator("#step-2-after_step")
    waits.select_option(label="1: Walk the yard")
    line(page, 1).click()
    page.get_by_role("button", name="Remove step 1").click()
    gone = page.locator("#step-1-after_step")
    expect(gone).to_have_value("gone:Walk the yard")
    expect(gone.locator("option:checked")).to_have_text("Walk the yard is removed.")
    page.locator("#step-1-after_wait").fill("2h")
    expect(page.locator("#findings")).to_contain_text(
        "“Second reading” waits for “Walk the yard”, which is removed."
    )
    page.locator("[name='step-1-may_skip']").check()
    page.get_by_role("button", name="Undo").click()
    expect(waits).to_have_value("1")
    expect(waits.locator("option:checked")).to_have_text("1: Walk the yard")
    assert stays(page)


def test_while_the_order_is_changed_the_first_step_is_in_view_and_has_the_focus(
    olivia: Phone,
) -> None:
    page = opened(olivia)
    type_steps(page, "Lights on", "Doors open", "Floor clear")
    line(page, 1).click()
    line(page, 2).click()
    page.get_by_role("button", name="Change the order").click()
    expect(page.get_by_role("button", name="Move down step 1")).to_be_focused()
    expect(line(page, 1)).to_be_in_viewport(ratio=1)


def test_only_steps_that_can_decide_are_offered(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Fridge", "Doors open", "Throw it out")
    page.get_by_text("When it opens: with its run").last.click()
    page.locator("#step-3-only_if").select_option("outside")
    offered = page.locator("#step-3-only_if_step option")
    why = page.locator("#step-3-only_if_step").locator("xpath=../..").locator("[data-none]")
    expect(offered).to_have_text(["Choose an earlier step"])
    expect(why).to_have_text("No earlier step asks for a number with a range.")
    line(page, 1).click()
    page.locator("#step-1-proof").select_option("number")
    expect(offered).to_have_count(1)
    page.locator("#step-1-max").fill("41")
    page.locator("#step-1-max").blur()
    expect(offered).to_have_text(["Choose an earlier step", "1: Fridge"])
    expect(why).to_have_text("")
    page.locator("#step-3-only_if").select_option("skipped")
    expect(why).to_have_text("No earlier step may be marked not applicable.")
    assert stays(page)


def test_a_new_step_is_offered_the_proof_that_its_title_names(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Fridge temperature", "Count the till")
    offer = page.locator(".step-offer")
    expect(offer.first).to_contain_text("Its title points to: A number, °F.")
    expect(page.locator("#step-1-proof")).to_have_value("photo")
    page.get_by_role("button", name="Take it for step 1").click()
    expect(page.locator("#step-1-proof")).to_be_focused()
    expect(page.locator("#step-1-proof")).to_have_value("number")
    expect(page.locator("#step-1-unit")).to_have_value("°F")
    expect(line(page, 1)).to_contain_text("A number")
    expect(offer).to_have_count(1)
    assert stays(page)


def test_a_proof_that_was_chosen_is_not_offered_again(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Count the till")
    offer = page.locator(".step-offer")
    expect(offer).to_have_count(1)
    page.locator("#step-1-proof").select_option("note")
    expect(offer).to_have_count(0)
    with page.expect_response("**/live"):
        page.locator("#step-1-title").fill("Count the float")
    expect(page.locator("#dates")).to_be_attached()
    expect(offer).to_have_count(0)


def test_what_is_wrong_leads_to_its_field_also_after_the_step_was_moved(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Doors open", "Fridge temperature")
    page.locator("#step-2-proof").select_option("number")
    page.locator("#step-2-min").fill("cold")
    page.get_by_role("button", name="Save the process").last.click()
    wrong = page.locator(".summary a", has_text="in digits")
    expect(wrong).to_contain_text("Step 2, Lowest that is fine")
    line(page, 2).click()
    expect(page.locator("#step-2-min")).to_be_hidden()
    wrong.press("Enter")
    expect(page.locator("#step-2-min")).to_be_focused()
    page.get_by_role("button", name="Move up step 2").click()
    expect(wrong).to_contain_text("Step 1, Lowest that is fine")
    wrong.press("Enter")
    expect(page.locator("#step-1-min")).to_be_focused()
    page.get_by_role("button", name="Remove step 1").click()
    expect(wrong).to_be_hidden()


def test_a_step_that_waits_for_another_means_the_same_one_after_it_moved(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Bread out", "Doors open", "Bread in")
    page.get_by_text("When it opens: with its run").last.click()
    page.locator("#step-3-after_step").select_option(label="1: Bread out")
    line(page, 1).focus()
    page.keyboard.press("Alt+ArrowDown")
    chosen = page.locator("#step-3-after_step option:checked")
    expect(chosen).to_have_text("2: Bread out")
    line(page, 2).click()
    page.get_by_role("button", name="Remove step 2").click()
    waits = page.locator("#step-2-after_step option:checked")
    expect(waits).to_have_text("Bread out is removed.")
    page.get_by_role("button", name="Undo").click()
    expect(chosen).to_have_text("2: Bread out")
    assert stays(page)


def test_dates_and_findings_follow_what_is_typed(olivia: Phone) -> None:
    page = opened(olivia)
    page.get_by_label("Name of the process").fill("Closing")
    page.get_by_label("Downtown").check()
    page.get_by_text("Every day", exact=True).click()
    page.get_by_label("Due at").fill("17:30")
    expect(page.locator("#dates li")).to_have_count(10)
    expect(page.locator("#dates h3")).to_have_text("Next due at Downtown")
    page.get_by_label("First due").fill("2027-03-01")
    expect(page.locator("#dates li").first).to_have_text("Monday 1 March 2027, 17:30")
    page.get_by_label("Responsible").select_option(label="Ana")
    page.get_by_label("Backup").select_option(label="Olivia")
    findings = page.locator("#findings")
    expect(findings).to_contain_text("Nobody but Olivia, the owner, stands behind Ana.")
    page.get_by_label("Backup").select_option(label="Ana")
    expect(findings).to_contain_text("Ana is both responsible and backup.")
    expect(page.locator("#findings-said")).to_contain_text("worth a look now.")
    page.get_by_label("Backup").select_option(label="Ben")
    expect(findings).not_to_contain_text("both responsible")
    type_steps(page, "Lock up")
    expect(findings.locator("details")).to_have_count(0)
    assert stays(page)
    page.get_by_role("button", name="Save the process").click()
    expect(page.get_by_role("heading", name="Closing", level=1)).to_be_visible()


def test_words_that_were_not_saved_are_offered_again(olivia: Phone) -> None:
    page = olivia.open("/processes/new")
    page.get_by_label("Name of the process").fill("Closing")
    type_steps(page, "Lights off", "Doors locked")
    olivia.open("/processes")
    page = olivia.open("/processes/new")
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Name of the process")).to_have_value("Closing")
    expect(page.locator("#steps [name$='-title']")).to_have_count(2)
    assert titles(page) == ["Lights off", "Doors locked"]
    olivia.open("/processes")
    page = olivia.open("/processes/new")
    page.get_by_role("button", name="Throw it away").click()
    page = olivia.open("/processes/new")
    expect(page.get_by_text("still in this window")).to_have_count(0)


def test_steps_that_were_moved_or_removed_and_not_saved_are_offered_again(olivia: Phone) -> None:
    page = opened(olivia)
    type_steps(page, "Lights off", "Doors locked", "Floor clear")
    page.get_by_role("button", name="Move up step 3").click()
    page.reload()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#steps [name$='-title']")).to_have_count(3)
    expect(page.get_by_text("still in this window")).to_have_count(0)
    assert titles(page) == ["Lights off", "Floor clear", "Doors locked"]
    page.get_by_role("button", name="Save the process").last.click()
    expect(page.locator(".summary")).to_be_visible()
    until_scripted(page)
    line(page, 1).click()
    page.get_by_role("button", name="Remove step 1").click()
    page.reload()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("#steps [name$='-title']")).to_have_count(2)
    expect(page.get_by_text("still in this window")).to_have_count(0)
    assert titles(page) == ["Floor clear", "Doors locked"]


def test_two_tabs_do_not_undo_each_other(olivia: Phone) -> None:
    page = olivia.open("/processes")
    page.get_by_role("link", name="Opening check").first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    other = olivia.context.new_page()
    other.goto(page.url)
    other.get_by_label("Due at").fill("07:30")
    other.get_by_role("button", name="Save the process").click()
    expect(other.get_by_role("heading", name="Saved as version 2.")).to_be_visible()
    page.get_by_label("Name of the process").fill("Morning check")
    page.get_by_role("button", name="Save the process").click()
    joined = page.get_by_text("This holds what you changed meanwhile in another window, too:")
    expect(joined).to_contain_text("Deadline: 07:30, was 07:15.")
    other.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("link", name="Edit", exact=True).click()
    for tab, due in ((other, "07:40"), (page, "07:45")):
        tab.get_by_label("Due at").fill(due)
        tab.get_by_role("button", name="Save the process").click()
    clash = page.get_by_role("alert")
    expect(clash).to_be_focused()
    expect(clash).to_contain_text("Deadline: 07:40, was 07:30.")
    expect(page.get_by_label("Due at")).to_have_value("07:45")
    clash.get_by_role("button", name="Take theirs").click()
    expect(page.get_by_label("Due at")).to_have_value("07:40")
    page.get_by_label("Due at").fill("07:50")
    page.get_by_role("button", name="Save the process").click()
    expect(page.get_by_role("heading", name="Saved as version 5.")).to_be_visible()
