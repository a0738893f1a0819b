"""A time stamp authority (RFC 3161), asked over HTTP; what it answers is believed of nothing.

That the answer is to this question is checked here. Whether its signature stands, and whether its
signer is to be trusted, is for whoever reads an export: see its README.txt.
"""

from datetime import datetime
from http import HTTPStatus
from typing import NamedTuple

import certifi
import pycurl
from cryptography import x509
from cryptography.x509.oid import NameOID
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    decode_timestamp_response,
)

# Seconds for all of it: name, connection, question and answer.
PATIENCE = 15.0
# Real answers with all their certificates have some 6 KB.
LARGEST = 64 * 1024
GRANTED = (0, 1)
SHA256 = "2.16.840.1.101.3.4.2.1"


class NoStamp(Exception):
    """The authority gave no stamp that can be used; the message says why, as half a sentence."""


class Stamp(NamedTuple):
    """A usable answer: its bytes as they came, the time that it states, and who signed it."""

    answer: bytes
    at: datetime
    authority: str


def stamp(url: str, text: str) -> Stamp:
    """Ask for a stamp of that text, or raise why there is none."""
    builder = TimestampRequestBuilder().data(text.encode()).cert_request(cert_request=True)
    asked = builder.hash_algorithm(HashAlgorithm.SHA256).build()
    return read(_post(url, asked.as_bytes()), asked)


def read(answer: bytes, asked: TimeStampRequest) -> Stamp:
    """Return the stamp in an answer to that question, or raise what is wrong with it."""
    try:
        return _read(answer, asked)
    except NoStamp:
        raise
    except Exception as error:  # whatever broken bytes do to those who read them
        raise NoStamp("what it answers is no time stamp") from error


def _read(answer: bytes, asked: TimeStampRequest) -> Stamp:
    response = decode_timestamp_response(answer)
    if response.status not in GRANTED:
        raise NoStamp(f"it refuses with status {response.status}")
    info = response.tst_info
    if info.nonce != asked.nonce:
        raise NoStamp("it answers another question")
    imprint = info.message_imprint
    is_sha256 = imprint.hash_algorithm.dotted_string == SHA256
    if not is_sha256 or imprint.message != asked.message_imprint.message:
        raise NoStamp("its stamp is on something else")
    return Stamp(answer, info.gen_time, _signer(response))


def _signer(response: TimeStampResponse) -> str:
    """The name in the certificate that came along with the signature, in printable characters."""
    (signer,) = response.signed_data.signer_infos
    for each in map(x509.load_der_x509_certificate, response.signed_data.certificates):
        if (each.issuer, each.serial_number) == (signer.issuer, signer.serial_number):
            name = "".join(filter(str.isprintable, _name(each.subject))).strip()
            if name:
                return name
    raise NoStamp("its stamp does not say who signed it")


def _name(subject: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in subject.get_attributes_for_oid(oid):
            return str(attribute.value)
    return subject.rfc4514_string()


def _post(url: str, body: bytes) -> bytes:
    """Return the body of the answer; nothing is followed, and too much is not read."""
    got = bytearray()

    def take(part: bytes) -> int | None:
        got.extend(part)
        return -1 if len(got) > LARGEST else None

    curl = pycurl.Curl()
    try:
        for option, value in _options(url, body).items():
            curl.setopt(option, value)
        curl.setopt(pycurl.WRITEFUNCTION, take)
        curl.perform()
        status = curl.getinfo(pycurl.RESPONSE_CODE)
    except pycurl.error as error:
        raise NoStamp(_why(error.args[0])) from error
    finally:
        curl.close()
    if status != HTTPStatus.OK:
        raise NoStamp(f"it answers {status}")
    return bytes(got)


def _options(url: str, body: bytes) -> dict[int, object]:
    return {
        pycurl.URL: url,
        pycurl.POSTFIELDS: body,
        pycurl.HTTPHEADER: [
            "Content-Type: application/timestamp-query",
            "Accept: application/timestamp-reply",
            "Expect:",
        ],
        pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
        pycurl.FOLLOWLOCATION: 0,
        pycurl.PROXY: "",
        pycurl.CAINFO: certifi.where(),
        pycurl.NOSIGNAL: 1,
        pycurl.CONNECTTIMEOUT_MS: int(1000 * PATIENCE),
        pycurl.TIMEOUT_MS: int(1000 * PATIENCE),
    }


def _why(code: int) -> str:
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return "it takes too long to answer"
    return "its answer is too long" if code == pycurl.E_WRITE_ERROR else "it does not answer"
