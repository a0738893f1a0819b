"""Certificates for a test's own TLS server, signed by an authority that only tests trust."""

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PRIVATE_FORM = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def context_trusting() -> ssl.SSLContext:
    """A client's context that trusts the authority, and checks names as always."""
    certificate, _ = _authority()
    return ssl.create_default_context(cadata=certificate.public_bytes(Encoding.PEM).decode())


def authority_file(folder: Path) -> Path:
    """A file of certificate authorities that names only the tests' own."""
    certificate, _ = _authority()
    file = folder / "authorities.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    return file


def server_context(host: str) -> ssl.SSLContext:
    """A server's context with a certificate for one host name."""
    authority, authority_key = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(host, authority.subject, key)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(authority_key, SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "server.pem"
        file.write_bytes(certificate.public_bytes(Encoding.PEM) + key.private_bytes(*PRIVATE_FORM))
        context.load_cert_chain(file)
    return context


@cache
def _authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder("tests", _name("tests"), key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    return certificate, key


def _builder(
    subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
