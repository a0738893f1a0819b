"""A push endpoint is chosen by whoever holds a session: only real push services pass."""

import json
from base64 import urlsafe_b64encode

import pytest

from webapp.rules.push_endpoint import (
    SubscriptionError,
    check_contact,
    check_endpoint,
    check_keys,
)

# RFC 8291 section 5: the key pair of the user agent and its authentication secret.
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"

HOSTILE = [
    ("", "odd_characters"),
    ("fcm.googleapis.com/x", "not_https"),
    ("//fcm.googleapis.com/x", "not_https"),
    ("http://fcm.googleapis.com/x", "not_https"),
    ("ftp://fcm.googleapis.com/x", "not_https"),
    ("file:///etc/passwd", "not_https"),
    ("javascript:alert(1)", "not_https"),
    ("gopher://fcm.googleapis.com:443/x", "not_https"),
    ("https://fcm.googleapis.com/" + "x" * 2048, "too_long"),
    ("https://fcm.googleapis.com/a b", "odd_characters"),
    ("https://fcm.googleapis.com/\r\nHost: evil.example", "odd_characters"),
    ("https://fcm.google\tapis.com/x", "odd_characters"),
    (" https://fcm.googleapis.com/x", "odd_characters"),
    ("https://fcm.googleapis.com\\@evil.example/x", "odd_characters"),
    ("https:\\\\fcm.googleapis.com/x", "odd_characters"),
    ("https://fcm.googleapis.com/\x00", "odd_characters"),
    ("https://fcm.googleapis\u3002com/x", "odd_characters"),
    ("https://fcm.g\u043e\u043egleapis.com/x", "odd_characters"),
    ("https://fcm.googleapis.com/x#part", "fragment"),
    ("https://fcm.googleapis.com/x#", "fragment"),
    ("https://user@fcm.googleapis.com/x", "userinfo"),
    ("https://fcm.googleapis.com@evil.example/x", "userinfo"),
    ("https://fcm.googleapis.com:443@evil.example/x", "userinfo"),
    ("https://fcm.googleapis.com:80/x", "bad_port"),
    ("https://fcm.googleapis.com:8443/x", "bad_port"),
    ("https://fcm.googleapis.com:/x", "bad_port"),
    ("https://fcm.googleapis.com:0443/x", "bad_port"),
    ("https://fcm.googleapis.com:443:443/x", "bad_port"),
    ("https://127.0.0.1/x", "ip_literal"),
    ("https://10.0.0.8/x", "ip_literal"),
    ("https://169.254.169.254/latest/meta-data", "ip_literal"),
    ("https://142.250.1.95/x", "ip_literal"),
    ("https://2130706433/x", "ip_literal"),
    ("https://0x7f000001/x", "ip_literal"),
    ("https://0x7f.0.0.1/x", "ip_literal"),
    ("https://0177.0.0.1/x", "ip_literal"),
    ("https://127.1/x", "ip_literal"),
    ("https://127.0.0.1./x", "ip_literal"),
    ("https://[::1]/x", "ip_literal"),
    ("https://[::ffff:127.0.0.1]/x", "ip_literal"),
    ("https://[fe80::1%25eth0]/x", "ip_literal"),
    ("https://[::1/x", "bad_host"),
    ("https:///x", "bad_host"),
    ("https://localhost/x", "bad_host"),
    ("https://fcm.googleapis.com./x", "bad_host"),
    ("https://fcm..googleapis.com/x", "bad_host"),
    ("https://.push.apple.com/x", "bad_host"),
    ("https://fcm.googleapis.com%2eevil.example/x", "bad_host"),
    ("https://fcm%2egoogleapis.com/x", "bad_host"),
    ("https://evil.example/x", "unknown_host"),
    ("https://evil.fcm.googleapis.com/x", "unknown_host"),
    ("https://fcm.googleapis.com.evil.example/x", "unknown_host"),
    ("https://fcm-googleapis.com/x", "unknown_host"),
    ("https://push.apple.com/x", "unknown_host"),
    ("https://evilpush.apple.com/x", "unknown_host"),
    ("https://notify.windows.com.evil.example/x", "unknown_host"),
    ("https://storage.googleapis.com/x", "unknown_host"),
    ("https://metadata.google.internal/x", "unknown_host"),
]

