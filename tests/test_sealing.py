"""PINs are sealed to a key that is made once, and only what was sealed to it is opened."""

import json
import stat
from base64 import b64encode, urlsafe_b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from webapp import sealing
from webapp.sealing import FILE_NAME, Opened, load_or_create_key

CONTENT = {
    "person": "01M82NCG67QNEJ3RM6QBGDT2FZ",
    "pin": "471926",
    "turn": "0b5c6a3e-63f1-4f0e-9d2b-0f6d6a0c9f11",
    "at": "2026-11-23T12:30:00.000Z",
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def key(directory):
    return load_or_create_key(directory)


def seal(key, content: bytes) -> str:
    """What a browser makes of the content with the JWK."""
    numbers = [
        int.from_bytes(urlsafe_b64decode(str(key.public_jwk[name]) + "=="), "big") for name in "en"
    ]
    public = RSAPublicNumbers(*numbers).public_key()
    return b64encode(public.encrypt(content, sealing._padding())).decode()


def test_the_key_is_made_once_and_only_its_owner_reads_it(directory, key):
    load_or_create_key.cache_clear()
    again = load_or_create_key(directory)
    assert again.public_jwk == key.public_jwk
    assert stat.S_IMODE((directory / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in directory.iterdir()] == [FILE_NAME]


def test_what_a_browser_seals_is_opened(key):
    sealed = seal(key, json.dumps(CONTENT).encode())
    assert key.open(sealed) == Opened(CONTENT["person"], CONTENT["turn"], CONTENT["pin"])
    assert len(sealed) <= sealing.LONGEST_SEAL


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 300, b'{"person": "a", "turn": "b"}']
)
def test_a_seal_with_something_else_in_it_is_none(key, content):
    assert key.open(seal(key, content)) is None


def test_a_seal_to_another_key_is_none(key, tmp_path):
    other = load_or_create_key(tmp_path)
    assert key.open(seal(other, json.dumps(CONTENT).encode())) is None


@pytest.mark.parametrize("sealed", ["", "AAAA", "not base64", "é" * 8, "A" * 1024])
def test_what_is_no_seal_is_none(key, sealed):
    assert key.open(sealed) is None


def test_neither_key_nor_pin_shows_in_logs(key):
    assert "private" not in repr(key)
    assert "471926" not in repr(Opened("a", "t", "471926"))


def test_a_file_without_a_key_is_an_error(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"not a key")
    with pytest.raises(ValueError, match="PEM"):
        load_or_create_key(tmp_path)
