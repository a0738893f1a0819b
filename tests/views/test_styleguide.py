"""The style guide is for those who work on Baton, and shows every state; the themes agree."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from webapp.rules import standing

CSS = Path(__file__).parents[2] / "webapp" / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()


@pytest.fixture
def guide(app, client):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], test_clock=True)
    return client.get("/styleguide").text


def test_nobody_finds_it_in_an_installation(client):
    assert client.get("/styleguide").status_code == 404


def test_every_state_that_a_step_can_have_is_shown(guide):
    for shape in {*standing.MARKS.values(), "soon", "late", "moved", "back", "here", "held"}:
        assert f'class="mark {shape}"'.replace(' "', '"') in guide


def test_every_state_has_a_style_of_its_own():
    styles = (CSS / "steps.css").read_text()
    for shape in {"wait", "soon", "late", "moved", "claimed", "review", "done", "skipped", "back"}:
        assert f".mark.{shape}" in styles


def colours(selector: str) -> dict[str, str]:
    """The colours and widths that the rule with this selector gives, in order."""
    rules = re.findall(rf"{re.escape(selector)} \{{(.*?)\}}", TOKENS, re.DOTALL)
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", "".join(rules)))


def inside(query: str) -> dict[str, str]:
    """What the device's own wish gives while nothing is chosen on it."""
    block = TOKENS.partition(f"@media {query} {{")[2].partition("\n}\n")[0]
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", block))


@pytest.mark.parametrize(
    ("query", "theme"),
    [("(prefers-color-scheme: dark)", "dark"), ("(prefers-contrast: more)", "glare")],
)
def test_a_chosen_theme_is_the_one_that_a_device_can_ask_for(query, theme):
    assert inside(query) == colours(f':where([data-theme="{theme}"])') != {}


def test_the_bars_of_the_browser_have_the_colour_of_the_paper():
    script = (CSS.parent / "js" / "theme.js").read_text()
    dark = colours(':where([data-theme="dark"])')["--paper"]
    assert f'dark: "{dark}"' in script
