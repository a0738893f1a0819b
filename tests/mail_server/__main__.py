"""`python -m tests.mail_server --ledger FILE [--port N]`: prints its SMTP_URL, runs until told."""

import argparse
import signal
from pathlib import Path

from tests.mail_server.service import MailServerOfTests


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--ledger", type=Path, required=True)
    asked.add_argument("--port", type=int, default=0)
    given = asked.parse_args()
    server = MailServerOfTests(given.ledger, port=given.port)
    server.__enter__()
    print(server.url, flush=True)  # noqa: T201
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    server.close()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
