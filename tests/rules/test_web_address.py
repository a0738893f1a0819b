"""Which addresses a setting may name."""

import pytest

from webapp.rules import web_address


@pytest.mark.parametrize(
    ("address", "is_one", "is_sure"),
    [
        ("https://example.org/ping", True, True),
        ("https://example.org:8443", True, True),
        ("http://example.org/", True, False),
        ("http://localhost:9000/", True, True),
        ("http://127.0.0.1/", True, True),
        ("http://[::1]/", True, True),
        ("http://localhost.example.org/", True, False),
        ("ftp://example.org/", False, False),
        ("example.org", False, False),
        ("https://", False, False),
        ("https://:443/", False, False),
        ("https://example.org:0/", False, False),
        ("https://example.org:99999/", False, False),
        ("https://example.org:x/", False, False),
        ("http://[", False, False),
        ("https://example.org/a b", False, False),
        ("https://example.org/\r\nX: y", False, False),
        ("https://ex\u0430mple.org/", False, False),
    ],
)
def test_an_address_can_be_asked_and_is_sure_only_where_nobody_listens(address, is_one, is_sure):
    assert web_address.is_one(address) is is_one
    assert web_address.is_sure(address) is is_sure
