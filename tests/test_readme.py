"""What the README leads to and shows is there, and the pictures stay small."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\(([^)#\s]+)|(?:src|href)=\"([^\"#]+)")
PICTURES_BUDGET = 2_800_000


def test_every_way_out_of_the_readme_leads_somewhere() -> None:
    found = [a or b for a, b in LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))]
    own = [each for each in found if "://" not in each]
    assert own
    assert not [each for each in own if not (ROOT / each).exists()]


def test_the_pictures_of_the_documentation_are_small_and_named_by_page_and_screen() -> None:
    pictures = list((ROOT / "docs" / "screenshots").iterdir())
    assert len(pictures) >= 50
    assert sum(each.stat().st_size for each in pictures) < PICTURES_BUDGET
    named = re.compile(r"[a-z-]+-(phone|tablet|desktop|7-inch|10-inch|22-inch)\.webp")
    assert not [each.name for each in pictures if not named.fullmatch(each.name)]
