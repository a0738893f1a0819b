"""The body of a push (RFC 8291, RFC 8188), as the push service really gets it."""

import os
from dataclasses import asdict, replace

import http_ece
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.conformance import rfc8291
from tests.conformance.table import rule
from tests.conformance.test_requests import refused_before_it_is_sent
from tests.conformance.wire import HEADER, Line, Pushed, decoded, encoded, post, subscription_of
from worker.push.sender import MAX_PAYLOAD

TAG = 16


@pytest.fixture
def example(line: Line, monkeypatch: pytest.MonkeyPatch) -> Pushed:
    """The product's push of the standard's example: only salt and key pair are not random."""
    phone = rfc8291.receiver()
    line.service.state.devices[phone.token] = phone
    sender = rfc8291.private_key(rfc8291.SENDER_PRIVATE)
    with monkeypatch.context() as fixed:
        fixed.setattr(os, "urandom", lambda size: rfc8291.SALT[:size])
        fixed.setattr(ec, "generate_private_key", lambda *given: sender)
        return line.pushed(rfc8291.PLAINTEXT, phone)


@rule("2.1", "RFC 8291 §5", "The example of the standard comes out bit for bit: all 144 bytes.")
def test_the_body_equals_the_example_of_the_standard(example: Pushed) -> None:
    assert encoded(example.body) == encoded(rfc8291.BODY)


@rule(
    "2.2",
    "RFC 8291 appendix A",
    "Secret, PRK_key, IKM, PRK, CEK and NONCE of that push are those of the standard.",
)
@pytest.mark.parametrize("name", rfc8291.INTERMEDIATE)
def test_each_intermediate_value_equals_the_standard(example: Pushed, name: str) -> None:
    assert encoded(asdict(example.derived)[name]) == rfc8291.INTERMEDIATE[name]


@rule(
    "2.3",
    "RFC 8291 appendix A",
    "The standard's CEK and NONCE open that push, with nothing else authenticated.",
)
def test_the_key_and_nonce_of_the_standard_open_the_push(example: Pushed) -> None:
    cek, nonce = (decoded(rfc8291.INTERMEDIATE[name]) for name in ("cek", "nonce"))
    opened = AESGCM(cek).decrypt(nonce, example.body[HEADER:], None)
    assert opened == rfc8291.PLAINTEXT + b"\x02"


@rule("2.4", "RFC 8291 §3.1", "Each message has an ECDH key pair of its own.")
def test_no_two_messages_share_a_key(line: Line) -> None:
    phone = line.phone()
    assert len({line.pushed(phone=phone).key_id for _ in range(20)}) == 20


@rule("2.5", "RFC 8188 §2.1", "Each message has 16 random bytes of salt of its own.")
def test_no_two_messages_share_a_salt(line: Line) -> None:
    phone = line.phone()
    assert len({line.pushed(phone=phone).salt for _ in range(20)}) == 20


@rule("2.6", "RFC 8291 §4", "Content-Encoding is aes128gcm, once, and no older coding's header.")
def test_the_only_content_coding_is_aes128gcm(line: Line) -> None:
    headers = line.pushed().headers
    assert headers["content-encoding"] == "aes128gcm"
    assert not {"encryption", "crypto-key", "encryption-key"} & set(headers)


@rule("2.7", "RFC 8291 §4", "The key id is the sender's public point, uncompressed: 65 bytes.")
def test_the_key_id_is_a_point_of_the_curve(line: Line) -> None:
    pushed = line.pushed()
    assert (pushed.body[20], len(pushed.key_id), pushed.key_id[0]) == (65, 65, 4)
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), pushed.key_id)


@rule("2.8", "RFC 8291 §4", "The record size is more than plaintext, delimiter, padding and tag.")
@pytest.mark.parametrize("length", [0, 1, MAX_PAYLOAD - 1])
def test_the_record_size_holds_the_whole_message(line: Line, length: int) -> None:
    pushed = line.pushed(b"x" * length)
    assert pushed.record_size > len(pushed.record()) + TAG


@rule("2.9", "RFC 8291 §4", "The message is a single record that ends in the delimiter 0x02.")
@pytest.mark.parametrize("length", [0, 1, 16, 1000])
def test_a_message_is_one_record(line: Line, length: int) -> None:
    text = b"x" * length
    assert line.pushed(text).record().rstrip(b"\x00") == text + b"\x02"


@rule(
    "2.10",
    "RFC 8291 §4; RFC 8030 §7.2",
    "3,993 bytes of plaintext are the most: the body is then the 4,096 that every service takes.",
)
def test_the_largest_message_fills_the_body(line: Line) -> None:
    assert MAX_PAYLOAD == 3993
    assert len(line.pushed(b"x" * MAX_PAYLOAD).body) == 4096


@rule("2.11", "RFC 8030 §7.2; Apple", "A message of one byte more is never sent.")
def test_a_larger_message_is_not_sent(line: Line) -> None:
    refused_before_it_is_sent(line, b"x" * (MAX_PAYLOAD + 1))


@rule("2.12", "RFC 8188 §2", "An implementation that is not ours reads what was sent.")
@pytest.mark.parametrize("text", ["", "0", "Ça, 冷蔵庫 👩‍🍳\x00\x02", "x" * 3000])
def test_another_implementation_reads_it(line: Line, text: str) -> None:
    pushed = line.pushed(text.encode())
    private, auth = pushed.phone.private, pushed.phone.auth
    assert http_ece.decrypt(pushed.body, private_key=private, auth_secret=auth) == text.encode()


@rule("2.13", "RFC 8291 §3.2", "Who does not know the authentication secret reads nothing.")
def test_the_authentication_secret_is_needed(line: Line) -> None:
    pushed = line.pushed()
    with pytest.raises(InvalidTag):
        replace(pushed, phone=replace(pushed.phone, auth=bytes(16))).record()


@rule("2.14", "RFC 8291 §3.1", "A push to one device cannot be read with another device's key.")
def test_another_device_reads_nothing(line: Line) -> None:
    pushed, other = line.pushed(), line.phone()
    with pytest.raises(InvalidTag):
        replace(pushed, phone=replace(pushed.phone, private=other.private)).record()


@rule(
    "2.15",
    "RFC 8291 §7",
    "A key that is no point of the curve is never used: the push is refused unsent.",
)
@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"p256dh": "AAAA"}, "bad_p256dh"),
        ({"p256dh": encoded(b"\x04" + b"\x01" * 64)}, "bad_p256dh"),
        ({"auth": "AAAA"}, "bad_auth"),
    ],
    ids=str,
)
def test_keys_that_cannot_encrypt_send_nothing(
    line: Line, broken: dict[str, str], reason: str
) -> None:
    before, phone = len(line.service.messages), line.phone()
    kept = replace(subscription_of(phone, line.service.origin), **broken)
    outcome = post(line.sender, kept)
    assert (outcome.kind, outcome.reason) == ("refused", reason)
    assert (len(line.service.messages), phone.bodies) == (before, [])
