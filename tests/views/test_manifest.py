"""What browsers are told that install Baton: every address leads somewhere, every size is true."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

SAFE_RADIUS = 0.4  # of its side: what any mask leaves of a maskable icon (W3C App Manifest)
MOST_BYTES = 120_000


@pytest.fixture
def manifest(client: FlaskClient) -> dict:
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    return answer.get_json(force=True)


def pictures(manifest: dict) -> list[dict]:
    of_shortcuts = [icon for each in manifest["shortcuts"] for icon in each["icons"]]
    return [*manifest["icons"], *manifest["screenshots"], *of_shortcuts]


def opened(client: FlaskClient, address: str) -> Image.Image:
    answer = client.get(address, buffered=True)
    assert answer.status_code == 200, address
    return Image.open(io.BytesIO(answer.data))


def test_every_picture_is_what_the_manifest_says(client, manifest):
    for each in pictures(manifest):
        picture = opened(client, each["src"])
        assert "x".join(map(str, picture.size)) == each["sizes"], each["src"]
        assert picture.get_format_mimetype() == each["type"]


def test_a_mask_cuts_nothing_off_the_maskable_icon(client, manifest):
    [maskable] = [each for each in manifest["icons"] if each["purpose"] == "maskable"]
    picture = opened(client, maskable["src"]).convert("RGB")
    side, ground = picture.width, picture.getpixel((0, 0))
    middle, safe = (side - 1) / 2, (SAFE_RADIUS * side) ** 2
    cut = [
        (x, y)
        for x in range(side)
        for y in range(side)
        if (x - middle) ** 2 + (y - middle) ** 2 > safe and picture.getpixel((x, y)) != ground
    ]
    assert not cut


@pytest.mark.parametrize(
    ("language", "direction", "shortcut"),
    [("en", "ltr", "Yours today"), ("de", "ltr", "Heute bei dir"), ("ar", "rtl", "ما عليك اليوم")],
)
def test_the_app_says_what_it_is_in_the_language_of_the_browser(
    client, language, direction, shortcut
):
    answer = client.get("/manifest.webmanifest", headers={"Accept-Language": language})
    manifest = answer.get_json(force=True)
    assert (manifest["id"], manifest["lang"], manifest["dir"]) == ("/today", language, direction)
    assert manifest["shortcuts"][0]["name"] == shortcut
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_app_has_one_identity(manifest):
    assert manifest["start_url"].startswith(manifest["scope"])
    assert manifest["display"] in manifest["display_override"]
    assert "auto" in manifest["launch_handler"]["client_mode"]
    assert manifest["categories"]


def test_every_shortcut_leads_to_a_page(client, manifest):
    for each in manifest["shortcuts"]:
        assert client.get(each["url"]).status_code in (200, 302), each["url"]


def test_screenshots_show_both_kinds_of_screen_and_are_not_kept_offline(client, manifest):
    shown = {each["form_factor"] for each in manifest["screenshots"]}
    assert shown == {"narrow", "wide"}
    listed = client.get("/sw/precache.js").text
    for each in manifest["screenshots"]:
        assert each["label"]
        assert len(client.get(each["src"], buffered=True).data) <= MOST_BYTES
        assert each["src"] not in listed