REAL = [
    ("https://fcm.googleapis.com/fcm/send/dQw4:APA91b", "https://fcm.googleapis.com"),
    ("https://FCM.googleapis.com:443/wp/abc", "https://fcm.googleapis.com"),
    (
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://updates.push.services.mozilla.com",
    ),
    ("https://web.push.apple.com/QGuQ", "https://web.push.apple.com"),
    (
        "https://wns2-par02p.notify.windows.com/w/?token=BQY%3d",
        "https://wns2-par02p.notify.windows.com",
    ),
]


@pytest.mark.parametrize(("url", "reason"), HOSTILE, ids=[json.dumps(u[:60]) for u, _ in HOSTILE])
def test_a_hostile_endpoint_is_refused_with_its_reason(url: str, reason: str) -> None:
    with pytest.raises(SubscriptionError) as refused:
        check_endpoint(url)
    assert refused.value.reason == reason


@pytest.mark.parametrize(("url", "origin"), REAL, ids=[origin[8:] for _, origin in REAL])
def test_the_endpoints_of_real_browsers_pass(url: str, origin: str) -> None:
    endpoint = check_endpoint(url)
    assert (endpoint.origin, endpoint.port) == (origin, 443)


def test_the_path_and_query_stay_as_the_browser_gave_them() -> None:
    assert check_endpoint(REAL[4][0]).target == "/w/?token=BQY%3d"


def test_the_operator_can_add_a_host_or_a_suffix() -> None:
    added = ("push.example.org", "*.ntfy.example")
    assert check_endpoint("https://push.example.org/x", added).host == "push.example.org"
    assert check_endpoint("https://a.ntfy.example/x", added).host == "a.ntfy.example"
    for url in ("https://ntfy.example/x", "https://a.push.example.org/x"):
        with pytest.raises(SubscriptionError):
            check_endpoint(url, added)


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


def test_the_keys_of_a_real_subscription_pass_with_or_without_padding() -> None:
    check_keys(P256DH, AUTH)
    check_keys(P256DH + "=", AUTH + "==")


def _point(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    ("p256dh", "auth", "reason"),
    [
        ("", AUTH, "bad_p256dh"),
        ("!" * 87, AUTH, "bad_p256dh"),
        ("A", AUTH, "bad_p256dh"),
        (P256DH[:-2], AUTH, "bad_p256dh"),
        (P256DH + "AAAA", AUTH, "bad_p256dh"),
        (P256DH.replace("_", "/"), AUTH, "bad_p256dh"),
        (_point(b"\x04" + bytes(64)), AUTH, "bad_p256dh"),
        (_point(b"\x04" + b"\xff" * 64), AUTH, "bad_p256dh"),
        (_point(b"\x02" + bytes(32)), AUTH, "bad_p256dh"),
        ("C" + P256DH[1:], AUTH, "bad_p256dh"),
        (P256DH[:40] + "A" + P256DH[41:], AUTH, "bad_p256dh"),
        (P256DH, "", "bad_auth"),
        (P256DH, AUTH[:-2], "bad_auth"),
        (P256DH, AUTH + "AAAA", "bad_auth"),
        (P256DH, AUTH + "\n", "bad_auth"),
    ],
)
def test_keys_that_cannot_encrypt_are_refused(p256dh: str, auth: str, reason: str) -> None:
    with pytest.raises(SubscriptionError) as refused:
        check_keys(p256dh, auth)
    assert refused.value.reason == reason


@pytest.mark.parametrize("contact", ["mailto:ops@daycare.example", "https://daycare.example/about"])
def test_a_contact_is_a_mail_address_or_a_website(contact: str) -> None:
    check_contact(contact)


@pytest.mark.parametrize(
    "contact",
    [
        "",
        "ops@daycare.example",
        "mailto:mailto:ops@daycare.example",
        "mailto:ops@localhost",
        "mailto:root@server.local",
        "mailto:ops@10.0.0.8",
        "https://localhost:8000",
        "https://127.0.0.1/",
        "http://daycare.example",
        "mailto:ops@daycare.example\r\nX: y",
    ],
)
def test_a_contact_that_push_services_refuse_is_refused_first(contact: str) -> None:
    with pytest.raises(SubscriptionError):
        check_contact(contact)
