"""A step that asks for a reading, open on a phone, with a picture of how it looks and without.

The demo's own are not due that morning: the step that Ben holds is told as if it asked for one.
"""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from e2e.later_steps import over, runs, told
from e2e.shot import TOLD, Shot

PROCESS, TITLE = "Fridge temperatures", "Kitchen fridge"
PROOF = {
    "kind": "number",
    "unit": "°F",
    "min": 33,
    "max": 41,
    "if_outside": "Move the food to the other fridge and call the repair line",
}


def _reading(*, picture: bool) -> Callable[[dict[str, Any]], None]:
    def change(day: dict[str, Any]) -> None:
        for run in runs(day):
            run["process"] = PROCESS
            shows = next(step["picture"] for step in run["steps"] if step["picture"])
            [step] = [each for each in run["steps"] if each["title"] == "Gate latch"]
            step |= {"title": TITLE, "instructions": "Read the dial on the middle shelf."}
            step |= {"proof": step["proof"] | PROOF, "picture": shows if picture else None}

    return change


def _listed(page: Page) -> None:
    told(_reading(picture=True), "today", TITLE, PROCESS)(page)


def _open(*, picture: bool) -> Callable[[Page], None]:
    """The step itself, with the keys that a touch screen shows at once."""

    def show(page: Page) -> None:
        told(_reading(picture=picture), "run", TITLE, PROCESS)(page)
        page.get_by_role("button", name="Show number keys").click()

    return show


READINGS = (
    Shot("reading", "/today", TOLD, _open(picture=False), over),
    Shot("reading-today", "/today", TOLD, _listed, over),
    Shot("reading-picture", "/today", TOLD, _open(picture=True), over),
)
