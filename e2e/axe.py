"""axe-core on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

# So high that nothing lies under the buttons at the thumb, where axe takes it for covered.
NARROW: ViewportSize = {"width": 390, "height": 2400}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe finds on the page as it is now, one sentence each."""
    # Of what is well, axe else describes every element too, which takes it longer than looking.
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url} {each['id']}: {each['help']} {[node['html'][:300] for node in each['nodes']]}"
        for each in found
    ]
