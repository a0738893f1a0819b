"""`python -m tests.push_service --port 8123 --ledger FILE`: prints its origin, then serves."""

import argparse
import signal
import sys
from pathlib import Path

from tests.push_service.service import PushService


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tests.push_service")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path, required=True)
    options = parser.parse_args()
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    service = PushService(options.port, options.ledger).__enter__()
    sys.stdout.write(f"{service.origin}\n")
    sys.stdout.flush()
    signal.sigwait(stops)
    service.close()


if __name__ == "__main__":
    main()
