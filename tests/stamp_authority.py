"""A time stamp authority for tests: openssl signs, a real HTTP server answers, well or badly."""

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

CONFIG = """\
[tsa]
default_tsa = office
[office]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[req]
distinguished_name = name
prompt = no
[name]
CN = made here
[root]
basicConstraints = critical,CA:true
[signer]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
"""
KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config ts.cnf"
SIGNER = "Stamp Office"
# DER of a TimeStampResp that only says: rejection.
REFUSAL = bytes.fromhex("30053003020102")


@cache
def office() -> Path:
    """A folder with the authority's root (`root.pem`), its signer, and what openssl needs."""
    folder = Path(tempfile.mkdtemp(prefix="stamp-office-"))
    (folder / "ts.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    root = "-keyout root.key -out root.pem -subj /CN=Root -days 2 -extensions root"
    _openssl(folder, *f"req -x509 {KEY} {root}".split())
    signer = f"req {KEY} -keyout signer.key -out signer.csr -subj".split()
    _openssl(folder, *signer, f"/O=Tests/CN={SIGNER}")
    sign = "x509 -req -in signer.csr -CA root.pem -CAkey root.key -set_serial 7 -days 2"
    _openssl(folder, *f"{sign} -extfile ts.cnf -extensions signer -out signer.pem".split())
    return folder


def stamped(query: bytes) -> bytes:
    """What the authority answers to a question."""
    with tempfile.TemporaryDirectory() as made:
        asked, answer = Path(made, "asked.tsq"), Path(made, "answer.tsr")
        asked.write_bytes(query)
        files = ("-queryfile", str(asked), "-out", str(answer))
        keys = ["-signer", "signer.pem", "-inkey", "signer.key", "-config", "ts.cnf"]
        _openssl(office(), "ts", "-reply", *files, *keys)
        return answer.read_bytes()


def another(text: bytes) -> bytes:
    """The same question, asked by somebody else: with another nonce."""
    builder = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256)
    return builder.build().as_bytes()


def _openssl(folder: Path, *command: str) -> None:
    done = subprocess.run(("openssl", *command), cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


class Authority:
    """Answers with `answers`, which takes the question; `asked` are the questions so far."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.paths: list[str] = []
        self.answers: Callable[[bytes], bytes] = stamped
        self.status = 200
        self.headers: dict[str, str] = {}
        self.pause = 0.0
        self.is_endless = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsr"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self) -> "Authority":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.headers["Content-Type"] == "application/timestamp-query"
                query = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked.append(query)
                authority.answer(self, query)

            def do_GET(self) -> None:
                authority.paths.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def answer(self, to: BaseHTTPRequestHandler, query: bytes) -> None:
        self.paths.append(to.path)
        to.send_response(self.status)
        to.send_header("Content-Type", "application/timestamp-reply")
        for name, value in self.headers.items():
            to.send_header(name, value)
        to.end_headers()
        with suppress(OSError):  # whoever asked has gone
            self._write(to, self.answers(query))

    def _write(self, to: BaseHTTPRequestHandler, body: bytes) -> None:
        step = 64 if self.pause else len(body)
        for start in range(0, len(body), step or 1):
            to.wfile.write(body[start : start + step])
            time.sleep(self.pause)
        while self.is_endless:
            to.wfile.write(b"0" * 10_000)
