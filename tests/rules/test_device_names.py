"""What a device is called before anybody names it, by what its browser says."""

import pytest

from webapp import formats, words
from webapp.rules import device_names

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML)"
ON_A_MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0"
)


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        (f"{ANDROID} Mobile Safari/537.36", "Android phone"),
        (f"{ANDROID} Safari/537.36", "Android tablet"),
        ("Mozilla/5.0 (Android 13; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "Android phone"),
        ("Mozilla/5.0 (Android 13; Tablet; rv:130.0) Gecko/130.0 Firefox/130.0", "Android tablet"),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "iPhone"),
        (IPHONE.replace("iPhone;", "iPad;"), "iPad"),
        (f"{ON_A_MAC} CriOS/128.0.6613.34 Version/11.1.1 Safari/605.1.15", "iPad"),
        (f"{ON_A_MAC} Version/17.5 Safari/605.1.15", "Mac or iPad"),
        (f"{ON_A_MAC} Chrome/128.0.0.0 Safari/537.36", "Mac"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/128.0.0.0", "Windows computer"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/128.0.0.0", "Chromebook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko Firefox/130.0", "Linux computer"),
        ("curl/8.5.0", None),
        ("", None),
    ],
)
def test_a_browser_says_what_kind_of_thing_it_is_on(user_agent, kind):
    assert device_names.kind_of(user_agent) == kind


@pytest.mark.parametrize(
    ("kind", "name", "called"),
    [
        ("Android phone", None, "Ben's Android phone"),
        (None, None, "Ben's device 3F2A"),
        ("Android phone", "Kitchen tablet", "Kitchen tablet"),
    ],
)
def test_a_device_is_called_by_its_name_else_by_its_person_and_kind(kind, name, called):
    assert device_names.called("Ben", "3f-2a90c1", kind, name) == called


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("Ben's Android phone", "Android-Handy von Ben"),
        ("Ben's iPad 3F2A", "iPad von Ben 3F2A"),
        ("Ben's Windows computer 3F2A", "Windows-Computer von Ben 3F2A"),
        ("Ben's kitchen thing", "Ben's kitchen thing"),
        ("Kitchen tablet", "Kitchen tablet"),
        ("", ""),
    ],
)
def test_a_name_that_was_given_by_rule_and_kept_is_said_in_the_language_of_its_reader(kept, said):
    with words.speaking("de"):
        assert formats.said(device_names.said_again("Ben", kept)) == said
    assert str(device_names.said_again("Ben", kept)) == kept


def test_a_second_device_of_a_kind_is_named_in_the_language_of_its_reader():
    with words.speaking("de"):
        called = device_names.called("Ben", "3f-2a90c1", "Android phone 3F2A", None)
        assert formats.said(called) == "Android-Handy von Ben 3F2A"
