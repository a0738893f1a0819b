"""Which hosts an operator and a test may add to those of the browsers' push services.

What is refused of any endpoint, key or contact stands in tests/conformance.
"""

import pytest

from webapp.rules.push_endpoint import SubscriptionError, check_endpoint


def test_the_operator_can_add_a_host_or_a_suffix() -> None:
    added = ("push.example.org", "*.ntfy.example")
    assert check_endpoint("https://push.example.org/x", added).host == "push.example.org"
    assert check_endpoint("https://a.ntfy.example/x", added).host == "a.ntfy.example"
    for url in (
        "https://ntfy.example/x",
        "https://a.push.example.org/x",
        "https://xn--a.ntfy.example/x",
    ):
        with pytest.raises(SubscriptionError):
            check_endpoint(url, added)


def test_the_operator_can_add_a_host_in_punycode() -> None:
    host = "push.xn--bcher-kva.example"
    assert check_endpoint(f"https://{host}/x", (host,)).host == host


def test_the_operator_cannot_add_an_address_or_everything() -> None:
    for url in ("https://10.0.0.8/x", "https://evil.example/x"):
        with pytest.raises(SubscriptionError):
            check_endpoint(url, ("10.0.0.8", "*"))


def test_insecure_admits_a_loopback_host_on_any_port_and_shows_it_in_the_origin() -> None:
    endpoint = check_endpoint("http://127.0.0.1:8123/push/a", insecure=True)
    assert endpoint.origin == "http://127.0.0.1:8123"
    assert check_endpoint("http://localhost/a", insecure=True).origin == "http://localhost"


@pytest.mark.parametrize(
    "url",
    [
        "http://fcm.googleapis.com/x",
        "http://10.0.0.8/x",
        "https://127.0.0.2:1/x",
        "http://localhost.evil.example/x",
        "http://user@localhost/x",
        "http://localhost:99999/x",
        "http://localhost:0/x",
    ],
)
def test_insecure_admits_nothing_else(url: str) -> None:
    with pytest.raises(SubscriptionError):
        check_endpoint(url, insecure=True)
